"""Guards on the thread: tests that tell whether the code behind them runs on the event loop.

``asyncio.get_running_loop()`` raises RuntimeError off the loop, so what catches that is off it;
``threading.current_thread() is threading.main_thread()`` tells it as well, the main thread being
where servers run the loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from blocklint.facts import records as r
from blocklint.flow.binding import activation
from blocklint.flow.chains import spelled_out
from blocklint.flow.edges import Arguments, LoopTelling
from blocklint.flow.flags import flagged
from blocklint.flow.frames import BodyFrame
from blocklint.project.scopes import targets
from blocklint.project.values import (
    FunctionObject,
    Library,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Values,
)

RUNNING_LOOP = frozenset(
    {"asyncio.get_running_loop", "asyncio.current_task", "sniffio.current_async_library"}
)
ASKING_FOR_LOOP = RUNNING_LOOP | {"asyncio.get_event_loop"}
"""What raises in a thread without a loop; the last gives a loop that does not run yet, too."""
OWN_THREAD = frozenset(
    {"threading.get_ident", "threading.get_native_id", "threading.current_thread"}
)
LAST_NAMES = frozenset(name.rpartition(".")[2] for name in OWN_THREAD)
ASKING_NAMES = frozenset(name.rpartition(".")[2] for name in ASKING_FOR_LOOP)
LOOP_NAMES = frozenset(name.rpartition(".")[2] for name in RUNNING_LOOP)

NO_ARGUMENTS = Arguments(())
BOOL: Values = (LibraryInstance("builtins.bool"),)

NEITHER = (False, False)



def off_loop(frame: BodyFrame, test: Any) -> tuple[bool, bool]:
    """Whether it is off the event loop that a test holds, and whether that it fails."""
    kind = type(test)
    if kind is r.Name:
        return _answer(frame, test)
    if kind is r.Comparison:
        if len(test.operators) > 1 or test.operators[0] not in EQUALITY:
            return NEITHER
        return _compared(frame, test.operands[0], test.operators[0], test.operands[1])
    if kind is r.Operator and test.operators == ("not",):
        holds, fails = off_loop(frame, test.operands[0])
        return fails, holds
    if kind is r.BooleanOperation:
        found = [off_loop(frame, operand) for operand in test.operands]
        if test.operator == "and":
            return any(holds for holds, _ in found), False
        return False, any(fails for _, fails in found)
    if kind is r.Call and not test.arguments and not test.keywords:
        return _by_call(frame, test.callee)
    return NEITHER


def _answer(frame: BodyFrame, name: r.Name) -> tuple[bool, bool]:
    """What a name says that is set where a loop is asked for, or holds what such a test has told."""
    if name.name in frame.loop_names:
        return False, True
    values = frame.lookup(name.name)
    if not values or type(values[0]) not in ANSWERS:
        return NEITHER
    test = flagged(frame, name.name, values)
    return NEITHER if test is None else off_loop(frame, test)


def _by_call(frame: BodyFrame, callee: r.Expression) -> tuple[bool, bool]:
    """``loop.is_running()``, or a function of the project that tells whether a loop runs."""
    if type(callee) is not r.Name and not (type(callee) is r.Attribute and spelled_out(callee)):
        return NEITHER
    values = frame.inference.evaluate(frame, callee)
    if callee.name == "is_running":  # where it holds, the loop may still run in another thread
        return False, any(map(_is_loop_method, values))
    match values:
        case (FunctionObject(function=function) as called,):
            if function.is_async or function.is_generator:
                return NEITHER
            tells = frame.inference.outcome(activation(frame.inference, called, NO_ARGUMENTS)).tells
        case (Library(name="asyncio._get_running_loop" | "asyncio.events._get_running_loop"),):
            return False, True
        case _:
            return NEITHER
    return (tells[1], tells[0]) if tells is not None and tells[2] else NEITHER


TELLS_NOTHING: LoopTelling = (False, False, False)


ANSWERS = frozenset({Literal, LibraryInstance})


def note_return(frame: BodyFrame, expression: r.Expression | None, values: Values) -> None:
    """Note what is returned, and on which side of the loop: a function may tell its callers."""
    if len(values) != 1 or type(values[0]) not in ANSWERS:  # by far the most
        frame.tells = TELLS_NOTHING
        return
    true, false, decisive = frame.tells or (True, True, False)
    here = not frame.elsewhere
    holds = fails = False
    if here and expression is not None and values == BOOL:
        holds, fails = off_loop(frame, expression)
        fails = fails or _compares_loop(frame, expression)
    frame.tells = (
        true and (fails or _certainly(here, values)),
        false and (holds or _certainly(not here, values)),
        decisive or not here or holds or fails,
    )
    if not frame.tells[0] and not frame.tells[1]:
        frame.tells = TELLS_NOTHING


def _compares_loop(frame: BodyFrame, expression: r.Expression) -> bool:
    """``asyncio.current_task() is not None``, where no loop at all raises."""
    match expression:
        case r.Comparison(operators=("is not" | "==" | "!=",), operands=(r.Call(callee=callee), _)):
            return getattr(callee, "name", "") in LOOP_NAMES and _is_named(frame, callee, RUNNING_LOOP)
        case _:
            return False


def _certainly(truth: bool, values: Values) -> bool:
    value = values[0]
    if type(value) is LibraryInstance and value.name.startswith("builtins."):
        return False
    return _are(truth, values)


EQUALITY = {"is": True, "==": True, "is not": False, "!=": False}


ANSWERING = frozenset({r.Name, r.Call})
"""What may be None where no loop runs."""


def _is_loop_method(value: object) -> bool:
    return (
        isinstance(value, LibraryMethod) and value.receiver.name == "asyncio.AbstractEventLoop"
    )


def _compared(
    frame: BodyFrame, left: r.Expression, operator: str, right: r.Expression
) -> tuple[bool, bool]:
    if type(right) is r.Constant and right.kind != "None":
        return NEITHER  # by far the most comparisons
    equal = EQUALITY[operator]
    if type(right) is r.Constant:
        holds, fails = off_loop(frame, left) if type(left) in ANSWERING else NEITHER
        return (fails, holds) if equal else (holds, fails)
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
    """Whether a handler runs because no loop does: ``except RuntimeError`` of a guard.

    ``except Exception`` is one as well, but in a coroutine, which always has a loop: there it can only be
    about the other statements.
    """
    if not node.body or not _asks_for_loop(frame, node.body[0]):
        return False
    alone = not frame.activation.function.is_async or all(map(_raises_nothing, node.body[1:]))
    if handler.type is None:
        return alone
    caught = {getattr(part, "name", "") for part in _parts(handler.type)}
    return not caught.isdisjoint(RAISED) or (alone and "Exception" in caught)


RAISED = frozenset({"RuntimeError", "AsyncLibraryNotFoundError", "NoEventLoopError"})
"""What asking for the loop raises where there is none; of sniffio and anyio."""


def _raises_nothing(statement: r.Statement) -> bool:
    """``return True``, ``running = True``."""
    return isinstance(statement, r.Return | r.Assign) and isinstance(statement.value, r.Constant)


def _parts(expression: r.Expression) -> tuple[r.Expression, ...]:
    return expression.items if isinstance(expression, r.Collection) else (expression,)


def _asks_for_loop(frame: BodyFrame, statement: r.Statement) -> bool:
    match statement:
        case r.Assign(value=r.Call(callee=callee)) | r.Evaluate(value=r.Call(callee=callee)):
            pass
        case r.Return(value=r.Call(callee=callee) | r.Comparison(operands=(r.Call(callee=callee), _))):
            pass
        case _:
            return False
    name = getattr(callee, "name", "")
    return name in ASKING_NAMES and _is_named(frame, callee, ASKING_FOR_LOOP)


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
