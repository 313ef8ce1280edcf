"""The command line of the oracle: see the package's docstring."""

from __future__ import annotations

import argparse
import sys

from tests.oracle.compare import HEAVY, constructs, table, verdicts


def main() -> int:
    """Compare the named constructs; 1 if one of them is not as recorded."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle")
    parser.add_argument("names", nargs="*", metavar="CONSTRUCT", help="the first letters of a name are enough")
    names = parser.parse_args().names
    chosen = [name for name in constructs() if (name.startswith(tuple(names)) if names else name not in HEAVY)]
    if not chosen:
        parser.error(f"no such construct; there are {', '.join(constructs())}")
    failed = False
    for name in chosen:
        found = verdicts(name)
        print(table(name, found))
        failed = failed or any(verdict.fault for verdict in found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
