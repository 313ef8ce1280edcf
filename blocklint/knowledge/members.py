"""What classes and modules say of one of their names, inherited and by patterns."""

from __future__ import annotations

import msgspec

from blocklint.knowledge.merging import pattern_for, retyped
from blocklint.knowledge.records import LibraryCallable, LibraryClass, LibraryMember, LibraryModule, TypeUnion


def member_of(ancestors: tuple[LibraryClass, ...], path: str) -> LibraryMember:
    """What a class says of a member: ``ancestors`` are the class and its bases, nearest first."""
    for ancestor in ancestors:
        if path in ancestor.methods:
            effect = ancestor.methods[path] if path in ancestor.properties else None
            types = _attribute(ancestors, path, is_method=True)
            return LibraryMember(_named_method(ancestors, path), effect, types)
    method = None
    for ancestor in ancestors:
        method = method or from_wildcard(ancestor, path)
    return LibraryMember(method, None, _attribute(ancestors, path, is_method=False))


def _named_method(ancestors: tuple[LibraryClass, ...], path: str) -> LibraryCallable | None:
    """The method of the nearest class that lists it; where that says only what it returns, the rest stays."""
    for position, ancestor in enumerate(ancestors):
        found = ancestor.methods.get(path)
        if found is not None:
            inherited = _named_method(ancestors[position + 1 :], path) if path in ancestor.retyped else None
            return found if inherited is None else retyped(inherited, found)
    return None


def _attribute(ancestors: tuple[LibraryClass, ...], name: str, *, is_method: bool) -> TypeUnion:
    """The type that the nearest class gives; the star stands for public names that are no methods."""
    for ancestor in ancestors:
        if name in ancestor.attributes:
            return ancestor.attributes[name]
    if is_method or name.startswith("_"):
        return ()
    return next((each.attributes["*"] for each in ancestors if "*" in each.attributes), ())


def from_wildcard(owner: LibraryModule | LibraryClass, path: str) -> LibraryCallable | None:
    """What the longest pattern that covers ``path`` says, under its own name."""
    pattern = pattern_for(owner.wildcards, path)
    return None if pattern is None else msgspec.structs.replace(pattern, name=f"{owner.name}.{path}")
