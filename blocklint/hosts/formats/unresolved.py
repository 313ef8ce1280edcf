"""What cannot be seen: unresolved calls by reason, the most frequent first."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from blocklint.callgraph.unresolved import Kind, Unresolved, UnresolvedCall

_WHOSE = {
    Kind.PROJECT: "the project's own code",
    Kind.LIBRARY: "libraries",
    Kind.UNKNOWN: "objects of unknown origin",
}


def render(unresolved: Unresolved) -> str:
    """A paragraph for each kind, a line for each reason."""
    count, total = len(unresolved.found), unresolved.calls
    own, own_total = unresolved.of_project, unresolved.project_calls
    lines = [
        f"Unresolved calls in async code: {count:,} of {total:,} ({percent(count, total)}); "
        f"of those into the project's own code: {own:,} of {own_total:,} ({percent(own, own_total)})"
    ]
    groups = _by_reason(unresolved)
    width = max((len(f"{len(calls):,}") for calls in groups.values()), default=1)
    for kind, whose in _WHOSE.items():
        chosen = [(reason, calls) for (other, reason), calls in groups.items() if other is kind]
        if chosen:
            lines += ["", f"Calls into {whose}: {sum(len(calls) for _, calls in chosen):,}"]
        for reason, calls in chosen:
            more = f" (+{len(calls) - 1:,} more)" if len(calls) > 1 else ""
            site = calls[0].site
            lines.append(f"  {len(calls):>{width},}  {reason}  {site.file}:{site.line}{more}")
    return "\n".join(lines) + "\n"


def document(unresolved: Unresolved) -> dict[str, Any]:
    """The key ``unresolved`` in the JSON of ``check``."""
    return {
        "calls": unresolved.calls,
        "unresolved": len(unresolved.found),
        "project_calls": unresolved.project_calls,
        "project_unresolved": unresolved.of_project,
        "reasons": [
            {
                "reason": reason,
                "kind": kind.value,
                "count": len(calls),
                "places": [_place(call) for call in calls],
            }
            for (kind, reason), calls in _by_reason(unresolved).items()
        ],
    }


def _place(call: UnresolvedCall) -> dict[str, str | int]:
    site = call.site
    return {"path": site.file, "line": site.line, "column": site.column, "function": call.function}


def percent(part: int, whole: int) -> str:
    """A share with one decimal."""
    return f"{100 * part / whole if whole else 0:.1f} %"


def _by_reason(unresolved: Unresolved) -> dict[tuple[Kind, str], list[UnresolvedCall]]:
    found: defaultdict[tuple[Kind, str], list[UnresolvedCall]] = defaultdict(list)
    for call in unresolved.found:
        found[call.kind, call.reason].append(call)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))
