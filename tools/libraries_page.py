"""Writes docs/reference/libraries.md from the catalogue: every library, and how it was verified.

    python -m tools.libraries_page

`tests/test_libraries_page.py` fails when the page is not what this writes.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from blocklint.knowledge.catalog import ALWAYS, LIBRARIES
from blocklint.knowledge.tables import Document, NamesTable, read_document

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "libraries.md"

_HEAD = """\
# Libraries

Every library in the catalogue. This page is written by `python -m tools.libraries_page`.

- **blocks**: how many functions, methods and patterns (`*`) are catalogued as blocking, by what for. Those
  that only may block are counted too: `blocklint knowledge show NAME` tells the certainty of each.
- **never**: how many are known not to block, so that calls of them are resolved.
- **verified by**: the releases in which the names were looked up, each with the kind of thing that it is
  taken for (`tox -e names-databases` and the like), or what else was run. A name alone does not show that a
  call blocks. If there is nothing, no such run has the library: its entries come from its documentation.
- **unverified**: how many names these runs could not see, as they are in older or newer releases only, made
  at run time, or on another platform. They are listed below.

Entries hold for all versions that have the name.

"""


def page() -> str:
    """The text of the page."""
    documents = {path.stem: _document(path) for path in sorted(LIBRARIES.glob("*.toml"))}
    rows = ["| library | import | blocks | never | verified by | unverified |", "|---|---|---|---|---|---|"]
    rows += [_row(file, document) for file, document in documents.items()]
    known = sum(bool(document.library.verified) for document in documents.values())
    rows += ["", f"{len(documents)} files, {known} of them verified.", "", "## Names that were not seen", ""]
    for document in documents.values():
        if document.library.unverified:
            names = ", ".join(f"`{name}`" for name in document.library.unverified)
            rows.append(f"- {document.library.name}: {names}")
    return _HEAD + "\n".join(rows) + "\n"


def _document(path: Path) -> Document:
    return read_document(tomllib.loads(path.read_text(encoding="utf-8")), path.name)


def _row(file: str, document: Document) -> str:
    library = document.library
    tables: list[NamesTable] = [*document.modules.values(), *document.classes.values()]
    blocking: Counter[str] = Counter()
    blocked: set[tuple[str, str]] = set()
    for table in tables:
        if table.blocks is not None:
            names = (*table.certain, *table.likely, *table.possible)
            blocking[table.blocks.value] += len(names)
            blocked.update((table.name, name) for name in names)
    never = {(table.name, name) for table in tables for name in (*table.never, *table.returns)} - blocked
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(blocking.items()) if count) or "–"
    imported = "always read" if file in ALWAYS else f"`{file}`"
    unverified = str(len(library.unverified)) if library.verified else "all"
    return f"| {library.name} | {imported} | {counts} | {len(never)} | {library.verified} | {unverified} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
