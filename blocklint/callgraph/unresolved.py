"""The calls that lead nowhere that is known, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from blocklint.callgraph.description import LIBRARY
from blocklint.callgraph.graph import CallGraph
from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.edges import CallSite, Edge
from blocklint.model import Site, Span
from blocklint.project.index import Project
from blocklint.project.scopes import definitions
from blocklint.project.values import Activation

BUILTIN_METHODS = frozenset(
    name for kind in (str, bytes, dict, list, set, tuple, int, float) for name in dir(kind)
)
"""Called on an unknown object, these say nothing: nearly always it is data."""


class Kind(StrEnum):
    """Whose code an unresolved call is likely to enter."""

    PROJECT = "project"
    LIBRARY = "library"
    UNKNOWN = "unknown"


class UnresolvedCall(msgspec.Struct, frozen=True, order=True):
    """A call in async code of which at least one meaning is not known."""

    site: Site
    function: str
    kind: Kind
    reason: str


class Unresolved(msgspec.Struct, frozen=True):
    """The unresolved calls of some async code, in the order of the text.

    Counted beside them: all its ``calls``, and those that enter the project's own code
    (``project_calls``, unresolved ones of that kind included).
    """

    calls: int
    project_calls: int
    found: tuple[UnresolvedCall, ...]

    @property
    def of_project(self) -> int:
        """How many of the unresolved calls are likely to enter the project's own code."""
        return sum(call.kind is Kind.PROJECT for call in self.found)


def unresolved(inference: Inference, graph: CallGraph, files: Iterable[str]) -> Unresolved:
    """The unresolved calls of the coroutines in some files. One site counts once."""
    wanted, reasons = set(files), Reasons(inference)
    sites: set[tuple[str, Span]] = set()
    inside: set[tuple[str, Span]] = set()
    found: dict[tuple[str, Span], UnresolvedCall] = {}
    for activation, edges in graph.edges.items():
        if not activation.function.is_async or activation.file not in wanted:
            continue
        for edge in edges:
            place = activation.file, edge.site.span
            sites.add(place)
            if isinstance(edge.target, Activation):
                inside.add(place)
            elif edge.target is None and place not in found:
                found[place] = reasons.of(activation, edge)
    inside |= {place for place, call in found.items() if call.kind is Kind.PROJECT}
    return Unresolved(len(sites), len(inside), tuple(sorted(found.values())))


class Reasons:
    """Says why edges lead nowhere, in words."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._own = _own_names(inference.project)

    def of(self, activation: Activation, edge: Edge) -> UnresolvedCall:
        """An unresolved edge, explained."""
        line, column = edge.site.place
        _, _, end_line, end_column = edge.site.span
        return UnresolvedCall(
            Site(activation.file, line, column, end_line, end_column),
            self._inference.project.show(activation.key()),
            self._kind(edge),
            self.text(edge.reason, activation, edge.site.called),
        )

    def _kind(self, edge: Edge) -> Kind:
        """By the name that is called: what the project defines nowhere is not its own."""
        name = called_name(edge.site)
        is_own = name in self._own and name not in BUILTIN_METHODS
        if edge.reason.startswith(LIBRARY):
            return Kind.PROJECT if is_own and self._held(edge.reason) else Kind.LIBRARY
        return Kind.PROJECT if is_own else Kind.UNKNOWN

    def _held(self, reason: str) -> tuple[str, str] | None:
        """The attribute of a library object, and its class, that holds what a call is made on.

        It may hold an object of the project: ``app.state.authentication.check()``.
        """
        owner, attribute = reason.removeprefix(LIBRARY).rpartition(".")[0], ""
        while owner and self._inference.catalog.find_class(owner) is None:
            owner, _, name = owner.rpartition(".")
            attribute = f"{name}.{attribute}" if attribute else name
        return (attribute, owner) if owner and attribute else None

    def text(self, reason: str, activation: Activation, expression: r.Expression | None) -> str:
        """Why nothing is known of an expression in an activation, for people."""
        if reason in PLAIN:
            return PLAIN[reason]
        held = self._held(reason) if reason.startswith(LIBRARY) else None
        if held is not None:
            return f"what the attribute {held[0]} of {held[1]} holds is not known"
        installed = self._inference.project.installed
        if installed is not None and reason.startswith(LIBRARY):
            name = reason.removeprefix(LIBRARY).removesuffix("()")
            why = installed.why_unknown(name)
            if why:
                return f"library {name} {why}"
        for prefix, text in PREFIXES.items():
            if reason.startswith(prefix):
                rest = reason.removeprefix(prefix)
                if prefix == "parameter ":
                    rest = self._parameter(rest, activation, expression)
                elif rest.endswith("()"):
                    return f"the result of {rest.removesuffix('()')}, which is not in the catalogue"
                return text.format(rest)
        return reason

    def _parameter(
        self, name: str, activation: Activation, expression: r.Expression | None
    ) -> str:
        """``db of app.repo:f`` where the expression begins with that parameter, of f or around it."""
        around: Activation | None = activation if _root(expression) == name else None
        while around is not None:
            if any(parameter.name == name for parameter in around.function.parameters):
                return f"{name} of {self._inference.project.show(around.key())}"
            around = around.closure
        return f"{name} of the function that gave the value"


def _root(expression: r.Expression | None) -> str:
    """The name that a chain of calls and attributes begins with."""
    while not isinstance(expression, r.Name):
        match expression:
            case r.Call(callee=inner) | r.Attribute(value=inner) | r.Subscript(value=inner):
                expression = inner
            case r.Await(value=inner):
                expression = inner
            case _:
                return ""
    return expression.name


PLAIN = {
    "": "a step of lazy work is not known",
    "a callable given from outside": "a callable that is given from outside",
    "awaited": "what awaiting gives is not known",
    "collections.abc.Callable": "a callable of which only the annotation is known",
    "context": "what the with statement binds is not known",
    "element": "what iterating gives is not known",
    "item": "what the subscript gives is not known",
    "missing module": "the imported module is not in the project",
    "nested too deeply": "a value is nested too deeply to be followed",
    "not callable": "the value is none that can be called",
    "nothing known": "no value gets here, as far as is known",
    "other values": "a caller passes other values too, which are not told apart",
    "sent": "what is sent into a generator is not known",
    "super": "the base classes are not known",
    "too many values": "too many different values get here",
    "typing.Any": "annotated as Any",
    "builtins.object": "annotated as object",
    "not a type": "the annotation is no type that is known",
}
PREFIXES = {
    "attribute ": "an attribute {} of something without a known class",
    "library ": "library {} is not in the catalogue",
    "name ": "the name {} is bound nowhere",
    "no attribute ": "no attribute {} is known",
    "parameter ": "parameter {}: no annotation that decides, no caller with a known type",
    "result of ": "the catalogue does not say what {} gives",
}


def called_name(site: CallSite) -> str:
    """The last name of what is called at a site, "" if it has none."""
    called = site.called
    while isinstance(called, r.Call | r.Await):
        called = called.callee if isinstance(called, r.Call) else called.value
    return called.name if isinstance(called, r.Name | r.Attribute) else ""


def _own_names(project: Project) -> frozenset[str]:
    """The last names of all functions and classes that the project defines."""
    return frozenset(
        (s.function.name if isinstance(s, r.DefineFunction) else s.definition.name).rpartition(".")[2]
        for facts in project.modules.values()
        for s in definitions(facts.body.body)
    )

