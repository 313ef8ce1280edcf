"""The answers about libraries that the catalogue gives once and for all."""

from __future__ import annotations

from blocklint.flow import (
    attributes,
    base,
    imports,
    special,
)
from blocklint.flow.asking import ASKED
from blocklint.flow.base import ValueHook
from blocklint.flow.edges import (
    PlainCall,
)
from blocklint.flow.told import typed
from blocklint.knowledge.records import LibraryCallable
from blocklint.project.values import (
    NOTHING,
    LibraryInstance,
    Unknown,
    Values,
)


class LibraryQueries(base.Inference):
    """The answers about libraries that the catalogue gives once and for all."""

    keeps_silent = False
    """Whether calls that cannot block get an edge all the same: to draw the whole call graph."""

    _hooks: dict[str, ValueHook]

    def _plain_call(self, place: tuple[str, str]) -> PlainCall | None:
        name, path = place
        dotted = f"{name}.{path}" if path else name
        found = self.catalog.method(name, path) if path else self._plain_library(name)
        is_special = dotted in special.METHODS or dotted in special.FUNCTIONS
        if dotted in ASKED and self.project.special_methods.isdisjoint(ASKED[dotted]):
            is_special = False
        if found is None or found.runners or found.unless or is_special or dotted in self._hooks:
            return None
        result = None if path else self._plain_result(name, found)
        silent = found.blocks is None and not self.keeps_silent and found.starts is None
        return PlainCall(found, result, silent)

    def _plain_result(self, name: str, found: LibraryCallable) -> Values:
        if self.catalog.find_class(name) is not None:
            return (LibraryInstance(name),)
        return typed(self, found.returns, None, NOTHING) or (Unknown(f"result of {name}"),)

    def _plain_library(self, name: str) -> LibraryCallable | None:
        if self.catalog.find_class(name) is not None:
            return self.catalog.method(name, "__init__") or LibraryCallable(name)
        return self.catalog.function(name)

    def _library_attribute(self, place: tuple[LibraryInstance, str]) -> Values | None:
        value, name = place
        return attributes.plain_library_attribute(self, value, name)

    def _library_member(self, dotted: str) -> Values:
        return imports.library_member(self, dotted)

    def hook_for(self, name: str) -> ValueHook | None:
        """The framework that wants to see calls of a library name."""
        return self._hooks.get(name)
