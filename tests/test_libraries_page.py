"""The page of libraries is what the catalogue says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocklint.knowledge.catalog import LIBRARIES
from tools import libraries_page


def test_the_page_is_up_to_date() -> None:
    written = libraries_page.PAGE.read_text(encoding="utf-8")
    assert written == libraries_page.page(), "run python -m tools.libraries_page"


def test_a_change_of_the_catalogue_changes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (LIBRARIES / "redis.toml").read_text(encoding="utf-8")
    (tmp_path / "redis.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(libraries_page, "LIBRARIES", tmp_path)
    before = libraries_page.page()
    (tmp_path / "redis.toml").write_text(text + '\n[[module]]\nname = "redis.extra"\nnever = ["a"]\n', encoding="utf-8")
    assert libraries_page.page() != before
