"""Builtins that ask special methods of what they are given: ``abs``, ``len``, ``str``, ``print``…"""

from __future__ import annotations

import msgspec

from blocklint.flow.attributes import read
from blocklint.flow.base import Frame
from blocklint.flow.binding import literal
from blocklint.flow.comparisons import order
from blocklint.flow.consuming import Special, consumed, iterator
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.filling import reordered
from blocklint.flow.protocols import ask, ask_truth
from blocklint.flow.rendering import ANY, by_method, by_percent, render
from blocklint.project.values import Instance, LibraryInstance, LibraryMethod, Tuple, Values, gather


def asks(*names: str, result: str = "") -> Special:
    """``len(x)``: the first of some special methods that x has is called, with the other arguments.

    The result is of the builtin class ``result``, else what the method gives.
    """

    def run(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
        found = ask(frame, arguments.at(0, None), names, arguments.positional[1:], site)
        return (LibraryInstance(f"builtins.{result}"),) if result else found or None

    return run


def _truth(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    ask_truth(frame, arguments.at(0, None), site)
    return (LibraryInstance("builtins.bool"),)


def _text(conversion: str) -> Special:
    def run(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        render(frame, arguments.at(0, "object"), conversion, site)
        return (LibraryInstance("builtins.str"),)

    return run


def _print(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    for values in (*arguments.positional, arguments.unpacked):
        render(frame, values, "s", site)
    return None


def _format(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    by_method(frame, arguments, site)
    return None


def _logged(is_always: bool) -> Special:
    """``log.error("%s", x)`` makes its text itself, if the level is one that is logged."""

    def run(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
        if arguments.positional:
            template, *operands = arguments.positional
            where = site if is_always else msgspec.structs.replace(site, weak=True)
            for value in template:
                by_percent(frame, value, (Tuple(tuple(operands)),), where)
        return None

    return run


def _reversed(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    found = ask(frame, arguments.at(0, None), ("__reversed__",), (), site)
    return found or iterator(frame, arguments, site)


def _sort(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``x.sort()`` compares the elements of x; with a key the catalogue says what runs."""
    node = arguments.node
    if node is not None and not arguments.at(None, "key"):
        receivers = gather(
            v.receiver.arguments[0]
            for v in frame.inference.evaluate(frame, node.callee)
            if isinstance(v, LibraryMethod) and v.receiver.arguments
        )
        order(frame, receivers, "<", site)
    reordered(frame, arguments, site)
    return None


def _asked_for(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``hasattr(x, name)`` reads the attribute: a property or ``__getattr__`` may run."""
    name = literal(arguments.at(1, None))
    if isinstance(name, str):
        read(frame, tuple(v for v in arguments.at(0, None) if type(v) is Instance), name, site)
    return None


def _bytes(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``bytes(x)`` asks x for its bytes, or goes through it."""
    return ask(frame, arguments.at(0, None), ("__bytes__",), (), site) or consumed(frame, arguments, site)


FUNCTIONS: dict[str, Special] = {
    "builtins.bytes": _bytes,
    "builtins.dir": asks("__dir__", result="list"),
    "builtins.hasattr": _asked_for,
    "builtins.len": asks("__len__", result="int"),
    "builtins.bool": _truth,
    "builtins.str": _text("s"),
    "builtins.repr": _text("r"),
    "builtins.ascii": _text("r"),
    "builtins.format": _text(""),
    "builtins.print": _print,
    "builtins.reversed": _reversed,
    "builtins.abs": asks("__abs__"),
    "builtins.round": asks("__round__"),
    "builtins.divmod": asks("__divmod__"),
    "builtins.hash": asks("__hash__", result="int"),
    "builtins.int": asks("__int__", "__index__", result="int"),
    "builtins.float": asks("__float__", "__index__", result="float"),
}

LOGGED = {"debug": False, "info": False, "warning": True, "error": True, "exception": True, "critical": True}
"""The methods of loggers, and whether their level is one that is logged by default."""

METHODS: dict[str, Special] = {
    "builtins.str.format": _format,
    "builtins.list.sort": _sort,
    **{f"logging.Logger.{level}": _logged(is_always) for level, is_always in LOGGED.items()},
}

ORDERING = frozenset({"__lt__", "__gt__"})

ASKED: dict[str, frozenset[str]] = {
    "builtins.ascii": ANY,
    "builtins.format": ANY,
    "builtins.print": ANY,
    "builtins.str.format": ANY,
    "builtins.list.sort": ORDERING,
    **{f"logging.Logger.{level}": ANY for level in LOGGED},
    "builtins.abs": frozenset({"__abs__"}),
    "builtins.dir": frozenset({"__dir__"}),
    "builtins.round": frozenset({"__round__"}),
    "builtins.divmod": frozenset({"__divmod__"}),
    "builtins.hash": frozenset({"__hash__"}),
    "builtins.int": frozenset({"__int__", "__index__"}),
    "builtins.float": frozenset({"__float__", "__index__"}),
}
"""What is special only in a project that defines one of these methods."""
