"""Print the findings of every fixture as JSON: `python -m tests.fixtures_runner [TOPIC/CASE …]`."""

from __future__ import annotations

import sys

from tests.fixtures_runner.cases import load_cases
from tests.fixtures_runner.engine import analyze, to_json


def main() -> int:
    """Print one block a fixture, in the order of their names."""
    wanted = set(sys.argv[1:])
    for case in load_cases():
        if case.runnable() and (not wanted or case.name in wanted):
            print(case.name)
            print(to_json(analyze(case).findings).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
