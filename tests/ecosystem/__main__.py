"""The command line of the ecosystem runner: see the package's docstring."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tests.ecosystem.findings import check, difference, load, store
from tests.ecosystem.projects import PROJECTS, Project, fetch, reachable
from tests.ecosystem.truth import score


def main() -> int:
    """Run on the named projects; 1 if one of them is not as stored or not as labelled."""
    parser = argparse.ArgumentParser(prog="python -m tests.ecosystem")
    parser.add_argument("projects", nargs="*", metavar="PROJECT")
    parser.add_argument("--update", action="store_true", help="store what is found now")
    parser.add_argument("--source", type=Path, help="a folder to check in place of the download")
    parser.add_argument("--reachable", action="store_true", help="only say whether it could run: exit code 0")
    arguments = parser.parse_args()
    if arguments.reachable:
        return 0 if reachable() else 1
    unknown = set(arguments.projects) - {project.name for project in PROJECTS}
    if unknown:
        parser.error(f"unknown project: {', '.join(sorted(unknown))}")
    failures = []
    for project in PROJECTS:
        if not arguments.projects or project.name in arguments.projects:
            failures += run(project, source=arguments.source, update=arguments.update)
    return 1 if failures else 0


def share(unresolved: dict[str, Any]) -> str:
    """Say how many of the calls that coroutines make into the project itself are not resolved."""
    count, total = unresolved["project_unresolved"], unresolved["project_calls"]
    percent = 100 * count / total if total else 0.0
    return f"project-internal calls unresolved in async functions: {count} of {total} ({percent:.1f} %)"


def run(project: Project, *, source: Path | None = None, update: bool = False) -> list[str]:
    """Check one project, print what there is to say, and return what must not be."""
    folder = source or fetch(project)
    shown = check(folder)
    # LAG902 says what --unresolved counts, call by call.
    selected = ("--select", "LAG", "--ignore", "LAG902")
    everything = check(folder, *selected, "--certainty", "possible", "--unresolved")
    summary = {key: value for key, value in shown.summary.items() if key != "seconds"}
    print(f"\n== {project.name} {project.version}: {len(shown.findings)} findings, {summary}")
    print(share(everything.unresolved))
    scored = score(project, shown.places, everything.places)
    print("\n".join(scored.lines))
    failures = scored.failures + [f"not read: {error}" for error in shown.errors]
    calls = everything.unresolved["project_calls"]
    if everything.unresolved["project_unresolved"] > project.unresolved * calls:
        failures.append(f"more than {project.unresolved:.0%} of the project-internal calls are unresolved")
    if update:
        store(project.expected, everything.findings)
    changes = difference(load(project.expected), everything.findings)
    if changes:
        print("\n".join(["findings differ from the stored ones (all codes, any certainty):", *changes]))
        failures.append("the findings are not those stored: look at each, then run with --update")
    for failure in failures:
        print(f"FAILED {project.name}: {failure}")
    return failures


if __name__ == "__main__":
    sys.exit(main())
