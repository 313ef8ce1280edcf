"""Loops that do nothing but compute for long, without a turn for the event loop in between.

Their size is what the text says: ``range()`` of constants, the counter of a ``while``, nested loops
multiplied. A step is one round of an empty loop or one operation in its body: about 20 ns, as
``docs/measure/cpu_loops.py`` measures it.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.base import Frame
from blocklint.flow.edges import CallSite, Edge
from blocklint.flow.frames import BodyFrame
from blocklint.flow.rounds import (
    counted,
    in_expressions,
    is_range,
    leaves,
    loop_assignments,
    rounds_of,
    steps_of,
)
from blocklint.flow.suspending import may_suspend
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks, Certainty, Via
from blocklint.project.scopes import scope_statements

LONG = 2_500_000
"""The steps that take 50 ms: whoever waits for the event loop feels that."""

# One object for each, whose identity tells edges apart.
FOR = {level: LibraryCallable("for loop", Blocks.COMPUTATION, level) for level in Certainty}
WHILE = {level: LibraryCallable("while loop", Blocks.COMPUTATION, level) for level in Certainty}

_PURE = frozenset(
    {"abs", "bool", "divmod", "float", "hash", "int", "len", "max", "min", "pow", "range", "round", "sum"}
)
"""Builtins that compute, and do not wait."""

_ENDS = frozenset({r.Return, r.Raise, r.Jump})


def note_loop(frame: BodyFrame, node: r.Loop) -> None:
    """Note a loop whose body has been interpreted, if it keeps the thread busy for long."""
    is_for = node.target is not None
    level = _of_for(frame, node) if is_for else _of_while(frame, node)
    if level is None or may_suspend(frame.inference, node.body, frame.edges()):
        return
    # One fault, however many loops it is made of: the outermost of the surest.
    inner = {
        edge: edge.target.certainty
        for edge in frame.noted_within(node.span)
        if type(edge.target) is LibraryCallable and edge.target.blocks is Blocks.COMPUTATION
    }
    if any(certainty > level for certainty in inner.values()):
        return
    frame.forget(inner)
    frame.record(Edge(loop_site(node), (FOR if is_for else WHILE)[level]))


def note_comprehension(frame: Frame, node: r.Comprehension) -> None:
    """Note a comprehension over constant ranges that takes long; of a generator not all may be taken."""
    steps = 1 + in_expressions((node.item,))
    for generation in node.generations:
        rounds = rounds_of(frame, generation.iterable)
        if rounds is None:
            return
        steps *= rounds
    if steps >= LONG and not may_suspend(frame.inference, (node.item,), ()):
        level = Certainty.LIKELY if node.kind == "generator" else Certainty.CERTAIN
        iterable = node.generations[0].iterable
        frame.record(Edge(CallSite(iterable.span, iterable, Via.ITERATION), FOR[level]))


def loop_site(node: r.Loop) -> CallSite:
    """Where a loop is entered: its iterable or test. A constant has to be given its length."""
    test = node.iterable
    if type(test) is not r.Constant:
        return CallSite(test.span, test, Via.ITERATION)
    span = test.line, test.column, test.line, test.column + len(str(test.value))
    return CallSite(span, None, Via.ITERATION)


def _of_for(frame: BodyFrame, node: r.Loop) -> Certainty | None:
    steps = steps_of(frame, node)
    if steps is None:
        is_nested = is_range(node.iterable) and any(
            type(each) is r.Loop and is_range(each.iterable) and rounds_of(frame, each.iterable) is None
            for each in scope_statements(node.body)
        )
        return Certainty.POSSIBLE if is_nested else None
    if steps < LONG:
        return None
    if leaves(node):
        return Certainty.POSSIBLE
    given = {parameter.name for parameter in frame.activation.function.parameters}
    parts = expressions((node.iterable,))
    is_given = any(type(each) is r.Name and each.name in given for each in parts)
    return Certainty.LIKELY if is_given else Certainty.CERTAIN


def _of_while(frame: BodyFrame, node: r.Loop) -> Certainty | None:
    """Only where all that is done is computing: any other call may wait, or end the loop by raising."""
    for each in expressions((node.iterable, *node.body)):
        if type(each) is r.Call and not (type(each.callee) is r.Name and each.callee.name in _PURE):
            return None
    if frame.noted_within(node.span) or (node.body and type(node.body[-1]) in _ENDS):
        return None  # properties and operators may do anything; it goes round once
    if leaves(node):
        return Certainty.POSSIBLE
    if type(node.iterable) is r.Constant:
        return Certainty.CERTAIN if node.iterable.value else None
    steps = counted(frame, node)
    if steps is not None:
        return Certainty.CERTAIN if steps >= LONG else None
    # ``while not self.ready: pass``: nothing on the loop can change it meanwhile.
    return Certainty.POSSIBLE if loop_assignments(node) else Certainty.CERTAIN
