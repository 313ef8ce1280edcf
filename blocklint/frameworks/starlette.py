"""What Starlette's applications are told to put around their routes.

Middlewares are made when the application starts and called for every request.

Verified with Starlette 1.10: constructors run on the loop, before the first request; Starlette 0.14 makes
them where ``add_middleware`` is called. What they are given (``Middleware(Stored, service=Service())``)
is known of their instances, and so of what they call.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.classes import bind
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite
from blocklint.flow.invoked import call_invoked
from blocklint.flow.plain import is_coroutine_function
from blocklint.model import Phase, Runs, Via
from blocklint.project.values import (
    ClassObject,
    Instance,
    LibraryInstance,
    Mapping,
    Tuple,
    Unknown,
    Values,
    Wrapper,
    gather,
)

DESCRIPTION = "starlette.middleware.Middleware"
APPLICATIONS = ("fastapi.FastAPI", "starlette.applications.Starlette")
APPLICATION: Values = (Unknown("application"),)
REQUEST: Values = (LibraryInstance("starlette.requests.Request"),)

CALLED = {
    "__call__": Arguments(open=True),
    "dispatch": Arguments((REQUEST, (Unknown("call_next"),))),
}
"""The methods that are called on a middleware, with what they are given."""


class Middlewares:
    """The value hook for what an application is told to put around its routes."""

    names = frozenset({DESCRIPTION, *(f"{name}.add_middleware" for name in APPLICATIONS)})
    registering = frozenset({"add_middleware"})

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """Nothing is passed by a parameter's description."""
        return None

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """``Middleware(Stored, service=…)`` is the class with its arguments; adding it makes one."""
        keyword = "cls" if name == DESCRIPTION else "middleware_class"
        keywords = tuple(pair for pair in arguments.keywords if pair[0] != keyword)
        given = (APPLICATION, *arguments.positional[1:])
        described = Wrapper("partial", arguments.at(0, keyword), given, keywords)
        if name == DESCRIPTION:
            return (described,)
        enter(frame, (described,), site)
        return None


def told(frame: Frame, arguments: Arguments, site: CallSite) -> None:
    """What the constructor of an application is given beside routes."""
    enter(frame, arguments.at(None, "middleware"), site)
    for handlers in arguments.at(None, "exception_handlers"):
        if isinstance(handlers, Mapping):
            for handler in gather([handlers.others, *(values for _, values in handlers.items)]):
                runs = Runs.EVENT_LOOP if is_coroutine_function(handler) else Runs.WORKER_THREAD
                inner = CallSite(site.span, site.called, Via.CALLBACK, runs)
                frame.inference.call(frame, (handler,), Arguments((REQUEST,), open=True), inner)
    writes = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP)
    for cls in arguments.at(None, "default_response_class"):
        if isinstance(cls, ClassObject):
            invoked = frame.inference.invoked(cls, "__init__")
            call_invoked(frame, Instance(cls, True), invoked, writes)


def enter(frame: Frame, middlewares: Values, site: CallSite) -> None:
    """Make middlewares, each alone or in a list, and call their methods, all of it on the loop."""
    starts = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP, phase=Phase.STARTUP)
    serves = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP)
    for value in middlewares:
        if isinstance(value, LibraryInstance):
            enter(frame, gather(value.arguments), site)
        elif isinstance(value, Tuple):
            enter(frame, gather(value.items), site)
        elif isinstance(value, Wrapper):
            dispatch = next((found for name, found in value.keywords if name == "dispatch"), ())
            frame.inference.call(frame, dispatch, CALLED["dispatch"], serves)
            for made in frame.inference.call(frame, (value,), NO_ARGUMENTS, starts):
                # Without arguments that matter it is as any instance: its coroutines are looked at anyway.
                if isinstance(made, Instance) and made.fields:
                    _serve(frame, made, serves)


def _serve(frame: Frame, middleware: Instance, serves: CallSite) -> None:
    """Call what the project has of the methods that are called for a request."""
    for name, arguments in CALLED.items():
        found = frame.inference.find_member(middleware.cls, name)
        if found is not None and not isinstance(found[0], str):
            frame.inference.call(frame, bind(found[1], middleware, found[0]), arguments, serves)
