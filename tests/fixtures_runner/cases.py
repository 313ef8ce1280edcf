"""One fixture: a folder tests/fixtures/<topic>/<case>/ that is a small real package."""

from __future__ import annotations

import io
import platform
import tokenize
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from packaging.specifiers import SpecifierSet

from tests.fixtures_runner.comments import Comments, parse_comments

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


class Case(NamedTuple):
    """A fixture in memory. `settings` is the text of its settings.toml, "" for none."""

    name: str
    sources: Mapping[str, bytes]
    settings: str = ""
    requires_python: str = ""

    def runnable(self) -> bool:
        """Whether the running interpreter can parse this fixture."""
        version = platform.python_version().rstrip("+")
        return SpecifierSet(self.requires_python).contains(version, prereleases=True)


@cache
def load_cases(root: Path = FIXTURES) -> tuple[Case, ...]:
    """Load every fixture below a folder, sorted by name."""
    folders = sorted(folder for folder in root.glob("*/*") if folder.is_dir() and _python_files(folder))
    return tuple(load_case(folder, f"{folder.parent.name}/{folder.name}") for folder in folders)


def load_case(folder: Path, name: str) -> Case:
    """Load one fixture."""
    return Case(
        name,
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in _python_files(folder)},
        _read(folder / "settings.toml"),
        _read(folder / "requires-python").strip(),
    )


def decode(source: bytes) -> str:
    """Decode as Python does, by the file's own declaration."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return io.TextIOWrapper(io.BytesIO(source), encoding, newline=None).read()


def expectations(case: Case) -> dict[str, Comments]:
    """Read what every file of a fixture expects."""
    return {path: parse_comments(f"{case.name}/{path}", decode(text)) for path, text in case.sources.items()}


def _python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
