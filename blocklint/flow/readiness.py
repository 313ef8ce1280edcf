"""What tests tell of receivers until these are set again.

Calls do not wait because of a test before them: ``if not jobs.empty(): jobs.get()``.
Another thread may still take the last job away, so what such a call does is possible at most.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.chains import spelled_out
from blocklint.flow.edges import Edge, Ready
from blocklint.flow.instance_tests import of_classes
from blocklint.model import Via
from blocklint.project.values import Values

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

UNBLOCKING = {"setblocking": (False, 0), "settimeout": (0,)}
"""Methods of sockets after which no other waits: it raises instead. With which argument."""

_OF_SOCKETS = (
    "accept", "connect", "connect_ex", "recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg",
    "send", "sendall", "sendmsg", "sendto",
)  # fmt: skip

READY_TESTS = frozenset({r.Call, r.Operator, r.BooleanOperation})


def also(frame: Frame, before: Ready, test: r.Expression, truth: bool) -> Ready:
    """What is known of receivers if a test has come out as ``truth``, beside what was before."""
    found = _told(frame, test, truth) if type(test) in READY_TESTS else NOTHING
    if not found:
        return before
    narrowed = [receiver for receiver, what in found if type(what) is tuple]
    return found.union(e for e in before if type(e[1]) is str or e[0] not in narrowed)


def unblocked(before: Ready, call: r.Call) -> Ready:
    """What is known of receivers behind ``sock.setblocking(False)``, or ``(True)``."""
    callee, arguments = call.callee, call.arguments
    if type(callee) is not r.Attribute or not (spelled := spelled_out(callee.value)):
        return before
    given = arguments[0] if len(arguments) == 1 else None
    if type(given) is r.Constant and given.kind != "None" and given.value in UNBLOCKING[callee.name]:
        return before | {(spelled, each) for each in _OF_SOCKETS}
    return frozenset(each for each in before if each[0] != spelled or each[1] not in _OF_SOCKETS)


def _told(frame: Frame, test: r.Expression, truth: bool) -> Ready:
    if type(test) is r.Operator:
        return _told(frame, test.operands[0], not truth) if test.operators == ("not",) else NOTHING
    if type(test) is r.BooleanOperation:
        if (test.operator == "and") is not truth:
            return NOTHING
        return NOTHING.union(*[_told(frame, operand, truth) for operand in test.operands])
    if type(test) is not r.Call:
        return NOTHING
    callee, arguments = test.callee, test.arguments
    if type(callee) is r.Attribute and not arguments and callee.name in _TESTS:
        wanted, methods = _TESTS[callee.name]
        spelled = spelled_out(callee.value)
        return frozenset((spelled, each) for each in methods) if spelled and wanted is truth else NOTHING
    if type(callee) is not r.Name or callee.name != "isinstance" or len(arguments) != 2:
        return NOTHING
    subject, types = arguments
    if type(subject) is not r.Attribute:
        return NOTHING
    spelled = spelled_out(subject)
    values = frame.inference.evaluate(frame, subject) if spelled else ()
    left = of_classes(frame, values, types, truth)
    if truth and not left:  # what else sets an attribute may not be seen
        left = of_classes(frame, (), types, truth)
    return frozenset({(spelled, left)}) if spelled and left is not None else NOTHING


def is_ready(found: Ready, edge: Edge) -> bool:
    """Whether an edge is a call of one of these methods."""
    called = edge.site.called
    if not isinstance(called, r.Attribute) or edge.site.via is not Via.CALL:
        return False
    return (spelled_out(called.value), called.name) in found


def narrowed(found: Ready, node: r.Attribute) -> Values | None:
    """The values that a test has left of an attribute, None where none has."""
    for receiver, what in found:
        if type(what) is tuple and receiver[-1] == node.name and receiver == spelled_out(node):
            return what
    return None


def without_attribute(found: Ready, target: r.Attribute) -> Ready:
    """What is left when an attribute is set."""
    spelled = spelled_out(target)
    return frozenset(each for each in found if each[0][: len(spelled)] != spelled) if spelled else found


def without(found: Ready, name: str) -> Ready:
    """What is left when a name is bound to something else."""
    return frozenset(each for each in found if each[0][0] != name)
