"""Calls that do not wait because of a test before them: ``if not jobs.empty(): jobs.get()``.

Another thread may still take the last job away, so what such a call does is possible at most.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.chains import spelled_out
from blocklint.flow.edges import Edge
from blocklint.model import Via

Ready = frozenset[tuple[tuple[str, ...], str]]
"""Receivers, spelled name by name, with the methods of them that do not wait."""

NOTHING: Ready = frozenset()

# Of queue.Queue, concurrent.futures.Future, threading.Event and Thread, multiprocessing's AsyncResult.
_TESTS: dict[str, tuple[bool, tuple[str, ...]]] = {
    "empty": (False, ("get",)),
    "qsize": (True, ("get",)),
    "full": (False, ("put",)),
    "done": (True, ("result", "exception")),
    "ready": (True, ("get",)),
    "is_set": (True, ("wait",)),
    "is_alive": (False, ("join",)),
}

READY_TESTS = frozenset({r.Call, r.Operator, r.BooleanOperation})


def ready(test: r.Expression, truth: bool) -> Ready:
    """What does not wait if a test has come out as ``truth``."""
    if type(test) not in READY_TESTS:
        return NOTHING
    match test:
        case r.Operator(operators=("not",), operands=(operand,)):
            return ready(operand, not truth)
        case r.BooleanOperation(operator=operator, operands=operands) if (operator == "and") is truth:
            return NOTHING.union(*(ready(operand, truth) for operand in operands))
        case r.Call(callee=r.Attribute(value=receiver, name=name), arguments=()) if name in _TESTS:
            wanted, methods = _TESTS[name]
            spelled = spelled_out(receiver)
            return frozenset((spelled, each) for each in methods) if spelled and wanted is truth else NOTHING
        case _:
            return NOTHING


def is_ready(found: Ready, edge: Edge) -> bool:
    """Whether an edge is a call of one of these methods."""
    called = edge.site.called
    if not isinstance(called, r.Attribute) or edge.site.via is not Via.CALL:
        return False
    return (spelled_out(called.value), called.name) in found


def without(found: Ready, name: str) -> Ready:
    """What is left when a name is bound to something else."""
    return frozenset(each for each in found if each[0][0] != name)
