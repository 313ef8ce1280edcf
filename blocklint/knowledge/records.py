"""What is known about a library, as immutable records: what the reader makes and the catalogue answers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from blocklint.model import Blocks, Certainty, Phase, Runs


class LibraryType(msgspec.Struct, frozen=True, cache_hash=True):
    """One alternative of a type expression; a union is a tuple of these.

    ``name`` is canonical and dotted, or one of ``None``, ``self`` (the receiver's own type),
    ``result`` (what the callable that a runner runs returns), ``$0``, ``$1`` (a type argument of the
    receiver). Every argument is itself a union.
    """

    name: str
    arguments: tuple[tuple[LibraryType, ...], ...] = ()


TypeUnion = tuple[LibraryType, ...]
"""The alternatives of a type; empty when nothing is known."""


class Condition(msgspec.Struct, frozen=True):
    """An argument with which a call does not block.

    It holds if the argument at ``position`` or called ``keyword`` (of those that are not None) has exactly
    the source text ``equals``, or if it is flags joined by ``|`` and one of them has; an empty ``equals``
    holds if the argument is given in neither way. With a ``type`` it holds if the argument is of that
    library class.
    """

    position: int | None
    keyword: str | None
    equals: str
    type: str = ""


class Runner(msgspec.Struct, frozen=True):
    """How a library callable runs another callable that it is given, or each of those in a container.

    ``position`` counts positional arguments without the receiver; a ``keyword`` with a star at its end
    stands for all that begin so, ``$0`` for the receiver's first type argument; ``runs`` is None for the
    caller's own thread. ``when`` is ``call``, ``result-call`` (the result, when called, runs it),
    ``object`` (so does the result, which is an object of its own type) or ``iteration``. ``coroutines``
    is where an ``async def`` callable runs instead, if that is somewhere else; ``phase`` is startup for
    what is run before or after serving. With arguments as in ``unless`` it runs somewhere off the loop.
    ``unpacks`` is the keyword of a tuple of arguments for it.
    """

    position: int | None
    keyword: str | None
    runs: Runs | None
    passes: bool
    when: str
    coroutines: Runs | None
    phase: Phase | None = None
    unless: tuple[Condition, ...] = ()
    unpacks: str = ""


class LibraryCallable(msgspec.Struct, frozen=True, cache_hash=True):
    """A function, method, constructor or blocking property of a library, by its public dotted name.

    ``blocks`` is None for a callable that is known not to block; ``certainty`` speaks of ``blocks``.
    ``bridged``: what it waits for does not block the thread inside SQLAlchemy's greenlet bridge.
    ``raises`` names the exception with which it refuses to work on a running event loop.
    """

    name: str
    blocks: Blocks | None = None
    certainty: Certainty = Certainty.CERTAIN
    unless: tuple[Condition, ...] = ()
    returns: TypeUnion = ()
    runners: tuple[Runner, ...] = ()
    instead: str = ""
    bridged: bool = False
    raises: str = ""


class LibraryMember(msgspec.Struct, frozen=True):
    """All that is known about one member of a class, what its bases say included.

    ``method`` is what a call of it does, ``effect`` what happens when it is read without a call, ``types``
    the type of what is read then. Nothing is known about a member with none of the three.
    """

    method: LibraryCallable | None
    effect: LibraryCallable | None
    types: TypeUnion


class LibraryModule(msgspec.Struct, frozen=True):
    """What is in one module.

    ``wildcards`` maps the part before ``.*`` (empty for ``*``) to what every public name behind it is;
    ``variables`` are the types of module-level objects.
    """

    name: str
    functions: Mapping[str, LibraryCallable]
    wildcards: Mapping[str, LibraryCallable]
    variables: Mapping[str, TypeUnion]


class LibraryClass(msgspec.Struct, frozen=True):
    """One class by its public name; ``wildcards`` as in ``LibraryModule``; nothing inherited is included.

    ``properties`` are the names among its methods that act when they are read, without a call;
    ``retyped`` those of which it says nothing but the return type: the rest comes from the bases.
    ``parameters`` are the type arguments of a receiver that comes without any.
    """

    name: str
    bases: tuple[str, ...]
    methods: Mapping[str, LibraryCallable]
    wildcards: Mapping[str, LibraryCallable]
    attributes: Mapping[str, TypeUnion]
    properties: frozenset[str]
    retyped: frozenset[str]
    parameters: tuple[TypeUnion, ...] = ()


class Handler(msgspec.Struct, frozen=True):
    """Functions that a library calls itself, because they are registered with it or named as it wants.

    ``runs`` is where a ``def`` runs; a coroutine runs on the loop. ``decorators`` of the owner register
    what they decorate, unless they are called as ``unless`` says; ``methods`` are called on instances of
    its subclasses, a star at the end standing for any rest; ``calls`` tell the library what to run, so
    that modules making them are looked at. ``phase`` is startup for what runs before or after serving.
    ``own_loop``: for each call of a coroutine function the library starts a loop on which nothing else runs.
    Nothing of it holds in a project that imports one of ``unless_imported``.
    """

    owner: str
    runs: Runs
    decorators: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    unless: tuple[Condition, ...] = ()
    phase: Phase | None = None
    own_loop: bool = False
    unless_imported: tuple[str, ...] = ()


class Knowledge(msgspec.Struct, frozen=True):
    """The content of one document.

    Canonical names to modules and classes, other names to canonical ones; ``handlers`` by their owners.
    """

    origin: str
    requires: tuple[str, ...]
    modules: Mapping[str, LibraryModule]
    classes: Mapping[str, LibraryClass]
    aliases: Mapping[str, str]
    handlers: Mapping[str, tuple[Handler, ...]]
