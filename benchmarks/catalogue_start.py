"""What loading the catalogue costs at the start of a check: CPU time, and its share of the start of Python.

    python -m benchmarks.catalogue_start

A file is read only if the project imports its package, and is cut into sections that are read when a name
in them is looked up. Measured is `Catalog.for_packages`: for the standard library, for the imports of a web
application with a dozen libraries, and for every library that there is; each in an interpreter of its own,
after its modules are imported; medians of eleven runs. Exit code 1 if the application's catalogue takes
longer than the target.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cold_check import environment

RUNS = 11
MOST_MILLISECONDS = 15.0
APPLICATION = (
    "alembic", "boto3", "celery", "fastapi", "httpx", "jwt", "passlib", "pydantic", "redis", "requests",
    "sqlalchemy", "starlette",
)  # fmt: skip

LOAD = """
import json, sys, time
from blocklint.knowledge.catalog import LIBRARIES, Catalog
packages = sys.argv[1:] or [path.stem for path in LIBRARIES.glob("*.toml")]
start = time.process_time()
catalog = Catalog.for_packages(packages)
print(json.dumps([(time.process_time() - start) * 1000, len(catalog.parts)]))
"""


def load(packages: tuple[str, ...], variables: dict[str, str]) -> tuple[float, int]:
    """The CPU milliseconds and the number of files of one load; no packages: all."""
    command = [sys.executable, "-c", LOAD, *packages]
    milliseconds, files = json.loads(subprocess.check_output(command, env=variables))
    return milliseconds, files


def start(variables: dict[str, str]) -> float:
    """The CPU milliseconds that an interpreter needs to start and end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "pass"], check=True, env=variables)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main() -> int:
    """Measure and print; 1 if the target is missed."""
    with tempfile.TemporaryDirectory() as scratch:
        variables = environment(Path(scratch))
        load((), variables)
        python = statistics.median(start(variables) for _ in range(RUNS))
        rows = {}
        for name, packages in (("standard library only", ("os",)), ("application", APPLICATION), ("all", ())):
            loads = [load(packages, variables) for _ in range(RUNS)]
            rows[name] = statistics.median(milliseconds for milliseconds, _ in loads)
            ratio = rows[name] / python
            print(f"{name:24}{loads[0][1]:4} files{rows[name]:8.1f} ms{ratio:8.2f} × python -c pass")
    met = rows["application"] <= MOST_MILLISECONDS
    print(f"target: application under {MOST_MILLISECONDS:g} ms: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
