"""dependency-injector: its providers call what they are made around when they are called themselves."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.wrapping import around_first
from blocklint.project.values import Values


class DependencyInjector:
    """The value hook for providers. What they are: its documentation, "Providers", version 4."""

    names = frozenset(
        f"dependency_injector.providers.{name}"
        for name in (
            "Factory", "Callable", "Resource", "Singleton", "ThreadSafeSingleton",
            "ThreadLocalSingleton", "ContextLocalSingleton",
        )
    )  # fmt: skip
    registering = frozenset[str]()

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """Nothing is passed to parameters that do not ask a container for it."""
        return None

    def call(self, frame: Frame, name: str, arguments: Arguments, site: CallSite) -> Values | None:
        """``providers.Factory(Repository, db=session)``: a provider of repositories."""
        return around_first("provider", arguments)
