"""Whatever other tools report as blocking is in the catalogue as blocking: `tox -e peers`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.records import LibraryCallable
from tests.knowledge.support import SHIPPED
from tests.oracle_names import peers

pytestmark = pytest.mark.peers
CATALOG = Catalog.for_packages(SHIPPED)

COMPUTES = {
    "os.path.normpath": "works on the text of the path",
    "os.path.samestat": "compares two results that are there already",
}
"""What they report and the catalogue knows not to wait, with the reason."""


def look_up(dotted: str) -> LibraryCallable | None:
    """A function, method or constructor."""
    if CATALOG.find_class(dotted) is not None:
        return CATALOG.method(dotted, "__init__")
    owner, _, name = dotted.rpartition(".")
    return CATALOG.function(dotted) or CATALOG.method(owner, name)


@pytest.mark.parametrize(
    ("tool", "least"), [(peers.of_blockbuster, 40), (peers.of_flake8_async, 60), (peers.of_ruff, 60)]
)
def test_what_they_report_is_known_to_block(tool: Callable[[], list[str]], least: int) -> None:
    names = tool()
    assert len(names) >= least
    found = {name: look_up(name) for name in names if name not in COMPUTES}
    print(f"{tool.__name__}: {len(names)} names")
    assert sorted(name for name, told in found.items() if told is None or told.blocks is None) == []


@pytest.mark.parametrize("dotted", sorted(COMPUTES))
def test_what_only_computes_is_known_not_to_block(dotted: str) -> None:
    told = look_up(dotted)
    assert told is not None
    assert told.blocks is None
