"""How many connections a project's pool has, as far as its ``create_engine`` shows it."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.binding import of_definition
from blocklint.flow.inference import Inference
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.project.files import is_test
from blocklint.project.values import Library

FACTORY = "sqlalchemy.create_engine"
DEFAULTS = {"pool_size": 5, "max_overflow": 10}
"""Of ``QueuePool``; SQLAlchemy's documentation, "create_engine"."""


def pool_of(inference: Inference) -> str:
    """``; the pool has 15 (pool_size 5 + max_overflow 10)``, "" if engines differ or nothing is known."""
    sizes = {_sizes(call) for call in _calls(inference)}
    size = sizes.pop() if len(sizes) == 1 else None
    if size is None or size[0] <= 0 or size[1] < 0:  # 0 and -1: as many as are wanted
        return ""
    return f"; the pool has {sum(size)} (pool_size {size[0]} + max_overflow {size[1]})"


def _calls(inference: Inference) -> list[r.Call]:
    """The calls that make engines, tests left out."""
    project, name = inference.project, FACTORY.rpartition(".")[2]
    found = []
    for file, function in project.uses.callers(name):
        if is_test(file):
            continue
        frame = ScopeFrame(inference, file)
        if function.name != "<module>":
            definition = next(each for each in project.definitions[file] if each.function is function)
            frame = LazyFrame(inference, of_definition(definition))
        for call in project.uses.calls(function, name):
            if Library(FACTORY) in inference.evaluate(frame, call.callee):
                found.append(call)
    return found


def _sizes(call: r.Call) -> tuple[int, int] | None:
    """The two numbers of one engine, None if they are not written there."""
    given = {keyword.name: keyword.value for keyword in call.keywords}
    if None in given or "poolclass" in given or "pool" in given or "creator" in given:
        return None
    sizes = []
    for name, default in DEFAULTS.items():
        value = given.get(name)
        number = default if value is None else value.value if type(value) is r.Constant else None
        if type(number) is not int:
            return None
        sizes.append(number)
    return sizes[0], sizes[1]
