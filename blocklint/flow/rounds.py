"""How much work a loop is: how often it goes round, as far as the text tells, and what each round does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blocklint.facts import records as r
from blocklint.facts.walk import expressions, own_expressions
from blocklint.flow.base import Frame
from blocklint.flow.numbers import number
from blocklint.project.scopes import scope_statements

_OPERATIONS = frozenset({r.Call, r.Operator, r.Comparison, r.Subscript, r.Comprehension})
_EXITS = frozenset({r.Return, r.Raise, r.Assert})


def is_range(iterable: r.Expression) -> bool:
    """Whether something is written as ``range(…)``."""
    return type(iterable) is r.Call and type(iterable.callee) is r.Name and iterable.callee.name == "range"


def rounds_of(frame: Frame, iterable: r.Expression) -> int | None:
    """How often a loop over a ``range`` of constants goes round, None if it is not known."""
    if type(iterable) is not r.Call or not is_range(iterable):
        return None
    found = [number(frame, each) for each in iterable.arguments]
    numbers = [each for each in found if each is not None]
    if len(numbers) < len(found) or not 1 <= len(numbers) <= 3:
        return None
    start, stop = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) == 3 else 1
    return max(0, -((start - stop) // step)) if step else None


def steps_of(frame: Frame, node: r.Loop) -> int | None:
    """The steps of a ``for`` over a constant range, with those of such loops in it; None if it is none."""
    rounds = rounds_of(frame, node.iterable) if node.kind == "for" else None
    if rounds is None:
        return None
    inner = [steps_of(frame, each) for each in _entered(node.body)]
    return rounds * (1 + operations(node.body) + sum(each or 0 for each in inner))


def counted(frame: Frame, node: r.Loop) -> int | None:
    """The steps of ``i = 0⏎while i < 1000: …; i += 1`` with constants; None if it is no such loop."""
    test = node.iterable
    if type(test) is not r.Comparison or len(test.operands) != 2 or type(test.operands[0]) is not r.Name:
        return None
    counter = test.operands[0].name
    changes = [each for each in loop_assignments(node) if _is_name(each.targets, counter)]
    if len(changes) != 1 or changes[0] not in node.body or changes[0].value is None:
        return None
    change = changes[0]
    first, end = _first(frame, counter), number(frame, test.operands[1])
    step = number(frame, change.value) if change.value is not None else None
    if first is None or end is None or not step or _DIRECTIONS.get(test.operators[0]) != change.operator:
        return None
    return max(0, (end - first if change.operator == "+" else first - end) // step) * (
        1 + operations(node.body)
    )


_DIRECTIONS = {"<": "+", "<=": "+", ">": "-", ">=": "-"}
"""How a counter has to change to come to the end of a comparison."""


def loop_assignments(node: r.Loop) -> list[r.Assign]:
    """The assignments in a loop's body."""
    return [each for each in scope_statements(node.body) if type(each) is r.Assign]


def _is_name(targets: tuple[r.Expression, ...], name: str) -> bool:
    return len(targets) == 1 and type(targets[0]) is r.Name and targets[0].name == name


def _first(frame: Frame, name: str) -> int | None:
    """What a counter begins with: the one constant that it is set to."""
    if frame.activation is None:
        return None
    bound = frame.inference.project.function_bindings[frame.activation.function].get(name, ())
    plain = [each for each in bound if each.kind != "augment"]
    if len(plain) != 1 or plain[0].kind != "assign" or plain[0].path or plain[0].value is None:
        return None
    return number(frame, plain[0].value)


def operations(body: Sequence[r.Statement]) -> int:
    """The operations that every round makes: not those of branches and of the loops inside."""
    count = 0
    for statement in body:
        kind = type(statement)
        if type(statement) is r.If:
            count += in_expressions((statement.branches[0].test,))
        elif kind is r.Assign or kind is r.Evaluate:
            count += sum(type(each) in _OPERATIONS for each in own_expressions(statement))
            count += kind is r.Assign and statement.operator not in ("", "type")  # type: ignore[union-attr]
        elif type(statement) is r.With or type(statement) is r.Try:
            count += operations(statement.body)
    return count


def in_expressions(parts: Sequence[r.Expression]) -> int:
    """The operations in some expressions."""
    return sum(type(each) in _OPERATIONS for each in expressions(parts))


def _entered(body: Sequence[r.Statement]) -> Iterator[r.Loop]:
    """The loops that every round enters: those in branches may be passed by."""
    for statement in body:
        if type(statement) is r.Loop:
            yield statement
        elif type(statement) is r.With or type(statement) is r.Try:
            yield from _entered(statement.body)


def leaves(node: r.Loop) -> bool:
    """Whether a loop may be left before it has come to its end, or a loop inside it."""
    return any(
        type(each) in _EXITS or (type(each) is r.Jump and each.kind == "break")
        for each in scope_statements(node.body)
    )
