"""The command line of the oracle: see the package's docstring."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.oracle_sqlalchemy.entries import entries
from tests.oracle_sqlalchemy.judging import executed, faults
from tests.oracle_sqlalchemy.observations import Observation, Seen


def main() -> int:
    """Observe and compare, or merge what was observed; 1 if something is not as believed."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle_sqlalchemy")
    commands = parser.add_subparsers(dest="command", required=True)
    compare = commands.add_parser("compare", help="execute every entry with the installed version")
    compare.add_argument("--write", type=Path, metavar="FILE", help="write what was seen, as JSON")
    merge = commands.add_parser("merge", help="write the evidence and the page of the docs from such files")
    merge.add_argument("files", type=Path, nargs="+", metavar="FILE")
    arguments = parser.parse_args()
    return _compare(arguments.write) if arguments.command == "compare" else _merge(arguments.files)


def _compare(file: Path | None) -> int:
    from tests.oracle_sqlalchemy.execution import observe
    from tests.oracle_sqlalchemy.world import VERSION

    observations = {entry: observe(entry) for entry in entries()}
    if file is not None:
        content = {"version": VERSION, "names": {entry.name: each for entry, each in observations.items()}}
        file.write_text(json.dumps(content), encoding="utf-8")
    wrong = [(entry, fault) for entry, each in observations.items() for fault in faults(entry, each)]
    for entry, fault in wrong:
        print(f"   {entry.name} {fault}")
    existing = [each for each in observations.values() if each.exists]
    ran = sum(bool(executed(each)) for each in existing)
    calls = sum(len(executed(each)) for each in existing)
    print(
        f"== SQLAlchemy {VERSION}: {len(observations)} names checked, {len(existing)} of them there,"
        f" {ran} executed in {calls} states, {len(wrong)} differences"
    )
    return int(bool(wrong))


def read(file: Path) -> tuple[str, dict[str, Observation]]:
    """A version and what it showed."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return content["version"], {
        name: Observation(exists, [Seen(*each) for each in seen]) for name, (exists, seen) in content["names"].items()
    }


def _merge(files: list[Path]) -> int:
    from tests.oracle_sqlalchemy.evidence import FILE, PAGE, document, merged, page

    run = merged(dict(map(read, files)))
    FILE.write_text(document(run), encoding="utf-8")
    PAGE.write_text(page(run), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
