"""The command line: see the package's docstring."""

from __future__ import annotations

import argparse
import os
import re
import sys

from blocklint.knowledge.catalog import LIBRARIES
from tests.oracle_names.compare import Verdict, groups, libraries, verdict


def main() -> int:
    """Look up the names of one group; 1 if the catalogue says something else than what is installed."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle_names")
    parser.add_argument("group", choices=groups())
    parser.add_argument("--write", action="store_true", help="note in the catalogue what was found")
    options = parser.parse_args()
    # One library asks for a list of prices when it is imported.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    found = [verdict(file, releases) for file, releases in libraries(options.group).items()]
    if options.write:
        for each in found:
            write(each)
        return 0
    news = [line for each in found for line in each.news]
    for each in found:
        unseen = f", {len(each.faults)} unverified" if each.faults else ""
        unseen = ", cannot be seen on this machine" if each.unseen else unseen
        print(f"{each.file:24}{each.names:5} names{unseen}  {', '.join(each.releases)}")
    print("\n".join(["", *news] if news else []))
    names, unverified = sum(each.names for each in found), sum(len(each.faults) for each in found)
    print(
        f"{options.group}: {len(found)} libraries, {names} names, {names - unverified} found as the catalogue "
        f"has them, {unverified} unverified as recorded, {len(news)} differences; Python {sys.version.split()[0]}"
    )
    return 1 if news else 0


def write(found: Verdict) -> None:
    """Put the outcome into the head of the catalogue file."""
    path = LIBRARIES / f"{found.file}.toml"
    text = re.sub(r"^(verified = .*|unverified = \[[^\]]*\])\n", "", path.read_text(encoding="utf-8"), flags=re.M)
    told = "" if found.unseen else f'verified = "{found.words}"\n{_listed(sorted(found.faults))}'
    head = re.compile(r'^\[library\]\n(?:name|requires) = .*\n(?:requires = .*\n)?', re.M)
    path.write_text(head.sub(lambda match: match[0] + told, text, count=1), encoding="utf-8")


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    lines = ["unverified = ["]
    for name in names:
        word = f'"{name}",'
        if len(lines) > 1 and len(lines[-1]) + len(word) < 110:
            lines[-1] += f" {word}"
        else:
            lines.append(f"    {word}")
    return "\n".join([*lines, "]", ""])


if __name__ == "__main__":
    sys.exit(main())
