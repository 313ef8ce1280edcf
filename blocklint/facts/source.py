"""The bytes of a source file, from the disk or from an editor's text."""

from __future__ import annotations

import os
import re
from pathlib import Path

from blocklint.model import SourceError

_ENCODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def read_source(path: str | Path, shown: str) -> bytes | SourceError:
    """The content of a file, or an error at the path ``shown`` that says why it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:  # read in one piece anyway
            return file.read()
    except OSError as error:
        return SourceError(shown, 1, f"cannot be read: {error.strerror or type(error).__name__}")


def encode(text: str) -> bytes:
    """The bytes that a file with this text would have, in the encoding that the text declares.

    Text that cannot be so encoded is given as UTF-8, lone surrogates included: the error is then
    found, with its line, when the bytes are parsed.
    """
    for line in text.split("\n", 2)[:2]:
        declared = _ENCODING.match(line)
        if declared:
            try:
                return text.encode(declared[1])
            except (LookupError, UnicodeError):
                break
        if line.strip() and not line.lstrip().startswith("#"):
            break
    return text.encode("utf-8", "surrogatepass")


def is_package(path: str) -> bool:
    """Whether the file is the body of a package."""
    return os.path.basename(path) == "__init__.py"
