"""Bytes from the disk or from an editor's text."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocklint.facts.lower import lower
from blocklint.facts.source import encode, is_package, read_source
from blocklint.model import SourceError


def test_reading(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbfx\r\n")
    assert read_source(tmp_path / "a.py", "a.py") == b"\xef\xbb\xbfx\r\n"
    gone = read_source(tmp_path / "gone.py", "shown.py")
    assert gone == SourceError("shown.py", 1, "cannot be read: No such file or directory")
    assert read_source(tmp_path, ".") == SourceError(".", 1, "cannot be read: Is a directory")


@pytest.mark.parametrize(
    "text",
    ["x = 'é'\n", "# coding: latin-1\nx = 'é'\n", "#!/bin/sh\n# vim: fileencoding=cp1252\nx = 'é'\n", ""],
)
def test_a_text_is_encoded_as_it_declares(text: str) -> None:
    facts = lower(encode(text), False)
    assert facts.error is None
    assert facts.lines == text.count("\n") + 1


def test_a_text_that_cannot_be_so_encoded_is_no_crash() -> None:
    for text in ("# coding: ascii\nx = 'é'\n", "# coding: none\n", "x = '\ud800'\n"):
        assert lower(encode(text), False).error is not None
    assert encode("x = 1\n# coding: latin-1\n'é'\n") == "x = 1\n# coding: latin-1\n'é'\n".encode()


def test_packages() -> None:
    assert is_package("a/__init__.py")
    assert not is_package("a/init.py")
