"""Switches: parameters that are off or on unless a caller says otherwise, ``validate=False``.

Of a function of the project nobody knows all callers, so a default is never all that a parameter may be.
An installed function is entered by calls that are seen: what these leave out has its default, and
what stands behind ``if validate:`` is not run. Libraries are full of such ways that hardly anybody takes.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.edges import Arguments
from blocklint.project.values import FunctionObject, Literal, Values

_SETTINGS = (Literal(None), Literal(False), Literal(True), Literal(""), Literal(0))
"""Constants that tests are about: more of them would tell calls apart that do the same."""


def is_switched(inference: Inference, function: FunctionObject) -> bool:
    """Whether a function's switches count."""
    return inference.project.installed is not None and not inference.project.is_own(function.file)


def setting(parameter: r.Parameter) -> Values:
    """What a switch is by default, () for any other parameter."""
    default = parameter.default
    if type(default) is not r.Constant or (default.value is None and default.kind != "None"):
        return ()
    values = (Literal(default.value),)
    return values if is_setting(values) else ()


def is_setting(values: Values) -> bool:
    """Whether an argument sets a switch."""
    return len(values) == 1 and type(values[0]) is Literal and values[0] in _SETTINGS


def with_defaults(
    inference: Inference, function: FunctionObject, arguments: Arguments, given: dict[str, Values]
) -> dict[str, Values]:
    """The arguments of a call with the settings of the switches that it leaves alone."""
    if arguments.open or not is_switched(inference, function):
        return given
    settings = {p.name: values for p in function.function.parameters if (values := setting(p))}
    return settings | given
