"""Starlette's responses that run what they are given: streams later, templates at once.

Verified with Starlette 1.10: a synchronous iterator of ``StreamingResponse`` is asked for its
iterator on the loop, and for every element in a worker thread; a template is rendered in the
thread that makes the response, and goes through lazy values of its context there.
"""

from __future__ import annotations

import msgspec

from blocklint.facts import records as r
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite, Edge
from blocklint.flow.iteration import consume, element
from blocklint.model import Runs, Via
from blocklint.project.values import Instance, Mapping, Suspended, Value, Values

STREAM = "starlette.responses.StreamingResponse"
TEMPLATE = "starlette.templating.Jinja2Templates.TemplateResponse"


class Responses:
    """The value hook for what responses are given."""

    names = frozenset({STREAM, TEMPLATE})
    registering = frozenset({"StreamingResponse"})

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """Nothing is passed by a parameter's description."""
        return None

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """Go through the content of a stream, or the context of a template."""
        if name == STREAM:
            for value in arguments.at(0, "content"):
                _stream(frame, value, site)
            return None
        # ``TemplateResponse(request, name, context)``, and before Starlette 0.29 without the request.
        for values in (*arguments.positional[1:3], arguments.at(None, "context")):
            for value in values:
                if isinstance(value, Mapping):
                    _render(frame, value, site)
        return None


def _stream(frame: Frame, value: Value, site: CallSite) -> None:
    steps = CallSite(site.span, site.called, Via.CALLBACK, Runs.WORKER_THREAD)
    if isinstance(value, Suspended) and value.kind == "generator":
        frame.record(Edge(steps, value.activation))
    elif isinstance(value, Instance):
        starts = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP)
        found = frame.inference.find_member(value.cls, "__iter__")
        if found is not None and not isinstance(found[0], str):
            method = read(frame, (value,), "__iter__", starts)
            iterators = frame.inference.call(frame, method, NO_ARGUMENTS, starts)
            element(frame, iterators, steps, False)


def _render(frame: Frame, context: Mapping, site: CallSite) -> None:
    """A template mostly goes through what is lazy in its context: likely, as nobody reads it here."""
    with frame.deferring() as edges:
        for _, values in context.items:
            consume(frame, values, site)
    for edge in edges:
        likely = msgspec.structs.replace(edge.site, candidates=edge.site.candidates + 1)
        frame.record(msgspec.structs.replace(edge, site=likely))
