"""The only part of the runner that calls blocklint: one fixture in, its report out."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from blocklint.model import Certainty, Finding, Report
from blocklint.rules.codes import ON_DEMAND
from blocklint.settings import Settings
from tests.fixtures_runner.cases import Case

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def settings_of(case: Case) -> Settings:
    """All codes but those on demand at certainty likely, unless the fixture's settings.toml says otherwise.

    The file holds the keys of [tool.blocklint] at its top level.
    """
    values = {"select": ["LAG"], "ignore": sorted(ON_DEMAND), **tomllib.loads(case.settings)}
    unknown = values.keys() - {field.encode_name for field in msgspec.structs.fields(Settings)}
    if unknown:
        raise ValueError(f"{case.name}/settings.toml: unknown settings: {', '.join(sorted(unknown))}")
    certainty = Certainty[values.pop("certainty", "likely").upper()]
    return msgspec.structs.replace(msgspec.convert(values, Settings), certainty=certainty)


def analyze(case: Case, sources: Mapping[str, bytes | str] | None = None) -> Report:
    """Analyse a fixture, or a rewritten form of it."""
    from blocklint.analysis import analyze_sources

    return analyze_sources(case.sources if sources is None else sources, settings_of(case))


@cache
def findings_of(name: str) -> tuple[Finding, ...]:
    """Return a fixture's findings as it stands, computed once."""
    from tests.fixtures_runner.cases import load_cases

    report = analyze(next(case for case in load_cases() if case.name == name))
    if report.errors:
        raise AssertionError(f"{name}: files that could not be read: {report.errors}")
    return report.findings


def to_json(findings: Iterable[Finding]) -> bytes:
    """Write findings with everything in them, byte by byte comparable."""
    return msgspec.json.format(msgspec.json.encode(list(findings)))


def start_dump(seed: int) -> subprocess.Popen[bytes]:
    """Start an interpreter with a hash seed that prints the findings of every fixture."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fixtures_runner"],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONHASHSEED": str(seed)},
        stdout=subprocess.PIPE,
    )
