"""Guards on the thread: tests that tell whether the code behind them runs on the event loop.

``asyncio.get_running_loop()`` raises RuntimeError off the loop, so what catches that is off it;
``threading.current_thread() is threading.main_thread()`` tells it as well, the main thread being
where servers run the loop.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.frames import BodyFrame
from blocklint.project.scopes import targets
from blocklint.project.values import Library, LibraryInstance, LibraryMethod, Literal, Values

RUNNING_LOOP = frozenset(
    {"asyncio.get_running_loop", "asyncio.current_task", "sniffio.current_async_library"}
)
OWN_THREAD = frozenset(
    {"threading.get_ident", "threading.get_native_id", "threading.current_thread"}
)
LAST_NAMES = frozenset(name.rpartition(".")[2] for name in OWN_THREAD)


NEITHER = (False, False)

TESTS = frozenset({r.Name, r.Comparison, r.Operator, r.BooleanOperation, r.Call})


def off_loop(frame: BodyFrame, test: r.Expression) -> tuple[bool, bool]:
    """Whether it is off the event loop that a test holds, and whether that it fails."""
    if type(test) not in TESTS:
        return NEITHER
    match test:
        case r.Name(name=name):
            return (False, True) if name in frame.loop_names else NEITHER
        case r.Comparison(operators=(operator,), operands=(left, right)) if operator in EQUALITY:
            return _compared(frame, left, operator, right)
        case r.Operator(operators=("not",), operands=(operand,)):
            holds, fails = off_loop(frame, operand)
            return fails, holds
        case r.BooleanOperation(operator=operator, operands=operands):
            found = [off_loop(frame, operand) for operand in operands]
            if operator == "and":
                return any(holds for holds, _ in found), False
            return False, any(fails for _, fails in found)
        case r.Call(callee=r.Attribute(name="is_running") as callee):
            # Where it holds, the loop may still run in another thread.
            return False, any(map(_is_loop_method, frame.inference.evaluate(frame, callee)))
        case _:
            return NEITHER


EQUALITY = {"is": True, "==": True, "is not": False, "!=": False}


def _is_loop_method(value: object) -> bool:
    return (
        isinstance(value, LibraryMethod) and value.receiver.name == "asyncio.AbstractEventLoop"
    )


def _compared(
    frame: BodyFrame, left: r.Expression, operator: str, right: r.Expression
) -> tuple[bool, bool]:
    if type(right) is r.Constant and (right.kind != "None" or not frame.loop_names):
        return NEITHER  # by far the most comparisons
    equal = EQUALITY[operator]
    if type(right) is r.Constant:
        known = isinstance(left, r.Name) and left.name in frame.loop_names
        return (equal, not equal) if known else NEITHER
    for one, other in ((left, right), (right, left)):
        if _asks_own_thread(frame, one) and _names_loop_thread(other):
            return not equal, equal
    return NEITHER


def _asks_own_thread(frame: BodyFrame, expression: r.Expression) -> bool:
    """``threading.get_ident()``, ``threading.current_thread()`` and its ``ident`` and ``name``."""
    while isinstance(expression, r.Attribute):
        expression = expression.value
    if not isinstance(expression, r.Call):
        return False
    name = getattr(expression.callee, "name", "")
    return name in LAST_NAMES and _is_named(frame, expression.callee, OWN_THREAD)


def _is_named(frame: BodyFrame, callee: r.Expression, names: frozenset[str]) -> bool:
    values: Values = frame.inference.evaluate(frame, callee)
    return any(isinstance(value, Library) and value.name in names for value in values)


def _names_loop_thread(expression: r.Expression) -> bool:
    """``threading.main_thread()``, or a name that speaks of the loop or the main thread."""
    while isinstance(expression, r.Call | r.Attribute | r.Name):
        if isinstance(expression, r.Call):
            expression = expression.callee
            continue
        if any(word in expression.name.lower() for word in ("loop", "main")):
            return True
        if isinstance(expression, r.Name):
            return False
        expression = expression.value
    return False


def catches_no_loop(frame: BodyFrame, node: r.Try, handler: r.Handler) -> bool:
    """Whether a handler runs because no loop does: ``except RuntimeError`` of a guard."""
    if not node.body or not _asks_for_loop(frame, node.body[0]):
        return False
    if handler.type is None:
        return len(node.body) == 1
    caught = {getattr(part, "name", "") for part in _parts(handler.type)}
    return "RuntimeError" in caught or (len(node.body) == 1 and "Exception" in caught)


def _parts(expression: r.Expression) -> tuple[r.Expression, ...]:
    return expression.items if isinstance(expression, r.Collection) else (expression,)


def _asks_for_loop(frame: BodyFrame, statement: r.Statement) -> bool:
    match statement:
        case r.Assign(value=r.Call(callee=callee)) | r.Evaluate(value=r.Call(callee=callee)):
            pass
        case r.Return(value=r.Call(callee=callee)):
            pass
        case _:
            return False
    name = getattr(callee, "name", "")
    return any(known.endswith(f".{name}") for known in RUNNING_LOOP) and _is_named(
        frame, callee, RUNNING_LOOP
    )


def telling_names(
    node: r.Try, on_loop: dict[str, Values], off_loop: dict[str, Values]
) -> Iterator[str]:
    """The names that are true after a guard where a loop runs, and false where none does."""
    for statement in (*node.body, *node.orelse):
        if isinstance(statement, r.Assign):
            for target in statement.targets:
                for name, _ in targets(target):
                    if _are(True, on_loop.get(name, ())) and _are(False, off_loop.get(name, ())):
                        yield name


def _are(truth: bool, values: Values) -> bool:
    """Whether values are certainly true, or certainly false."""
    return bool(values) and all(
        bool(value.value) is truth
        if isinstance(value, Literal)
        else truth and isinstance(value, LibraryInstance)
        for value in values
    )
