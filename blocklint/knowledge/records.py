"""What is known about a library, as immutable records: what the reader makes and the catalogue answers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from blocklint.model import Blocks, Certainty, Phase, Runs, Starts


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
    ``arguments`` are the types of what the library itself calls it with, ``unpacks`` is the keyword of a
    tuple of arguments for it. A generator that it gives is entered in the same thread, and goes on behind its
    first ``yield`` in ``generators``; None if it is not known who goes through it.
    """

    position: int | None
    keyword: str | None
    runs: Runs | None
    passes: bool
    when: str
    coroutines: Runs | None
    arguments: tuple[TypeUnion, ...] = ()
    phase: Phase | None = None
    unless: tuple[Condition, ...] = ()
    unpacks: str = ""
    generators: Runs | None = None


class LibraryCallable(msgspec.Struct, frozen=True, cache_hash=True):
    """A function, method, constructor or blocking property of a library, by its public dotted name.

    ``blocks`` is None for a callable that is known not to block; ``certainty`` speaks of ``blocks``.
    ``bridged``: what it waits for does not block the thread inside SQLAlchemy's greenlet bridge.
    ``starts``: what it sets going on the event loop. ``raises`` names the exception with which it
    refuses to work on a running event loop.
    """

    name: str
    blocks: Blocks | None = None
    certainty: Certainty = Certainty.CERTAIN
    unless: tuple[Condition, ...] = ()
    returns: TypeUnion = ()
    runners: tuple[Runner, ...] = ()
    instead: str = ""
    bridged: bool = False
    starts: Starts | None = None
    raises: str = ""


class LibraryMember(msgspec.Struct, frozen=True):
    """All that is known about one member of a class, what its bases say included.

    ``method`` is what a call of it does, ``effect`` what happens when it is read without a call, ``types``
    the type of what is read then. Nothing is known about a member with none of the three.
    """

    method: LibraryCallable | None
    effect: LibraryCallable | None
    types: TypeUnion


class Holding(msgspec.Struct, frozen=True):
    """What an object keeps from others while it holds it.

    ``what``: "connection" or "lock". It begins with one of the calls ``takes`` ("__init__": when it is made),
    or, if there are none, with whatever of it waits, and ends with one of ``releases``: ``begin.__exit__`` is
    the end of ``with x.begin()``. Of a module's functions the first argument is the object.
    """

    what: str
    takes: frozenset[str] = frozenset()
    releases: frozenset[str] = frozenset()


class LibraryModule(msgspec.Struct, frozen=True):
    """What is in one module.

    ``wildcards`` maps the part before ``.*`` (empty for ``*``) to what every public name behind it is;
    ``variables`` are the types of module-level objects; ``retyped`` are the functions of which it does not
    say whether they block.
    """

    name: str
    functions: Mapping[str, LibraryCallable]
    wildcards: Mapping[str, LibraryCallable]
    variables: Mapping[str, TypeUnion]
    retyped: frozenset[str] = frozenset()
    holding: Holding | None = None


class LibraryClass(msgspec.Struct, frozen=True):
    """One class by its public name; ``wildcards`` as in ``LibraryModule``; nothing inherited is included.

    ``properties`` are the names among its methods that act when they are read, without a call;
    ``retyped`` those of which it says nothing but the return type or what they run: the rest comes
    from the bases. ``parameters`` are the type arguments of a receiver that comes without any.
    ``lazy``: its instances stand for work that is done when they are asked for their items.
    ``invokes`` maps a method to what it calls of a subclass: methods by their names, or by the decorator
    or the marker among a field's metadata that makes them known (``@pydantic.field_validator``).
    ``keeps`` are the attributes in which its constructor keeps its arguments, by position.
    """

    name: str
    bases: tuple[str, ...]
    methods: Mapping[str, LibraryCallable]
    wildcards: Mapping[str, LibraryCallable]
    attributes: Mapping[str, TypeUnion]
    properties: frozenset[str]
    retyped: frozenset[str]
    parameters: tuple[TypeUnion, ...] = ()
    lazy: bool = False
    invokes: Mapping[str, tuple[str, ...]] = {}
    keeps: tuple[str, ...] = ()
    holding: Holding | None = None


class Template(msgspec.Struct, frozen=True):
    """What a method calls of a subclass: see ``LibraryClass.invokes``.

    ``names`` are methods; ``markers`` the dotted names of decorators and markers by their last parts.
    """

    names: tuple[str, ...] = ()
    markers: Mapping[str, str] = {}


NO_TEMPLATE = Template()


class Handler(msgspec.Struct, frozen=True):
    """Functions that a library calls itself, because they are registered with it or named as it wants.

    ``runs`` is where a ``def`` runs; a coroutine runs on the loop. ``decorators`` of the owner register
    what they decorate, unless they are called as ``unless`` says; ``methods`` are called on instances of
    its subclasses, a star at the end standing for any rest; ``calls`` tell the library what to run, so
    that modules making them are looked at. ``coroutines_only``: a ``def`` that is decorated so fails.
    ``arguments`` are the types of what the functions are called with, the receiver not counted.
    ``phase`` is startup for what runs before or after serving.
    ``own_loop``: for each call of a coroutine function the library starts a loop on which nothing else runs.
    Nothing of it holds in a project that imports one of ``unless_imported``. ``attributes`` hold functions in
    a class of the project that is called like the owner, and which the library is told of outside of it.
    """

    owner: str
    runs: Runs
    decorators: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    unless: tuple[Condition, ...] = ()
    coroutines_only: bool = False
    arguments: tuple[TypeUnion, ...] = ()
    phase: Phase | None = None
    own_loop: bool = False
    unless_imported: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


class Knowledge(msgspec.Struct, frozen=True):
    """The content of one document.

    Canonical names to modules and classes, other names to canonical ones; ``handlers`` by their owners.
    ``verified``: by what runs of the library it was checked, "" if by none; ``unverified``: the names that
    these runs could not see.
    """

    origin: str
    requires: tuple[str, ...]
    modules: Mapping[str, LibraryModule]
    classes: Mapping[str, LibraryClass]
    aliases: Mapping[str, str]
    handlers: Mapping[str, tuple[Handler, ...]]
    verified: str = ""
    unverified: tuple[str, ...] = ()
