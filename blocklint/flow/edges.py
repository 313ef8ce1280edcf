"""The records of interpretation: where something is called, and what a body does."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from blocklint.facts import records as r
from blocklint.knowledge.records import Handler, LibraryCallable, TypeUnion
from blocklint.model import (
    Blocks,
    Phase,
    Runs,
    Span,
    Via,
)
from blocklint.project.values import Activation, ClassObject, Deferred, LibraryInstance, Values


class CallSite(msgspec.Struct, frozen=True, gc=False):
    """Where and how something is entered.

    ``span`` is the whole expression, ``called`` the part of it that names what is called.
    ``candidates`` is how many things may be meant there; ``weak`` says that the receiver is known
    only from merging callers, or that the place is reached for the first caller only: what
    happens there is possible at most. ``phase`` is told where a framework registers the target for one.
    ``to_yield``: the target runs so only up to its first ``yield``.
    ``allowed`` are the kinds of waiting that the user lets pass there.
    """

    span: Span
    called: r.Expression | None
    via: Via
    switches_to: Runs | None = None
    candidates: int = 1
    weak: bool = False
    phase: Phase | None = None
    allowed: frozenset[Blocks] = frozenset()
    to_yield: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the name that is called: of ``all`` in ``query⏎.all``."""
        called = self.called
        while type(called) is r.Call:
            called = called.callee
        if type(called) is r.Attribute:
            return called.end_line, called.end_column - len(called.name)
        span = called.span if called is not None else self.span
        return span[0], span[1]


NOWHERE = CallSite((1, 1, 1, 1), None, Via.CALL)
"""The site of calls whose edges nobody asks for: what module bodies do is not on the loop."""


class Edge(msgspec.Struct, frozen=True, gc=False):
    """One call: from the activation whose outcome holds it to a function, a library or nowhere."""

    site: CallSite
    target: Activation | LibraryCallable | None
    reason: str = ""


class Arguments(msgspec.Struct, frozen=True, gc=False):
    """The arguments of a call. ``open``: there may be more, from ``*x`` or ``**x``.

    ``node`` is the call they were written in, for conditions on their text; ``unpacked`` are the
    elements of ``*x`` where their number is not known. ``receiver`` is told to hooks: the library
    object whose method is called.
    """

    positional: tuple[Values, ...] = ()
    keywords: tuple[tuple[str, Values], ...] = ()
    open: bool = False
    node: r.Call | None = None
    unpacked: Values = ()
    receiver: LibraryInstance | None = None

    def at(self, position: int | None, keyword: str | None) -> Values:
        """The values of one argument, () when it is not given."""
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return next((values for name, values in self.keywords if name == keyword), ())


NO_ARGUMENTS = Arguments()


def deferred(items: Values, edges: Iterable[Edge], made: CallSite) -> Deferred:
    """Lazy work that gives ``items`` and makes the calls of ``edges`` where it is gone through.

    That may be in another thread than ``made``, where it is made: only what is handed on leaves it.
    """
    here = made.switches_to
    calls = [(e.target, None if e.site.switches_to is here else e.site.switches_to) for e in edges]
    return Deferred(items, tuple(dict.fromkeys(calls)))


class PlainCall(msgspec.Struct, frozen=True, gc=False):
    """A library call that ignores its arguments. ``result`` is None if it depends on the receiver.

    ``is_silent``: it cannot block, and nobody needs its edge.
    """

    target: LibraryCallable
    result: Values | None
    is_silent: bool


class Member(msgspec.Struct, frozen=True, gc=False):
    """What an instance has under a name.

    ``values`` are there at once; ``getters`` (properties, ``__getattr__``) give more when called
    with ``arguments``; ``library`` is the library base that has it instead.
    """

    values: Values = ()
    getters: Values = ()
    arguments: tuple[Values, ...] = ()
    library: LibraryInstance | None = None


NO_MEMBER = Member()


class Invoked(msgspec.Struct, frozen=True, gc=False):
    """What a library's method calls of a subclass in the project: members by name, other callables."""

    names: tuple[str, ...] = ()
    callables: Values = ()


NOT_INVOKED = Invoked()


class Record(msgspec.Struct, frozen=True, gc=False):
    """What the constructor of a class without an ``__init__`` takes and runs.

    ``positional`` are the fields in the order of its arguments; ``owners`` the class that
    declares each field; ``factories`` what makes a field that is not given; ``hooks`` the methods
    it calls, ``invoked`` what the constructor of a library base does.
    """

    positional: tuple[str, ...] = ()
    owners: dict[str, ClassObject] = {}
    factories: tuple[tuple[str, Values], ...] = ()
    hooks: tuple[str, ...] = ()
    invoked: Invoked = NOT_INVOKED


NO_RECORD = Record()


class Signature(msgspec.Struct, frozen=True, gc=False):
    """The annotations of a function's parameters.

    Per parameter: ``hints`` are the values of the annotation expression, ``declared`` the
    instances it stands for where that decides what the parameter is, () otherwise. ``undecided``
    are the parameters of which it does not decide; ``mapped`` those among them that are objects of a
    mapped class, of which the argument may tell where it comes from.
    """

    hints: tuple[Values, ...] = ()
    declared: tuple[Values, ...] = ()
    undecided: tuple[r.Parameter, ...] = ()
    mapped: tuple[r.Parameter, ...] = ()


UNSIGNED = Signature()


Ready = frozenset[tuple[tuple[str, ...], str | Values]]
"""What is known of receivers, spelled name by name: methods of them that do not wait at a place,
and the values that a test has left of them."""

LoopTelling = tuple[bool, bool, bool] | None
"""What a function's result says of the event loop: whether it is true only where a loop runs and
false only where none does, whether it is the other way round, and whether it depends on that at all."""


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What one activation does.

    ``names`` are the values of local names, for closures; ``stores`` the attributes it sets on
    ``self``; ``globals`` the names of outer scopes that it sets. ``targets`` are the
    activations among the targets of its edges; ``silent`` counts the calls that need none.
    ``tells``: what the result says of the event loop.
    """

    returns: Values = ()
    yields: Values = ()
    names: dict[str, Values] = {}
    stores: dict[str, Values] = {}
    globals: dict[str, Values] = {}
    edges: tuple[Edge, ...] = ()
    targets: tuple[Activation, ...] = ()
    silent: int = 0
    tells: LoopTelling = None


EMPTY = Outcome()


class Told:
    """What the user's knowledge says of the project's own code, by definition.

    ``functions`` are all functions that it speaks of: of the ``blocking`` it says that they block, of
    the ``harmless`` that they do not, of others what they return or run. ``attributes`` and
    ``variables`` are the types of attributes of classes and of modules' variables, ``types`` the
    project's classes that it names in types. ``handlers``: what the project calls itself, by the class or
    the module's body that it is registered with.
    """

    def __init__(self) -> None:
        self.functions: dict[r.Function, LibraryCallable] = {}
        self.blocking: dict[r.Function, LibraryCallable] = {}
        self.harmless: set[r.Function] = set()
        self.attributes: dict[tuple[r.Class, str], TypeUnion] = {}
        self.variables: dict[tuple[str, str], TypeUnion] = {}
        self.types: dict[str, ClassObject] = {}
        self.handlers: dict[r.Function | r.Class, tuple[Handler, ...]] = {}
