"""CPU time of `blocklint check` on a generated project, and on one of twice its size.

    python -m benchmarks.scaling [MODULES]

2,000 modules by default, made of units of 1,000. Each unit holds five chains of 200 calls, each call into
another module; a knot of 300 functions that all reach each other; and 30 classes, each inheriting from the
one before and calling it with ``super()``. At the end of each is one call that blocks, and at its start one
coroutine: so the number of findings is known, and a wrong one fails the benchmark. The two sizes take turns,
the best of each counts, and start-up is taken off. Exit code 1 if twice the size takes more than 2.5 times
as long.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cold_check import environment

UNIT = 1000
CHAINS = 5
DEPTH = 200
KNOT = 300
CLASSES = 30
RUNS = 5
MOST_TIMES = 2.5


def unit(package: str) -> Iterator[tuple[str, str]]:
    """The modules of one unit, by name, all in one package."""
    for chain in range(CHAINS):
        for link in range(DEPTH):
            yield f"chain{chain}_{link}", link_of_chain(package, chain, link)
    yield "knot", knot()
    yield from ((f"level{level}", level_of_hierarchy(package, level)) for level in range(CLASSES))


def link_of_chain(package: str, chain: int, link: int) -> str:
    """A module whose function calls that of the next module; the last one blocks, the first has a handler."""
    following = f"chain{chain}_{link + 1}"
    lines = ["import time", "", f"class Row{link}:"]
    lines += ["    def __init__(self, key):", "        self.key = key", ""]
    if link + 1 < DEPTH:
        lines.insert(1, f"from {package}.{following} import step as following")
        lines += ["def step(value):", f"    row = Row{link}(value)", "    return following(row.key)"]
    else:
        lines += ["def step(value):", "    time.sleep(value)", "    return value"]
    if link == 0:
        lines += ["", "async def handler(value):", "    return step(value)"]
    return "\n".join(lines) + "\n"


def knot() -> str:
    """A module of functions that each call two others, so that all reach all; one of them blocks."""
    lines = ["import time", ""]
    for number in range(KNOT):
        following, other = (number + 1) % KNOT, (number * 7 + 3) % KNOT
        lines += [f"def f{number}(value):", f"    if value > {number}:"]
        lines.append(f"        return f{other}(value - 1)")
        if number == KNOT // 2:
            lines.append("    time.sleep(value)")
        lines += [f"    return f{following}(value)", ""]
    return "\n".join([*lines, "async def handler(value):", "    return f0(value)", ""])


def level_of_hierarchy(package: str, level: int) -> str:
    """A class that inherits from that of the level below; the lowest blocks, the highest has a handler."""
    if level == 0:
        return "import time\n\nclass Level0:\n    def run(self, value):\n        time.sleep(value)\n"
    base = f"from {package}.level{level - 1} import Level{level - 1}\n\n"
    body = f"class Level{level}(Level{level - 1}):\n    def run(self, value):\n        super().run(value)\n"
    handler = f"\nasync def handler(value):\n    Level{level}().run(value)\n" if level + 1 == CLASSES else ""
    return base + body + handler


def generate(folder: Path, modules: int) -> tuple[int, int]:
    """Write a project of about that many modules; returns how many, and how many findings it has."""
    units = max(1, modules // UNIT)
    for number in range(units):
        package = folder / f"unit{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        for name, text in unit(package.name):
            (package / f"{name}.py").write_text(text)
    return sum(1 for _ in folder.rglob("*.py")), units * (CHAINS + 2)


def seconds(folder: Path, variables: dict[str, str], expected: int) -> float:
    """The CPU time of one check. Raises RuntimeError if it does not find what is there."""
    command = [sys.executable, "-m", "blocklint", "check", "--format", "json", "--exit-zero", "--no-cache"]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        found = len(json.load(output)["findings"]) if process.returncode == 0 else -1
    if found != expected:
        raise RuntimeError(f"{found} findings in place of {expected} (exit code {process.returncode})")
    return usage.ru_utime + usage.ru_stime


def benchmark(modules: int) -> bool:
    """Measure, print, and return whether time grows with size and not faster."""
    with tempfile.TemporaryDirectory() as scratch:
        variables = environment(Path(scratch, "compiled"))
        sizes = {name: Path(scratch, name) for name in ("nothing", "half", "whole")}
        sizes["nothing"].mkdir()
        counted = {
            "nothing": (0, 0),
            "half": generate(sizes["half"], modules // 2),
            "whole": generate(sizes["whole"], modules),
        }
        times: dict[str, list[float]] = {name: [] for name in sizes}
        for _ in range(RUNS):
            for name, folder in sizes.items():
                times[name].append(seconds(folder, variables, counted[name][1]))
    start = min(times["nothing"])
    half, whole = min(times["half"]) - start, min(times["whole"]) - start
    print(f"{'modules':>8}{'findings':>10}{'CPU s':>8}   Python {sys.version.split()[0]}; best of {RUNS}")
    for name, took in (("half", half), ("whole", whole)):
        print(f"{counted[name][0]:8}{counted[name][1]:10}{took:8.2f}")
    met = whole <= MOST_TIMES * half
    target = f"at most {MOST_TIMES:g} × for twice the size"
    print(f"target: {target}: {'met' if met else 'MISSED'} ({whole / half:.2f} ×)")
    return met


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling")
    parser.add_argument("modules", nargs="?", type=int, default=2 * UNIT, help="default: 2000")
    return 0 if benchmark(parser.parse_args().modules) else 1


if __name__ == "__main__":
    sys.exit(main())
