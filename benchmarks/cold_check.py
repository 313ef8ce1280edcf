"""CPU time and memory of a cold `blocklint check`, against `ast.parse` alone on the same files.

    python -m benchmarks.cold_check [FOLDER]

Without a folder it measures on open-webui 0.5.20, which is downloaded. Every check is an interpreter of its
own and its time includes start-up; parsing alone is timed inside an interpreter of its own, after start-up
and reading the files, with garbage collection as by default. Each goes over the files once, in turn, and the
best of eight counts: a second pass in one process is a twentieth faster (3.11.7), as no cold run can be. As
with an installed package, blocklint's own modules are compiled already: a run that is not counted sees to
that. Exit code 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

RUNS = 8
MOST_TIMES_PARSING = 4.0
MOST_MEGABYTES = 120.0

PARSE = """
import ast, json, pathlib, sys, time
sources = [path.read_bytes() for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))]
start = time.process_time()
for source in sources:
    ast.parse(source)
seconds = time.process_time() - start
lines = sum(source.count(b"\\n") for source in sources)
print(json.dumps({"files": len(sources), "lines": lines, "seconds": seconds}))
"""


SCRIPT = "from blocklint.__main__ import main; main()"
"""What the installed program ``blocklint`` runs."""


class Cost(NamedTuple):
    """What one process took: CPU seconds (user and system) and its highest resident memory."""

    seconds: float
    megabytes: float


class Parsing(NamedTuple):
    """What was parsed, and the CPU seconds that it took."""

    files: int
    lines: int
    seconds: float


def environment(compiled: Path) -> dict[str, str]:
    """The blocklint of this checkout, its compiled modules in a folder of their own."""
    checkout = str(Path(__file__).resolve().parent.parent)
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return inherited | {"PYTHONPATH": checkout, "PYTHONPYCACHEPREFIX": str(compiled)}


def measure(folder: Path, variables: dict[str, str], *options: str) -> Cost:
    """Run one check in an interpreter of its own.

    This process must stay small: the kernel counts the memory of the forking process as the child's.
    """
    command = [sys.executable, "-c", SCRIPT, "check", "--format", "json", "--exit-zero", *options, "."]
    process = subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"check failed with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(costs: list[Cost]) -> Cost:
    """Return the least time and the most memory."""
    return Cost(min(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))


def parse(folder: Path) -> Parsing:
    """Parse all files in an interpreter of its own."""
    command = [sys.executable, "-c", PARSE, str(folder)]
    return Parsing(**json.loads(subprocess.check_output(command)))


def benchmark(folder: Path) -> bool:
    """Measure, print, and return whether both targets are met."""
    parsed, uncached, filling = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        variables = environment(Path(scratch, "compiled"))
        caches = [str(Path(scratch, str(number))) for number in range(RUNS)]
        measure(folder, variables, "--cache-dir", str(Path(scratch, "not counted")))
        for cache in caches:
            parsed.append(parse(folder))
            uncached.append(measure(folder, variables, "--no-cache"))
            filling.append(measure(folder, variables, "--cache-dir", cache))
        warm = best([measure(folder, variables, "--cache-dir", cache) for cache in caches])
    return report(min(parsed, key=lambda parsing: parsing.seconds), best(uncached), best(filling), warm)


def report(parsing: Parsing, without: Cost, empty: Cost, warm: Cost) -> bool:
    """Print the measurements, and return whether both targets are met."""
    size = f"{parsing.files} files, {parsing.lines} lines"
    print(f"{size}; Python {sys.version.split()[0]}; best of {RUNS}")
    print(f"{'':24}{'CPU s':>8}{'× parse':>9}{'MB':>7}")
    print(f"{'ast.parse alone':24}{parsing.seconds:8.3f}{1:9.2f}")
    for name, cost in (("cold, --no-cache", without), ("cold, empty cache", empty), ("warm", warm)):
        print(f"{name:24}{cost.seconds:8.3f}{cost.seconds / parsing.seconds:9.2f}{cost.megabytes:7.0f}")
    ratio = max(without.seconds, empty.seconds) / parsing.seconds
    memory = max(without.megabytes, empty.megabytes)
    met = ratio <= MOST_TIMES_PARSING and memory < MOST_MEGABYTES
    target = f"cold in at most {MOST_TIMES_PARSING:g} × parsing, under {MOST_MEGABYTES:g} MB"
    print(f"target: {target}: {'met' if met else 'MISSED'} ({ratio:.2f} ×, {memory:.0f} MB)")
    return met


def main() -> int:
    """Run the benchmark on a folder, or on the pinned release."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_check")
    parser.add_argument("folder", nargs="?", type=Path)
    folder = parser.parse_args().folder
    if folder is None:
        from tests.ecosystem.projects import PROJECTS, fetch

        folder = fetch(PROJECTS[0])
    return 0 if benchmark(folder) else 1


if __name__ == "__main__":
    sys.exit(main())
