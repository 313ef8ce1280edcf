"""What is believed about one name, and on whose word: for ``blocklint knowledge show``."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.expressions import SHORT_NAMES
from blocklint.knowledge.merging import pattern_for
from blocklint.knowledge.records import (
    Condition,
    Handler,
    Knowledge,
    LibraryCallable,
    LibraryClass,
    LibraryModule,
    TypeUnion,
)

_SHORT = {name: short for short, name in SHORT_NAMES.items()}


class Belief(msgspec.Struct, frozen=True):
    """A name under which it is catalogued, what it is, and what is believed, as pairs of words.

    ``sources`` are the documents that say so, in the order of their authority, each with what its
    entries were verified by ("" for nothing).
    """

    name: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]


def believed(catalog: Catalog, dotted: str) -> Belief | None:
    """What a catalogue says about a module, class, function, method or attribute; None for nothing."""
    name = catalog.canonical(dotted)
    cls = catalog.find_class(name)
    if cls is not None:
        return Belief(name, "class", tuple(_of_class(catalog, cls)), _sources(catalog, [(name, "")]))
    function = catalog.function(name)
    if function is not None:
        return Belief(name, "function", tuple(_of_callable(function)), _module_sources(catalog, name))
    types = catalog.variable(name)
    if types:
        return Belief(name, "variable", (("type", shown(types)),), _module_sources(catalog, name))
    module = catalog.module(name)
    if module is not None:
        return Belief(name, "module", tuple(_of_module(catalog, module)), _sources(catalog, [(name, "")]))
    return _member(catalog, name)


def _member(catalog: Catalog, name: str) -> Belief | None:
    owner, path = name, ""
    while owner:
        owner, _, last = owner.rpartition(".")
        path = f"{last}.{path}" if path else last
        if catalog.find_class(owner) is not None:
            member = catalog.member(owner, path)
            facts = [*_of_callable(member.method)] if member.method is not None else []
            if member.effect is not None:
                facts.append(("acts", "when it is read"))
            if member.types:
                facts.append(("type", shown(member.types)))
            places = [(ancestor.name, path) for ancestor in catalog.ancestors(owner)]
            kind = "method" if member.method is not None else "attribute"
            return Belief(name, kind, tuple(facts), _sources(catalog, places)) if facts else None
    return None


def _module_sources(catalog: Catalog, name: str) -> tuple[tuple[str, str], ...]:
    places, owner, path = [], name, ""
    while owner:
        owner, _, last = owner.rpartition(".")
        path = f"{last}.{path}" if path else last
        places.append((owner, path))
    return _sources(catalog, places)


def _sources(catalog: Catalog, places: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The documents that speak of any of some (owner, path)."""
    names = {f"{owner}.{path}" if path else owner for owner, path in places}
    return tuple(
        (part.origin, "" if names.intersection(part.unverified) else part.verified)
        for part in catalog.parts
        if any(_speaks(part, owner, path) for owner, path in places)
    )


def _speaks(part: Knowledge, owner: str, path: str) -> bool:
    cls, module = part.classes.get(owner), part.modules.get(owner)
    if not path:
        return cls is not None or module is not None
    if cls is not None:
        named, patterns = cls.methods.keys() | cls.attributes.keys(), cls.wildcards
        if path in named or pattern_for(patterns, path):
            return True
    if module is None:
        return False
    named, patterns = module.functions.keys() | module.variables.keys(), module.wildcards
    return path in named or pattern_for(patterns, path) is not None


def _of_callable(told: LibraryCallable) -> Iterator[tuple[str, str]]:
    if told.blocks is None:
        yield "blocks", "never"
    else:
        yield "blocks", f"{told.blocks.value}, {told.certainty.name.lower()}"
    for condition in told.unless:
        yield "unless", _condition(condition)
    if told.bridged:
        yield "carried", "by SQLAlchemy's greenlet bridge: inside run_sync it does not block the loop"
    if told.instead:
        yield "instead", told.instead
    if told.returns:
        yield "returns", shown(told.returns)
    if told.starts is not None:
        yield "starts", told.starts.value
    if told.raises:
        yield "raises", told.raises
    for runner in told.runners:
        given = [f"position {runner.position}"] if runner.position is not None else []
        given += [f"keyword {runner.keyword}"] if runner.keyword else []
        runs = runner.runs.value if runner.runs is not None else "caller"
        coroutines = f", coroutines {runner.coroutines.value}" if runner.coroutines else ""
        yield "runs", f"what it is given as {' or '.join(given)}: {runs}{coroutines}"


def _condition(condition: Condition) -> str:
    places = [str(each) for each in (condition.position, condition.keyword) if each is not None]
    place = "|".join(places)
    if condition.type:
        return f"{place} is a {condition.type}"
    return f"{place}={condition.equals}" if condition.equals else f"{place} is not given"


def _of_class(catalog: Catalog, cls: LibraryClass) -> Iterator[tuple[str, str]]:
    if cls.bases:
        yield "bases", ", ".join(cls.bases)
    yield from _listed({**cls.methods, **_stars(cls.wildcards)})
    for name, types in sorted(cls.attributes.items()):
        yield "attribute", f"{name}: {shown(types)}"
    yield from _handlers(catalog.handlers.get(cls.name, ()))


def _of_module(catalog: Catalog, module: LibraryModule) -> Iterator[tuple[str, str]]:
    yield from _listed({**module.functions, **_stars(module.wildcards)})
    for name, types in sorted(module.variables.items()):
        yield "variable", f"{name}: {shown(types)}"
    yield from _handlers(catalog.handlers.get(module.name, ()))


def _stars(patterns: object) -> dict[str, LibraryCallable]:
    assert isinstance(patterns, dict)
    return {f"{prefix}.*" if prefix else "*": told for prefix, told in patterns.items()}


def _listed(callables: dict[str, LibraryCallable]) -> Iterator[tuple[str, str]]:
    """The names by what is believed of them."""
    by_verdict: dict[str, list[str]] = {}
    for name, told in sorted(callables.items()):
        verdict = "never" if told.blocks is None else f"{told.blocks.value}, {told.certainty.name.lower()}"
        by_verdict.setdefault(verdict, []).append(name)
    for verdict, names in sorted(by_verdict.items()):
        yield "blocks", f"{verdict}: {', '.join(names)}"


def _handlers(handlers: tuple[Handler, ...]) -> Iterator[tuple[str, str]]:
    for handler in handlers:
        for word, names in (("decorators", handler.decorators), ("methods", handler.methods)):
            if names:
                yield "handlers", f"{word} {', '.join(sorted(names))}: a def runs on {handler.runs.value}"


def shown(types: TypeUnion) -> str:
    """A type as the catalogue writes it."""
    return " | ".join(
        _SHORT.get(item.name, item.name)
        + (f"[{', '.join(map(shown, item.arguments))}]" if item.arguments else "")
        for item in types
    )
