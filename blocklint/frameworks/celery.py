"""Celery's `task_always_eager`: with it, sending a task calls its function here and now.

Run with Celery 5.7. Settings of one environment (a module that starts from others by a star import) and those
of tests say nothing of how the program is run.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite
from blocklint.project.files import is_test
from blocklint.project.index import Project
from blocklint.project.values import LibraryInstance, Values

SETTING = "task_always_eager"
DELAY = "celery.app.task.Task.delay"
NAMES = (SETTING, f"CELERY_{SETTING.upper()}")


class Celery:
    """``task.delay(1)`` and ``task.apply_async((1,))``; the arguments of the latter are not followed."""

    names = frozenset({"celery.app.task.Task.apply_async", DELAY})
    registering = frozenset[str]()

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """Celery passes what the caller gives."""
        return None

    def call(self, frame: Frame, name: str, arguments: Arguments, site: CallSite) -> Values | None:
        """The result of an eager task, whose function is called; None where tasks are not."""
        receiver = arguments.receiver
        if receiver is None or not receiver.arguments or not is_eager(frame.inference.project):
            return None
        given = arguments if name == DELAY else Arguments(open=True)
        frame.inference.call(frame, receiver.arguments[0], given, site)
        return (LibraryInstance("celery.result.AsyncResult"),)


def is_eager(project: Project) -> bool:
    """Whether a module's body sets it to true, for all of the program."""
    return any(
        type(value) is r.Constant and value.value is True
        for file, facts in project.modules.items()
        if not is_test(file) and not any(_starts_from_others(each) for each in facts.body.body)
        for statement in facts.body.body
        for value in _settings(statement)
    )


def _starts_from_others(statement: r.Statement) -> bool:
    return type(statement) is r.Import and any(alias.name == "*" for alias in statement.names)


def _settings(statement: r.Statement) -> Iterator[r.Expression]:
    """``x.conf.task_always_eager = value``, the same in capitals, or in a call such as ``x.conf.update``."""
    value = statement.value if type(statement) is r.Assign or type(statement) is r.Evaluate else None
    if type(statement) is r.Assign and value is not None:
        for target in statement.targets:
            if (type(target) is r.Name or type(target) is r.Attribute) and target.name in NAMES:
                yield value
    if type(value) is r.Call:
        yield from (keyword.value for keyword in value.keywords if keyword.name == SETTING)
