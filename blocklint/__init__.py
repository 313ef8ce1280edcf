"""blocklint finds synchronous, blocking calls that run on Python's asyncio event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blocklint.analysis import analyze_paths, analyze_sources
    from blocklint.model import Finding, Report
    from blocklint.settings import Overrides, Settings, UsageError

__all__ = ["Finding", "Overrides", "Report", "Settings", "UsageError", "analyze_paths", "analyze_sources"]

_HOMES = {
    "Finding": "blocklint.model",
    "Overrides": "blocklint.settings",
    "Report": "blocklint.model",
    "Settings": "blocklint.settings",
    "UsageError": "blocklint.settings",
    "analyze_paths": "blocklint.analysis",
    "analyze_sources": "blocklint.analysis",
}


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used: hosts start without the whole pipeline."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
