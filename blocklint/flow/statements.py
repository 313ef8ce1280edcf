"""Statements: a body is interpreted in order, branch by branch.

``frame.env`` holds the values of local names at the current place. Branches start from the same
values and are joined behind; a loop's body is interpreted again while its values change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from blocklint.facts import records as r
from blocklint.flow import burning, once
from blocklint.flow.annotations import instances
from blocklint.flow.assignments import assign_statement, bind_target, delete_statement
from blocklint.flow.binding import default
from blocklint.flow.edges import NO_ARGUMENTS, Arguments
from blocklint.flow.environments import Env, assume, carries, copied, join
from blocklint.flow.expressions import evaluate
from blocklint.flow.frames import BodyFrame
from blocklint.flow.guards import TELLS_NOTHING, catches_no_loop, note_return, off_loop, telling_names
from blocklint.flow.iteration import element, entered
from blocklint.flow.names import bound
from blocklint.flow.narrowing import narrowing_by_pattern, narrowings
from blocklint.flow.patterns import bind_pattern
from blocklint.flow.protocols import site
from blocklint.flow.readiness import READY_TESTS, UNBLOCKING, also, unblocked
from blocklint.flow.rounds import is_range
from blocklint.flow.tested import tested
from blocklint.model import Via
from blocklint.project.scopes import Binding
from blocklint.project.values import NONE, ClassObject, FunctionObject, union

MOST_ROUNDS = 3
"""How often a loop's body is interpreted at most: values travel that far around it."""


def run(frame: BodyFrame, body: Sequence[r.Statement]) -> None:
    """Interpret a suite; it ends early where no way leads on."""
    for statement in body:
        if frame.env is None:
            return
        HANDLERS[type(statement)](frame, statement)


# --------------------------------------------------------------------- simple


def _evaluate(frame: BodyFrame, node: r.Evaluate) -> None:
    value = node.value
    evaluate(frame, value)
    if type(value) is r.Call and type(value.callee) is r.Attribute and value.callee.name in UNBLOCKING:
        frame.ready = unblocked(frame.ready, value)


def _return(frame: BodyFrame, node: r.Return) -> None:
    values = evaluate(frame, node.value) if node.value is not None else (NONE,)
    frame.returns = union(frame.returns, values)
    if frame.tells is not TELLS_NOTHING:
        note_return(frame, node.value, values)
    frame.env = None


def _raise(frame: BodyFrame, node: r.Raise) -> None:
    for part in (node.value, node.cause):
        if part is not None:
            values = evaluate(frame, part)
            classes = tuple([v for v in values if type(v) is ClassObject]) if type(part) is not r.Call else ()
            if classes:  # ``raise Failed`` makes the exception itself
                frame.inference.call(frame, classes, NO_ARGUMENTS, site(part, Via.CALL))
    frame.env = None


def _assert(frame: BodyFrame, node: r.Assert) -> None:
    tested(frame, node.test, evaluate(frame, node.test))
    assume(frame, node.test)


def _jump(frame: BodyFrame, node: r.Jump) -> None:
    frame.jumped = join(frame.jumped, frame.env)
    frame.env = None


def _define(frame: BodyFrame, node: r.DefineFunction | r.DefineClass | r.Import) -> None:
    match node:
        case r.DefineFunction(function=function):
            name = function.name.rpartition(".")[2]
            for parameter in function.parameters:
                if parameter.default is not None:
                    evaluate(frame, parameter.default)
            frame.assign(name, bound(frame, Binding("function", name, node)))
            shared = (*function.declared_nonlocal, *frame.locals_among(function.filled))
            if shared:
                nested = FunctionObject(frame.file, function, frame.closure)
                frame.share(shared, default(nested))
        case r.DefineClass(definition=definition):
            name = definition.name.rpartition(".")[2]
            _define_class(frame, definition)
            frame.assign(name, bound(frame, Binding("class", name, node)))
        case r.Import(names=names):
            for alias in names:
                binding = Binding("import", alias.bound, node, imported=alias)
                frame.assign(alias.bound, bound(frame, binding))


def _define_class(frame: BodyFrame, definition: r.Class) -> None:
    """The class body runs where its statement stands; its names are gone behind it."""
    for expression in (*definition.bases, *(keyword.value for keyword in definition.keywords)):
        evaluate(frame, expression)
    cls = ClassObject(frame.file, definition, frame.closure)
    with frame.in_class(cls):
        run(frame, definition.body)
    for decorator in reversed(definition.decorators):
        found = evaluate(frame, decorator)
        frame.inference.call(frame, found, Arguments(((cls,),)), site(decorator, Via.DECORATOR))


def _declare(frame: BodyFrame, node: r.Declare) -> None:
    """``global`` and ``nonlocal`` are part of the function's record."""


# ------------------------------------------------------------------- branches


def _if(frame: BodyFrame, node: r.If) -> None:
    after: Env | None = None
    before, ends = frame.elsewhere, list[bool]()
    outer, unless = frame.ready, frame.ready
    for branch in node.branches:
        test = branch.test
        values = evaluate(frame, test)
        if frame.inference.project.truth_methods:
            tested(frame, test, values)
        if frame.env is None:
            break
        holds, fails = narrowings(frame, test)
        off, off_else = off_loop(frame, test)
        otherwise, still = frame.env, frame.elsewhere
        frame.env = otherwise.copy()
        if holds:
            frame.env.update(holds)
        if fails:
            otherwise = {**otherwise, **fails}
        if holds and not all(holds.values()):
            frame.env = None  # no value lets the test come out so
        frame.elsewhere = still or off
        frame.ready = unless
        if type(test) in READY_TESTS:
            frame.ready, unless = also(frame, unless, test, True), also(frame, unless, test, False)
        if getattr(test, "name", "") != "TYPE_CHECKING":
            _branch(frame, branch)
        if frame.env is not None:
            ends.append(frame.elsewhere)
            outer &= frame.ready
            after = frame.env if after is None else join(after, frame.env)
        frame.env = otherwise if not fails or all(fails.values()) else None
        frame.elsewhere = still or off_else
    frame.ready = unless
    run(frame, node.orelse)
    if frame.env is not None and node.orelse:
        outer &= frame.ready
    if after is not None:  # some branch leads on: what its test excluded is not excluded behind it
        frame.ready = outer
    _end(frame, ends)
    frame.env = join(after, frame.env)
    frame.elsewhere = all(ends) if ends else before


def _branch(frame: BodyFrame, branch: r.Branch) -> None:
    function, outer = frame.activation.function, frame.once
    if not function.declared_global and not function.stored:
        run(frame, branch.body)  # nothing outlives the call
        return
    frame.once = outer or once.fills(frame, function, branch.test, branch.body)
    run(frame, branch.body)
    # What follows `if _client is not None: return _client` runs for the first caller only.
    frame.once = outer or (frame.env is None and once.filled(frame, function, branch.test))


def _end(frame: BodyFrame, ends: list[bool]) -> None:
    """Note where a way runs that leads on: what follows is off the loop if all of them are."""
    if frame.env is not None:
        ends.append(frame.elsewhere)


def _loop(frame: BodyFrame, node: r.Loop) -> None:
    outer_jumps, frame.jumped = frame.jumped, None
    elsewhere, outer = frame.elsewhere, frame.ready
    for _ in range(MOST_ROUNDS):
        if frame.env is None:
            break
        before = dict(frame.env)
        _head(frame, node)
        leaving = copied(frame.env)
        if node.target is None:
            frame.ready = also(frame, outer, node.iterable, True)
            assume(frame, node.iterable)
        run(frame, node.body)
        frame.elsewhere = elsewhere
        frame.env = join(join(leaving, frame.env), join(before, frame.jumped))
        if frame.env is None or not carries(frame, node, before):
            break
    if node.target is None or is_range(node.iterable):
        burning.note_loop(frame, node)
    frame.ready = outer
    if node.target is None and frame.jumped is None:
        frame.ready = also(frame, outer, node.iterable, False)
    run(frame, node.orelse)
    frame.env = join(frame.env, frame.jumped)
    frame.jumped = outer_jumps


def _head(frame: BodyFrame, node: r.Loop) -> None:
    values = evaluate(frame, node.iterable)
    if node.target is not None:
        item = element(
            frame, values, site(node.iterable, Via.ITERATION), node.kind == "async for"
        )
        bind_target(frame, node.target, item)
    else:
        tested(frame, node.iterable, values)


def _with(frame: BodyFrame, node: r.With) -> None:
    for item in node.items:
        context = evaluate(frame, item.context)
        where = site(item.context, Via.CONTEXT_MANAGER)
        values = entered(frame, context, where, node.is_async)
        if item.target is not None:
            bind_target(frame, item.target, values)
    run(frame, node.body)


def _try(frame: BodyFrame, node: r.Try) -> None:
    before, outer = copied(frame.env), frame.elsewhere
    run(frame, node.body)
    raised = join(before, frame.env)
    run(frame, node.orelse)
    after, ends = frame.env, list[bool]()
    _end(frame, ends)
    for handler in node.handlers:
        frame.env = copied(raised)
        no_loop = catches_no_loop(frame, node, handler)
        frame.elsewhere = outer or no_loop
        if handler.type is not None:
            caught = instances(evaluate(frame, handler.type))
            if handler.name:
                frame.assign(handler.name, caught)
        run(frame, handler.body)
        _end(frame, ends)
        if no_loop and after is not None and frame.env is not None:
            frame.loop_names.update(telling_names(node, after, frame.env))
        after = join(after, frame.env)
    frame.elsewhere = all(ends) if ends else outer
    _finally(frame, node.final, after, raised)


def _finally(
    frame: BodyFrame, final: Sequence[r.Statement], after: Env | None, raised: Env | None
) -> None:
    """The final suite runs on every way out; on no other where nothing leads on."""
    frame.env = after
    if after is None and final:
        frame.env = copied(raised)
        run(frame, final)
        frame.env = None
        return
    run(frame, final)


def _match(frame: BodyFrame, node: r.Match) -> None:
    subject = evaluate(frame, node.subject)
    before, after = copied(frame.env), copied(frame.env)
    elsewhere = frame.elsewhere
    for case in node.cases:
        frame.env = copied(before)
        holds, fails = narrowing_by_pattern(frame, node.subject, case)
        if frame.env is not None:
            frame.env.update(holds)
        if holds and not all(holds.values()):
            frame.env = None
            continue
        name = node.subject.name if isinstance(node.subject, r.Name) else ""
        bind_pattern(frame, case.pattern, holds.get(name, subject))
        if case.guard is not None:
            tested(frame, case.guard, evaluate(frame, case.guard))
        run(frame, case.body)
        frame.elsewhere = elsewhere
        after = join(after, frame.env)
        if before is not None:
            before.update(fails)
    frame.env = after


HANDLERS: dict[type, Callable[[BodyFrame, Any], None]] = {
    r.Assign: assign_statement, r.Evaluate: _evaluate, r.Return: _return, r.If: _if, r.Loop: _loop,
    r.With: _with, r.Try: _try, r.Match: _match, r.Raise: _raise, r.Assert: _assert,
    r.Jump: _jump, r.Delete: delete_statement, r.Import: _define, r.Declare: _declare,
    r.DefineFunction: _define, r.DefineClass: _define,
}  # fmt: skip
