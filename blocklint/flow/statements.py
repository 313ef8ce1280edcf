"""Statements: a body is interpreted in order, branch by branch.

``frame.env`` holds the values of local names at the current place. Branches start from the same
values and are joined behind; a loop's body is interpreted again while its values change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.base import Arguments
from blocklint.flow.binding import default
from blocklint.flow.expressions import evaluate, site
from blocklint.flow.frames import BodyFrame
from blocklint.flow.iteration import element, entered, unpacked
from blocklint.flow.attributes import read
from blocklint.flow.names import bound, preferred
from blocklint.flow.narrowing import narrowing
from blocklint.model import Via
from blocklint.project.scopes import Binding
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Tuple,
    Unknown,
    Values,
    matters,
    union,
)

Env = dict[str, Values]

MOST_ROUNDS = 3
"""How often a loop's body is interpreted at most: values travel that far around it."""


def run(frame: BodyFrame, body: Sequence[r.Statement]) -> None:
    """Interpret a suite; it ends early where no way leads on."""
    for statement in body:
        if frame.env is None:
            return
        HANDLERS[type(statement)](frame, statement)


def join(left: Env | None, right: Env | None) -> Env | None:
    """The values of names where two ways meet."""
    if left is None or right is None:
        return right if left is None else left
    if left is right:
        return left
    joined = dict(left)
    for name, values in right.items():
        before = joined.get(name)
        if before is None:
            joined[name] = values
        elif before is not values:
            joined[name] = union(before, values)
    return joined


def _copy(env: Env | None) -> Env | None:
    return None if env is None else dict(env)


# --------------------------------------------------------------------- simple


def _assign(frame: BodyFrame, node: r.Assign) -> None:
    if node.value is None:
        if node.annotation is not None:
            for target in node.targets:
                _bind(frame, target, instances(evaluate(frame, node.annotation)))
        return
    values = evaluate(frame, node.value)
    if node.operator not in ("", "type"):
        return _augment(frame, node.targets[0])
    if node.annotation is not None:
        declared = instances(evaluate(frame, node.annotation))
        if not all(isinstance(value, Unknown) for value in declared):
            values = preferred(declared, values)
    for target in node.targets:
        if isinstance(target, r.Collection) and not all(isinstance(v, Tuple) for v in values):
            values = (LibraryInstance(
                "builtins.list", (element(frame, values, site(node.value, Via.ITERATION), False),)
            ), *(v for v in values if isinstance(v, Tuple)))  # fmt: skip
        _bind(frame, target, values)


def _augment(frame: BodyFrame, target: r.Expression) -> None:
    """``x += y``: the object stays; an attribute or item is read and set."""
    if not isinstance(target, r.Name):
        _bind(frame, target, evaluate(frame, target))


def _bind(frame: BodyFrame, target: r.Expression, values: Values) -> None:
    """Bind a target to values: names, attributes, items, unpacked parts."""
    match target:
        case r.Name(name=name):
            frame.assign(name, values)
        case r.Attribute(value=receiver, name=name):
            _set_attribute(frame, evaluate(frame, receiver), target, name, values)
        case r.Subscript(value=receiver, index=index):
            arguments = Arguments((evaluate(frame, index), values))
            _special(frame, evaluate(frame, receiver), "__setitem__", arguments, target)
        case r.Collection(items=items):
            for position, item in enumerate(items):
                path = (-1,) if isinstance(item, r.Starred) else (position,)
                _bind(frame, item, unpacked(frame, values, path))
        case r.Starred(value=inner):
            _bind(frame, inner, (LibraryInstance("builtins.list", (values,)),))
        case _:
            evaluate(frame, target)


def _set_attribute(
    frame: BodyFrame, receivers: Values, target: r.Expression, name: str, values: Values
) -> None:
    frame.note_store(receivers, name, values)
    for receiver in receivers:
        if isinstance(receiver, Instance):
            setter = frame.inference.setter(receiver, name)
            if setter:
                where = site(target, Via.ATTRIBUTE)
                frame.inference.call(frame, setter, Arguments((values,)), where)


def _special(
    frame: BodyFrame, receivers: Values, name: str, arguments: Arguments, target: r.Expression
) -> None:
    """Call a special method of those receivers that have it."""
    where = site(target, Via.OPERATOR)
    for receiver in receivers:
        if isinstance(receiver, LibraryInstance):
            if frame.inference.catalog.method(receiver.name, name) is None:
                continue
        elif not isinstance(receiver, Instance):
            continue
        member = read(frame, (receiver,), name, where)
        if not all(isinstance(value, Unknown) for value in member):
            frame.inference.call(frame, member, arguments, where)


def _evaluate(frame: BodyFrame, node: r.Evaluate) -> None:
    evaluate(frame, node.value)


def _return(frame: BodyFrame, node: r.Return) -> None:
    values = evaluate(frame, node.value) if node.value is not None else (NONE,)
    frame.returns = union(frame.returns, values)
    frame.env = None


def _raise(frame: BodyFrame, node: r.Raise) -> None:
    for part in (node.value, node.cause):
        if part is not None:
            evaluate(frame, part)
    frame.env = None


def _assert(frame: BodyFrame, node: r.Assert) -> None:
    evaluate(frame, node.test)
    if frame.env is not None:
        frame.env.update(narrowing(frame, node.test, True))


def _jump(frame: BodyFrame, node: r.Jump) -> None:
    frame.jumped = join(frame.jumped, frame.env)
    frame.env = None


def _delete(frame: BodyFrame, node: r.Delete) -> None:
    for target in node.targets:
        match target:
            case r.Subscript(value=receiver, index=index):
                arguments = Arguments((evaluate(frame, index),))
                _special(frame, evaluate(frame, receiver), "__delitem__", arguments, target)
            case r.Attribute(value=receiver):
                evaluate(frame, receiver)
            case _:
                pass


def _define(frame: BodyFrame, node: r.DefineFunction | r.DefineClass | r.Import) -> None:
    match node:
        case r.DefineFunction(function=function):
            name = function.name.rpartition(".")[2]
            for parameter in function.parameters:
                if parameter.default is not None:
                    evaluate(frame, parameter.default)
            frame.assign(name, bound(frame, Binding("function", name, node)))
            if function.declared_nonlocal:
                nested = FunctionObject(frame.file, function, frame.closure)
                frame.share(function.declared_nonlocal, default(nested))
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
    for branch in node.branches:
        evaluate(frame, branch.test)
        if frame.env is None:
            break
        holds, fails = (narrowing(frame, branch.test, truth) for truth in (True, False))
        otherwise = {**frame.env, **fails}
        frame.env = {**frame.env, **holds}
        if any(not values for values in holds.values()):
            frame.env = None  # no value lets the test come out so
        if not _is_type_checking(branch.test):
            run(frame, branch.body)
        after = join(after, frame.env)
        frame.env = otherwise if all(fails.values()) else None
    run(frame, node.orelse)
    frame.env = join(after, frame.env)


def _is_type_checking(test: r.Expression) -> bool:
    return isinstance(test, r.Name | r.Attribute) and test.name == "TYPE_CHECKING"


def _loop(frame: BodyFrame, node: r.Loop) -> None:
    outer_jumps, frame.jumped = frame.jumped, None
    for _ in range(MOST_ROUNDS):
        if frame.env is None:
            break
        before = dict(frame.env)
        _head(frame, node)
        leaving = _copy(frame.env)
        run(frame, node.body)
        frame.env = join(join(leaving, frame.env), join(before, frame.jumped))
        if frame.env is None or not _carries(before, frame.env):
            break
    run(frame, node.orelse)
    frame.env = join(frame.env, frame.jumped)
    frame.jumped = outer_jumps


def _carries(before: Env, after: Env) -> bool:
    """Whether a round of a loop gives the next one values that can change what it does."""
    return any(
        any(value not in values and matters(value) for value in after.get(name, NOTHING))
        for name, values in before.items()
        if after.get(name) is not values
    )


def _head(frame: BodyFrame, node: r.Loop) -> None:
    values = evaluate(frame, node.iterable)
    if node.target is not None:
        item = element(
            frame, values, site(node.iterable, Via.ITERATION), node.kind == "async for"
        )
        _bind(frame, node.target, item)
    elif frame.env is not None:
        frame.env.update(narrowing(frame, node.iterable, True))


def _with(frame: BodyFrame, node: r.With) -> None:
    for item in node.items:
        context = evaluate(frame, item.context)
        where = site(item.context, Via.CONTEXT_MANAGER)
        values = entered(frame, context, where, node.is_async)
        if item.target is not None:
            _bind(frame, item.target, values)
    run(frame, node.body)


def _try(frame: BodyFrame, node: r.Try) -> None:
    before = _copy(frame.env)
    run(frame, node.body)
    raised = join(before, frame.env)
    run(frame, node.orelse)
    after = frame.env
    for handler in node.handlers:
        frame.env = _copy(raised)
        if handler.type is not None:
            caught = instances(evaluate(frame, handler.type))
            if handler.name:
                frame.assign(handler.name, caught)
        run(frame, handler.body)
        after = join(after, frame.env)
    if after is None and node.final:
        frame.env = _copy(raised)  # the final suite runs on the way out
        run(frame, node.final)
        frame.env = None
        return
    frame.env = after
    run(frame, node.final)


def _match(frame: BodyFrame, node: r.Match) -> None:
    subject = evaluate(frame, node.subject)
    before, after = _copy(frame.env), _copy(frame.env)
    for case in node.cases:
        frame.env = _copy(before)
        _pattern(frame, case.pattern, subject)
        if case.guard is not None:
            evaluate(frame, case.guard)
        run(frame, case.body)
        after = join(after, frame.env)
    frame.env = after


def _pattern(frame: BodyFrame, pattern: r.Pattern, subject: Values) -> None:
    """Bind what a pattern captures; a class pattern says what the subject is."""
    if pattern.kind == "class" and pattern.expression is not None:
        subject = instances(evaluate(frame, pattern.expression))
    for position, child in enumerate(pattern.children):
        first = len(pattern.children) - len(pattern.attributes)
        part: Values = (Unknown("pattern"),)
        if pattern.kind in ("capture", "or"):
            part = subject
        elif position >= first:
            name = pattern.attributes[position - first]
            where = site(pattern.expression, Via.ATTRIBUTE) if pattern.expression else None
            part = read(frame, subject, name, where) if where else part
        _pattern(frame, child, part)
        if pattern.kind == "capture" and child.kind == "class" and child.expression is not None:
            subject = instances(evaluate(frame, child.expression))
    if pattern.name is not None:
        frame.assign(pattern.name, subject or NOTHING)


HANDLERS: dict[type, Callable[[BodyFrame, Any], None]] = {
    r.Assign: _assign, r.Evaluate: _evaluate, r.Return: _return, r.If: _if, r.Loop: _loop,
    r.With: _with, r.Try: _try, r.Match: _match, r.Raise: _raise, r.Assert: _assert,
    r.Jump: _jump, r.Delete: _delete, r.Import: _define, r.Declare: _declare,
    r.DefineFunction: _define, r.DefineClass: _define,
}  # fmt: skip
