"""What `check` says of a construct's blocking calls, beside what was recorded."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from blocklint.analysis.pipeline import analyze_sources
from blocklint.model import Certainty
from blocklint.settings import Settings
from tests.oracle.detector import LOOP
from tests.oracle.run import CONSTRUCTS

REPOSITORY = Path(__file__).resolve().parent.parent.parent
BLOCKS = "time.sleep("
MISSED = re.compile(r"# miss: (?P<reason>\S.*)")
NEVER = re.compile(r"# never runs: (?P<reason>\S.*)")
"""What a comment may say of a sleep: it blocks and is not found, or the library refuses to get there."""


class Verdict(NamedTuple):
    """One blocking call: where it ran, and whether it was reported."""

    line: int
    source: str
    places: tuple[str, ...]
    reported: bool

    @property
    def fault(self) -> str:
        """What is wrong, "" if the two agree or a comment tells of the difference."""
        missed, never = MISSED.search(self.source), NEVER.search(self.source)
        if never:
            return "it did run" if self.places else ""
        if not self.places:
            return "it never ran"
        blocks = LOOP in self.places
        if missed:
            return "" if blocks and not self.reported else "it is not missed: the comment must go"
        if blocks is self.reported:
            return ""
        return "blocks the event loop, not reported" if blocks else "reported, does not block the event loop"


HEAVY = ("chainlit_callbacks", "gradio_events")
"""The constructs whose libraries are large: they are run when they are named, and by `tox -e oracle-heavy`."""


def constructs() -> list[str]:
    """The names of all constructs."""
    return sorted(folder.name for folder in CONSTRUCTS.iterdir() if (folder / "app.py").is_file())


def recorded(name: str) -> dict[int, tuple[str, ...]]:
    """Run a construct in an interpreter of its own. Raises RuntimeError if it fails."""
    command = [sys.executable, "-m", "tests.oracle.run", name]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    process = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=REPOSITORY, timeout=120
    )
    if process.returncode != 0:
        raise RuntimeError(f"{name} does not run:\n{process.stderr}")
    found: dict[str, list[str]] = json.loads(process.stdout.splitlines()[-1])
    return {int(line): tuple(places) for line, places in found.items()}


def reported(name: str) -> set[int]:
    """The lines of the sleeps that findings end at."""
    text = (CONSTRUCTS / name / "app.py").read_text(encoding="utf-8")
    settings = Settings(select=("LAG104", "LAG110", "LAG405"), certainty=Certainty.LIKELY)
    report = analyze_sources({"app.py": text}, settings)
    return {finding.chain[-1].line for finding in report.findings}


def verdicts(name: str) -> list[Verdict]:
    """One verdict for every blocking call of a construct, in the order of their lines."""
    places, found = recorded(name), reported(name)
    lines = (CONSTRUCTS / name / "app.py").read_text(encoding="utf-8").splitlines()
    return [
        Verdict(number, line.strip(), places.get(number, ()), number in found)
        for number, line in enumerate(lines, start=1)
        if BLOCKS in line
    ]


def table(name: str, found: list[Verdict]) -> str:
    """What was compared, one line a call, those that do not agree marked."""
    rows = [f"== {name}: {len(found)} calls, {sum(bool(v.fault) for v in found)} not as recorded"]
    for verdict in found:
        if verdict.fault:
            rows.append(f"   line {verdict.line}: {verdict.source}  {verdict.fault}")
    return "\n".join(rows)
