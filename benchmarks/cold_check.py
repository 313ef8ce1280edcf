"""CPU time and memory of a cold `blocklint check`, against `ast.parse` alone on the same files.

    python -m benchmarks.cold_check [FOLDER]

Without a folder it measures on open-webui 0.5.20, which is downloaded. Every check is an interpreter of its
own and its time includes start-up; parsing alone is timed inside an interpreter of its own, after start-up
and reading the files, with garbage collection as by default. Each goes over the files once: a second pass in
one process is a twentieth faster (3.11.7), as no cold run can be. As with an installed package, blocklint's
own modules are compiled already: a run that is not counted sees to that.

A check's ratio is its time to the mean of the parsing right before and right after it, and the median of
eleven ratios counts. The best times do not compare on a shared machine: of two things, the one that takes a
quarter of the time meets a moment without neighbours more often. They are printed beside it. Exit code 1 if
a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

RUNS = 11
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


def parse(folder: Path) -> Parsing:
    """Parse all files in an interpreter of its own."""
    command = [sys.executable, "-c", PARSE, str(folder)]
    return Parsing(**json.loads(subprocess.check_output(command)))


class Comparison(NamedTuple):
    """One way to run a check: what each run took, and its time in times of the parsing around it."""

    costs: list[Cost]
    ratios: list[float]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def megabytes(self) -> float:
        """The most memory of all runs."""
        return max(cost.megabytes for cost in self.costs)

    def row(self, name: str) -> str:
        """A line of the table: median and best CPU seconds, the median ratio, memory."""
        seconds = [cost.seconds for cost in self.costs]
        median = statistics.median(seconds)
        return f"{name:20}{median:8.3f}{min(seconds):8.3f}{self.ratio:9.2f}{self.megabytes:7.0f}"


def benchmark(folder: Path) -> bool:
    """Measure, print, and return whether both targets are met."""
    parsed = []
    uncached, filling, warm = Comparison([], []), Comparison([], []), Comparison([], [])
    with tempfile.TemporaryDirectory() as scratch:
        variables = environment(Path(scratch, "compiled"))
        measure(folder, variables, "--cache-dir", str(Path(scratch, "not counted")))
        parsed.append(parse(folder))
        for number in range(RUNS):
            cache = ("--cache-dir", str(Path(scratch, str(number))))
            for comparison, options in ((uncached, ("--no-cache",)), (filling, cache), (warm, cache)):
                cost = measure(folder, variables, *options)
                parsed.append(parse(folder))
                around = (parsed[-2].seconds + parsed[-1].seconds) / 2
                comparison.costs.append(cost)
                comparison.ratios.append(cost.seconds / around)
    return report(parsed, uncached, filling, warm)


def report(parsed: list[Parsing], uncached: Comparison, filling: Comparison, warm: Comparison) -> bool:
    """Print the measurements, and return whether both targets are met."""
    print(f"{parsed[0].files} files, {parsed[0].lines} lines; Python {sys.version.split()[0]}; {RUNS} runs")
    print(f"{'':20}{'CPU s':>8}{'best':>8}{'× parse':>9}{'MB':>7}")
    seconds = [parsing.seconds for parsing in parsed]
    print(f"{'ast.parse alone':20}{statistics.median(seconds):8.3f}{min(seconds):8.3f}{1:9.2f}")
    for name, comparison in (("cold, --no-cache", uncached), ("cold, empty cache", filling), ("warm", warm)):
        print(comparison.row(name))
    ratio = max(uncached.ratio, filling.ratio)
    memory = max(uncached.megabytes, filling.megabytes)
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
