"""Every shipped file: its form, and that what it refers to exists."""

from __future__ import annotations

import tomllib

import pytest

from blocklint.knowledge.catalog import ALWAYS, LIBRARIES, Catalog, load_library
from blocklint.knowledge.expressions import PLACEHOLDERS
from blocklint.knowledge.records import Knowledge
from tests.knowledge.support import SHIPPED, callables, names, owners

LISTS = ("certain", "likely", "possible", "never", "aliases", "properties", "decorators", "methods", "calls")

OTHER_PACKAGES = {
    # The names that a package passes on from another one stand in the file of the package that is imported.
    "fastapi": {"starlette"},
    # It patches asyncio.
    "nest_asyncio": {"asyncio"},
    "sqlmodel": {"sqlalchemy"},
}


def shipped(package: str) -> Knowledge:
    part = load_library(package)
    assert part is not None
    return part


@pytest.mark.parametrize("package", SHIPPED)
def test_the_names_in_a_list_are_sorted_and_unique(package: str) -> None:
    document = tomllib.loads((LIBRARIES / f"{package}.toml").read_text(encoding="utf-8"))
    unsorted = [
        (table["name"], key)
        for section in ("module", "class", "handler")
        for table in document.get(section, [])
        for key in LISTS
        if table.get(key, []) != sorted(set(table.get(key, [])))
    ]
    assert unsorted == []


@pytest.mark.parametrize("package", SHIPPED)
def test_a_file_says_whose_it_is_and_requires_files_that_exist(package: str) -> None:
    document = tomllib.loads((LIBRARIES / f"{package}.toml").read_text(encoding="utf-8"))
    assert document["library"]["name"]
    assert set(shipped(package).requires) <= set(SHIPPED) - {package}


@pytest.mark.parametrize("package", SHIPPED)
def test_every_type_and_base_is_a_catalogued_class_under_its_canonical_name(package: str) -> None:
    catalog = Catalog.for_packages([package])
    part = shipped(package)
    used = {base for class_ in part.classes.values() for base in class_.bases}
    for owner in owners(part):
        for callable_ in callables(owner):
            used.update(names(callable_.returns))
    for module in part.modules.values():
        for union in module.variables.values():
            used.update(names(union))
    for class_ in part.classes.values():
        for union in (*class_.attributes.values(), *class_.parameters):
            used.update(names(union))
    unknown = {
        name
        for name in used - PLACEHOLDERS
        if not name.startswith("$") and (catalog.find_class(name) is None or catalog.canonical(name) != name)
    }
    assert unknown == set()


@pytest.mark.parametrize("package", SHIPPED)
def test_what_a_function_runs_is_returned_only_by_runners(package: str) -> None:
    misplaced = [
        callable_.name
        for owner in owners(shipped(package))
        for callable_ in callables(owner)
        if not callable_.runners and "result" in names(callable_.returns)
    ]
    assert misplaced == []


@pytest.mark.parametrize("package", sorted(set(SHIPPED) - set(ALWAYS)))
def test_a_file_speaks_of_its_own_package(package: str) -> None:
    part = shipped(package)
    spoken = {name.split(".")[0] for name in (*part.modules, *part.classes)}
    assert spoken <= {package} | OTHER_PACKAGES.get(package, set())
    assert spoken


def test_no_name_is_both_an_alias_and_canonical() -> None:
    parts = [shipped(package) for package in SHIPPED]
    canonical = {name for part in parts for name in (*part.modules, *part.classes)}
    assert canonical & {alias for part in parts for alias in part.aliases} == set()


def test_no_name_is_both_a_function_and_a_class() -> None:
    catalog = Catalog.for_packages(SHIPPED)
    both = {
        callable_.name
        for package in SHIPPED
        for module in shipped(package).modules.values()
        for callable_ in callables(module)
        if not callable_.name.endswith("*") and catalog.find_class(callable_.name) is not None
    }
    assert both == set()


def test_aliases_mean_the_same_in_every_file() -> None:
    meanings: dict[str, set[str]] = {}
    for package in SHIPPED:
        for alias, name in shipped(package).aliases.items():
            meanings.setdefault(alias, set()).add(name)
    assert {alias: found for alias, found in meanings.items() if len(found) > 1} == {}


def test_replacements_are_dotted_names_or_packages() -> None:
    odd = {
        callable_.instead
        for package in SHIPPED
        for owner in owners(shipped(package))
        for callable_ in callables(owner)
        if callable_.instead and not all(part.isidentifier() for part in callable_.instead.split("."))
    }
    assert odd == set()
