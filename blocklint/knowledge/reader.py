"""A knowledge document (TOML, parsed) in, ``Knowledge`` out; anything that is not the format is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from blocklint.knowledge.collected import Collected, collected_for
from blocklint.knowledge.expressions import parse_type
from blocklint.knowledge.records import (
    Condition,
    Handler,
    Holding,
    Knowledge,
    LibraryCallable,
    LibraryClass,
    LibraryModule,
    Runner,
    TypeUnion,
)
from blocklint.knowledge.tables import (
    ClassTable,
    HandlerTable,
    KnowledgeError,
    LibraryTable,
    NamesTable,
    RunnerTable,
    Told,
    raising,
    read_document,
)
from blocklint.model import Blocks, Certainty, Phase, Runs

_CONDITION = re.compile(r"(?:(\d+)(?:\|([A-Za-z_]\w*))?|([A-Za-z_]\w*))([=:])(.*)", re.DOTALL)
_Table = TypeVar("_Table")


def read_knowledge(document: Mapping[str, object], origin: str, tell: Told = raising) -> Knowledge:
    """What ``document`` says about libraries; ``origin`` names it in a ``KnowledgeError``.

    A fault is given to ``tell``; if that returns, the table is left out.
    """
    tables = read_document(document, origin, tell)
    reader = _Reader(origin, tables.library)
    _add(reader.add_module, "module", tables.modules, tell)
    _add(reader.add_class, "class", tables.classes, tell)
    _add(reader.add_runner, "runner", tables.runners, tell)
    _add(reader.add_handler, "handler", tables.handlers, tell)
    return reader.knowledge()


def _add(add: Callable[[_Table], None], kind: str, tables: Mapping[int, _Table], tell: Told) -> None:
    for number, table in tables.items():
        try:
            add(table)
        except KnowledgeError as error:
            error.table = kind, number
            tell(error)


BRIDGED = frozenset({Blocks.DATABASE, Blocks.LAZY_LOAD, Blocks.ASYNC_BOUND})
"""What a library waits for through its database driver."""


class _Reader:
    """Collects the tables of one document."""

    def __init__(self, origin: str, library: LibraryTable) -> None:
        self.origin = origin
        self.library = library
        self.modules: dict[str, Collected] = {}
        self.classes: dict[str, Collected] = {}
        self.aliases: dict[str, str] = {}
        self.handlers: dict[str, tuple[Handler, ...]] = {}

    def knowledge(self) -> Knowledge:
        """Everything collected so far."""
        modules = {
            name: LibraryModule(name, *own.split(), own.attributes, frozenset(own.retyped), own.holding)
            for name, own in self.modules.items()
        }
        classes = {
            name: LibraryClass(
                name,
                found.bases,
                *found.split(),
                found.attributes,
                found.properties,
                frozenset(found.retyped),
                found.parameters,
                found.lazy,
                found.invokes,
                found.keeps,
                found.holding,
            )
            for name, found in self.classes.items()
        }
        library = self.library
        told = library.verified, library.unverified
        return Knowledge(
            self.origin, library.requires, modules, classes, self.aliases, self.handlers, *told
        )

    def add_module(self, table: NamesTable) -> None:
        """Takes in one ``[[module]]``."""
        where = f"{self.origin}: [[module]] {table.name}"
        self._add_table(table, collected_for(self.modules, table.name), where)

    def add_class(self, table: ClassTable) -> None:
        """Takes in one ``[[class]]``."""
        where = f"{self.origin}: [[class]] {table.name}"
        collected = collected_for(self.classes, table.name)
        self._add_table(table, collected, where)
        collected.bases = tuple(dict.fromkeys((*collected.bases, *table.bases)))
        for property_ in table.properties:
            if property_ not in collected.callables:
                raise KnowledgeError(
                    f"{where}: properties: {property_!r} is in none of the other lists", property_
                )
        collected.properties |= frozenset(table.properties)
        collected.lazy = collected.lazy or table.lazy
        collected.invokes.update(table.invokes)
        collected.keeps = table.keeps or collected.keeps
        collected.parameters += tuple(_type(text, where, "parameters") for text in table.parameters)

    def add_runner(self, table: RunnerTable) -> None:
        """Takes in one ``[[runner]]``, for a callable that an earlier table lists or for a new one."""
        where = f"{self.origin}: [[runner]] {table.name}"
        if table.position is None and table.keyword is None:
            raise KnowledgeError(f"{where}: 'position' or 'keyword' must be given")
        owner, key = self._place(table.name, where)
        if key not in owner.callables:
            owner.retyped.add(key)
        existing = owner.callables.get(key, LibraryCallable(table.name))
        if any((each.position, each.keyword) == (table.position, table.keyword) for each in existing.runners):
            raise KnowledgeError(f"{where}: there are two [[runner]] tables for the same argument of it")
        if existing.runners and {table.when, *(each.when for each in existing.runners)} != {"call"}:
            raise KnowledgeError(f"{where}: when: of several [[runner]] tables each needs 'call'")
        runner = Runner(
            table.position,
            table.keyword,
            Runs(table.runs) if table.runs != "caller" else None,
            table.passes,
            table.when,
            table.coroutines,
            tuple(_type(text, where, "arguments") for text in table.arguments),
            Phase(table.phase) if table.phase else None,
            tuple(_condition(text, f"{where}: unless") for text in table.unless),
            table.unpacks,
            table.generators,
        )
        returns = _type(table.returns, where, "returns") if table.returns else existing.returns
        owner.callables[key] = msgspec.structs.replace(
            existing,
            runners=(*existing.runners, runner),
            returns=returns,
            starts=table.starts or existing.starts,
        )
        self._add_aliases(table.name, table.aliases, where)

    def add_handler(self, table: HandlerTable) -> None:
        """Takes in one ``[[handler]]``."""
        where = f"{self.origin}: [[handler]] {table.name}"
        if not (table.decorators or table.methods or table.calls or table.attributes):
            raise KnowledgeError(f"{where}: 'decorators', 'methods', 'calls' or 'attributes' must be given")
        unless = tuple(_condition(text, f"{where}: unless") for text in table.unless)
        handler = Handler(
            table.name,
            table.runs,
            frozenset(table.decorators),
            frozenset(table.methods),
            frozenset(table.calls),
            unless,
            table.coroutines_only,
            tuple(_type(text, where, "arguments") for text in table.arguments),
            Phase(table.phase) if table.phase else None,
            table.own_loop,
            table.unless_imported,
            table.attributes,
        )
        self.handlers[table.name] = (*self.handlers.get(table.name, ()), handler)

    def _place(self, name: str, where: str) -> tuple[Collected, str]:
        """Where a callable with this dotted name belongs, and its name there."""
        if name in self.classes:
            return self.classes[name], "__init__"
        owner, _, last = name.rpartition(".")
        if not owner:
            raise KnowledgeError(f"{where}: name: a dotted name is needed", "name")
        if owner in self.classes:
            return self.classes[owner], last
        return collected_for(self.modules, owner), last

    def _add_aliases(self, name: str, aliases: Iterable[str], where: str) -> None:
        for alias in aliases:
            if alias == name or self.aliases.setdefault(alias, name) != name:
                other = self.aliases.get(alias, name)
                raise KnowledgeError(f"{where}: aliases: {alias!r} already stands for {other!r}", alias)

    def _add_table(self, table: NamesTable, collected: Collected, where: str) -> None:
        fresh = self._listed(table, collected, where)
        _add_conditions(table, fresh, where)
        for name, starts in table.starts.items():
            if name not in fresh:
                raise KnowledgeError(f"{where}: starts: {name!r} is in none of the other lists", name)
            fresh[name] = msgspec.structs.replace(fresh[name], starts=starts)
        collected.callables.update(fresh)
        for name, text in table.attributes.items():
            collected.attributes[name] = _type(text, where, "attributes", name)
        self._add_aliases(table.name, table.aliases, where)
        if table.holds is not None:
            collected.holding = Holding(table.holds, frozenset(table.takes), frozenset(table.releases))
        elif table.takes or table.releases:
            raise KnowledgeError(f"{where}: takes, releases: 'holds' must be given", "takes")

    def _listed(self, table: NamesTable, collected: Collected, where: str) -> dict[str, LibraryCallable]:
        """The callables of a table, with what they return. A constructor goes by the name of its class."""
        fresh: dict[str, LibraryCallable] = {}
        prefix = f"{table.name}."
        returns = {name: _type(text, where, "returns", name) for name, text in table.returns.items()}
        bridged = self.library.carried_by_greenlet_bridge and table.blocks in BRIDGED
        for key, names, certainty in (
            ("certain", table.certain, Certainty.CERTAIN),
            ("likely", table.likely, Certainty.LIKELY),
            ("possible", table.possible, Certainty.POSSIBLE),
            ("never", table.never, None),
        ):
            if names and certainty is not None and table.blocks is None:
                raise KnowledgeError(f"{where}: {key}: 'blocks' must be given", key)
            for name in names:
                if name in fresh or name in collected.callables:
                    raise KnowledgeError(f"{where}: {key}: {name!r} is listed twice", key, name)
                public = table.name if name == "__init__" else prefix + name
                result = returns.pop(name, ())
                if certainty is None:
                    fresh[name] = LibraryCallable(public, returns=result)
                else:
                    fresh[name] = LibraryCallable(
                        public, table.blocks, certainty, (), result, (), table.instead, bridged,
                        raises=table.raises,
                    )  # fmt: skip
        for name, result in returns.items():  # nothing else is known of it here, and maybe in a base
            if name in collected.callables:
                raise KnowledgeError(f"{where}: returns: {name!r} is listed in another table", name)
            public = table.name if name == "__init__" else prefix + name
            fresh[name] = LibraryCallable(public, returns=result)
            collected.retyped.add(name)
        return fresh


def _type(text: str, where: str, *keys: str) -> TypeUnion:
    try:
        return parse_type(text)
    except ValueError as error:
        raise KnowledgeError(f"{where}: {'.'.join(keys)}: {error}", text, *keys) from None


def _add_conditions(table: NamesTable, fresh: dict[str, LibraryCallable], where: str) -> None:
    for name, texts in table.unless.items():
        if name not in fresh or fresh[name].blocks is None:
            raise KnowledgeError(
                f"{where}: unless: {name!r} is not among the blocking names of this table", name
            )
        conditions = tuple(_condition(text, f"{where}: unless.{name}") for text in texts)
        fresh[name] = msgspec.structs.replace(fresh[name], unless=conditions)


def _condition(text: str, where: str) -> Condition:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise KnowledgeError(f"{where}: {text!r} is not of the form position=text or keyword=text", text)
    position = int(match[1]) if match[1] is not None else None
    text, type_ = (match[5], "") if match[4] == "=" else ("", match[5])
    return Condition(position, match[2] or match[3], text, type_)
