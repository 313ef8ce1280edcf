"""One walk over an ordered body that follows the state of objects: held, expired, released.

What the states mean, and what changes them, is told by a :class:`Subject`. The walk keeps the order: branches
start from the same state and are joined behind, loops are gone through until nothing changes, and
what ``with`` and ``finally`` do at their end is done on every way out of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from blocklint.facts import records as r
from blocklint.flow.objects import State, join


class Subject(Protocol):
    """What happens to the objects that a rule follows. All of it changes the state that it is given."""

    def passes_over(self, node: r.Expression, state: State) -> bool:
        """Whether nothing in an expression changes the state, so that its parts need not be told of."""

    def evaluated(self, node: r.Expression, state: State) -> None:
        """An expression has been evaluated; its parts were told of before."""

    def bound(self, target: r.Expression, value: r.Expression | None, state: State) -> None:
        """A name, or targets of any other kind, are bound: to ``value``, if that is one expression."""

    def iterated(self, loop: r.Loop, state: State) -> None:
        """A loop asks for an item."""

    def entered(self, item: r.WithItem, is_async: bool, state: State) -> Any:
        """A context is entered and its target bound. The result is given to ``left``."""

    def left(self, item: r.WithItem, token: Any, state: State) -> None:
        """The end of a ``with`` is reached, on whatever way."""


class Walk:
    """The walk over one body."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._ends: dict[str, list[State]] = {"return": [], "break": [], "continue": []}
        self._raised: list[State | None] = []

    def run(self, body: Sequence[r.Statement], state: State) -> State | None:
        """Go through a function's body; what holds where it ends, None if it never does."""
        after: State | None = self._suite(body, state)
        for end in self._ends["return"]:
            after = join(after, end)
        return after

    def _suite(self, body: Sequence[r.Statement], state: State | None) -> State | None:
        for statement in body:
            if state is None:
                return None
            if self._raised:
                self._raised[-1] = join(self._raised[-1], state)
            state = _HANDLERS[type(statement)](self, statement, state)
        if self._raised and state is not None:
            self._raised[-1] = join(self._raised[-1], state)
        return state

    def _evaluate(self, node: r.Expression | None, state: State) -> None:
        if node is not None and not self._subject.passes_over(node, state):
            for each in in_order(node):
                self._subject.evaluated(each, state)

    def _expressions(self, statement: Any, state: State) -> State:
        for field in statement.__struct_fields__:
            value = getattr(statement, field)
            if isinstance(value, r.Record):
                self._evaluate(value, state)  # type: ignore[arg-type]
        return state

    def _assign(self, node: r.Assign, state: State) -> State:
        self._evaluate(node.value, state)
        for target in node.targets:
            if type(target) is not r.Name:
                self._evaluate(target, state)
            self._subject.bound(target, None if node.operator else node.value, state)
        return state

    def _delete(self, node: r.Delete, state: State) -> State:
        for target in node.targets:
            self._subject.bound(target, None, state)
        return state

    def _import(self, node: r.Import, state: State) -> State:
        for alias in node.names:
            state.names.pop(alias.bound, None)
        return state

    def _return(self, node: r.Return, state: State) -> None:
        self._evaluate(node.value, state)
        self._ends["return"].append(state)

    def _raise(self, node: r.Raise, state: State) -> None:
        self._evaluate(node.value, state)

    def _jump(self, node: r.Jump, state: State) -> None:
        self._ends[node.kind].append(state)

    def _if(self, node: r.If, state: State) -> State | None:
        after: State | None = None
        for branch in node.branches:
            self._evaluate(branch.test, state)
            after = join(after, self._suite(branch.body, state.copy()))
        return join(after, self._suite(node.orelse, state))

    def _loop(self, node: r.Loop, state: State) -> State | None:
        outer = self._ends["break"], self._ends["continue"]
        self._ends["break"] = []
        if node.target is not None:
            self._evaluate(node.iterable, state)
        while True:
            before = state.copy()
            self._ends["continue"] = []
            if node.target is None:
                self._evaluate(node.iterable, state)
            else:
                self._subject.iterated(node, state)
            leaving = state.copy()
            if node.target is not None:
                self._subject.bound(node.target, None, state)
            around = self._suite(node.body, state)
            for jump in self._ends["continue"]:
                around = join(around, jump)
            again = join(before, around)
            if again is None or again.is_same(before):
                break
            state = again
        ends_by_itself = node.target is not None or not _is_true(node.iterable)
        after = self._suite(node.orelse, leaving) if ends_by_itself else None
        for jump in self._ends["break"]:
            after = join(after, jump)
        self._ends["break"], self._ends["continue"] = outer
        return after

    def _with(self, node: r.With, state: State) -> State | None:
        if self._raised and self._raised[-1] is state:
            self._raised[-1] = state.copy()  # what is entered from here on ends before it is caught
        tokens = []
        for item in node.items:
            self._evaluate(item.context, state)
            tokens.append(self._subject.entered(item, node.is_async, state))

        def leave(at_end: State) -> State:
            for item, token in zip(reversed(node.items), reversed(tokens), strict=True):
                self._subject.left(item, token, at_end)
            return at_end

        def body() -> State | None:
            if not self._raised:
                return self._suite(node.body, state)
            self._raised.append(None)
            after = self._suite(node.body, state)
            raised = self._raised.pop()
            if raised is not None:  # it ends for whoever catches what is raised in it, too
                self._raised[-1] = join(self._raised[-1], leave(raised.copy()))
            return after

        return self._around(body, leave)

    def _around(
        self, body: Callable[[], State | None], leave: Callable[[State], State | None]
    ) -> State | None:
        """Run a part, and on every way out of it that there is what comes at its end."""
        outer = self._ends
        self._ends = {kind: [] for kind in outer}
        after = body()
        inner, self._ends = self._ends, outer
        for kind, states in inner.items():
            self._ends[kind] += [left for each in states if (left := leave(each)) is not None]
        return leave(after) if after is not None else None

    def _try(self, node: r.Try, state: State) -> State | None:
        if not node.final:
            return self._caught(node, state)
        raised: list[State | None] = [None]

        def body() -> State | None:
            self._raised.append(None)
            found = self._caught(node, state)
            raised[0] = self._raised.pop()
            return found

        ended = []

        def leave(at_end: State) -> State | None:
            ended.append(at_end)
            return self._suite(node.final, at_end)

        after = self._around(body, leave)
        if not ended and raised[0] is not None:  # no way leads out of it but exceptions
            raised[0].unsure = True
            self._suite(node.final, raised[0])
        return after

    def _caught(self, node: r.Try, state: State) -> State | None:
        """The parts of ``try`` without its final suite."""
        self._raised.append(None)
        after = self._suite(node.body, state)
        raised = self._raised.pop()
        after = self._suite(node.orelse, after)
        for handler in node.handlers:
            if raised is not None:
                start = raised.copy()
                start.unsure = True
                self._evaluate(handler.type, start)
                after = join(after, self._suite(handler.body, start))
        return after

    def _match(self, node: r.Match, state: State) -> State | None:
        self._evaluate(node.subject, state)
        after: State | None = state.copy()
        for case in node.cases:
            start = state.copy()
            self._evaluate(case.guard, start)
            after = join(after, self._suite(case.body, start))
        return after

    def _skip(self, node: r.Statement, state: State) -> State:
        """Definitions run nothing of their bodies."""
        return state


def _is_true(node: r.Expression) -> bool:
    return type(node) is r.Constant and bool(node.value)


def in_order(node: r.Expression) -> Iterator[r.Expression]:
    """An expression and its parts in the order in which they are evaluated; the bodies of lambdas are not.

    Operands that may be left out are taken as evaluated.
    """
    stack: list[tuple[Any, bool]] = [(node, False)]
    while stack:
        item, is_done = stack.pop()
        kind = type(item)
        if is_done or kind is r.Name or kind is r.Constant:
            yield item
            continue
        if kind is tuple:
            stack += [(each, False) for each in reversed(item)]
        elif kind is r.Lambda:
            yield item
        elif kind in _EXPRESSIONS:
            stack.append((item, True))
            stack += [(part, False) for part in reversed(_parts(item))]
        elif kind is r.Keyword or kind is r.Generation:
            stack += [(part, False) for part in reversed(_parts(item))]


def _parts(item: Any) -> list[Any]:
    """The records directly in an expression, in the order of evaluation."""
    if type(item) is r.Attribute:
        return [item.value]
    if type(item) is r.Comprehension:
        return [*item.generations, item.key, item.item]
    if type(item) is r.Generation:
        return [item.iterable, item.conditions]
    if type(item) is r.Call:
        return [item.callee, item.arguments, item.keywords]
    values = [getattr(item, field) for field in item.__struct_fields__ if field != "span"]
    return [value for value in values if type(value) not in _TEXTS]


_TEXTS = frozenset({str, int, bool, type(None)})

_EXPRESSIONS = frozenset(
    {
        r.Attribute, r.Call, r.Subscript, r.Await, r.Yield, r.Conditional, r.BooleanOperation, r.Comparison,
        r.Operator, r.Collection, r.Comprehension, r.FormattedString, r.Walrus, r.Starred, r.Opaque,
    }
)  # fmt: skip

_HANDLERS: dict[type, Callable[[Walk, Any, State], State | None]] = {
    r.Assign: Walk._assign, r.Evaluate: Walk._expressions, r.Return: Walk._return, r.If: Walk._if,
    r.Loop: Walk._loop, r.With: Walk._with, r.Try: Walk._try, r.Match: Walk._match, r.Raise: Walk._raise,
    r.Assert: Walk._expressions, r.Jump: Walk._jump, r.Delete: Walk._delete, r.Import: Walk._import,
    r.Declare: Walk._skip, r.DefineFunction: Walk._skip, r.DefineClass: Walk._skip,
}  # fmt: skip
