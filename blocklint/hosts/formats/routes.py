"""Routes as text, as JSON (version 1), as a Mermaid flowchart and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

import msgspec

from blocklint.hosts.formats.json import finding_document
from blocklint.hosts.formats.text import Paint, message_of, plural, printable
from blocklint.model import Finding, Runs, SourceError
from blocklint.rules.route_trees import Node, Route, Routes

MOST_SHOWN = 5
"""So many findings are listed under one function; JSON and HTML have all."""

UNKNOWN = "unknown"

_COLORS = {Runs.EVENT_LOOP: "#f4b6b6", Runs.WORKER_THREAD: "#bcd9f5"}


def name_of(route: Route) -> str:
    """``GET /users/{id}``."""
    return f"{','.join(route.methods)} {route.path}"


def _runs(node: Node) -> str:
    return UNKNOWN if node.runs is None else node.runs.value


def summary(routes: Routes) -> str:
    """How many routes can stall the loop."""
    stalling = [route for route in routes.routes if route.findings]
    certain = sum(route.certain > 0 for route in stalling)
    text = f"{plural(len(routes.routes), 'route')}: {len(stalling)} can stall the event loop"
    return text + (f", {certain} of them certainly" if certain else "")


# ------------------------------------------------------------------------ text


def text(routes: Routes, *, color: bool = False) -> str:
    """A tree for every route, the worst first, and a summary."""
    paint = Paint(color)
    blocks = []
    if routes.middlewares:
        lines = [paint.bold("around every route")]
        for node in routes.middlewares:
            lines += _tree(node, routes.findings, paint, "  ", "  ")
        blocks.append(lines)
    for route in routes.routes:
        blocks.append(list(_route(route, routes.findings, paint)))
    blocks.append([paint.bold(summary(routes))])
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _route(route: Route, findings: Sequence[Finding], paint: Paint) -> Iterator[str]:
    notes = [paint.code(plural(route.findings, "finding"))] if route.findings else []
    if not route.included:
        notes.append(paint.dim("its router is not seen to be included"))
    yield "  ".join([paint.bold(printable(name_of(route))), *notes])
    yield from _tree(route.handler, findings, paint, "  ", "  ")


def _tree(
    node: Node, findings: Sequence[Finding], paint: Paint, first: str, rest: str
) -> Iterator[str]:
    passed = f"{node.parameter} = " if node.parameter else ""
    place = paint.dim(printable(f"{node.path}:{node.line}")) if node.path else ""
    yield printable(f"{first}{passed}{node.function or '?'}") + f"  [{_runs(node)}]  {place}".rstrip()
    inside = f"{rest}│ " if node.dependencies else f"{rest}  "
    for number in node.blocks[:MOST_SHOWN]:
        finding = findings[number]
        where = f"{finding.site.file}:{finding.site.line}:{finding.site.column}"
        code, _, message = message_of(finding).partition(" ")
        yield f"{inside}{paint.code('!')} {printable(where)} {paint.code(code)} {printable(message)}"
    if len(node.blocks) > MOST_SHOWN:
        yield f"{inside}{paint.code('!')} {len(node.blocks) - MOST_SHOWN} more"
    for number, below in enumerate(node.dependencies, 1):
        is_last = number == len(node.dependencies)
        branch, trunk = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        yield from _tree(below, findings, paint, rest + branch, rest + trunk)


# ------------------------------------------------------------------------ JSON


def document(routes: Routes, errors: Sequence[SourceError]) -> dict[str, Any]:
    """What the JSON holds: the same from run to run."""
    return {
        "version": 1,
        "routes": [
            {
                "kind": route.kind,
                "methods": route.methods,
                "path": route.path,
                "included": route.included,
                "findings": route.findings,
                "certain": route.certain,
                "handler": route.handler,
            }
            for route in routes.routes
        ],
        "middlewares": routes.middlewares,
        "findings": [finding_document(finding) for finding in routes.findings],
        "errors": [msgspec.structs.asdict(error) for error in errors],
        "summary": {
            "routes": len(routes.routes),
            "stalling": sum(route.findings > 0 for route in routes.routes),
            "certain": sum(route.certain > 0 for route in routes.routes),
        },
    }


def json(routes: Routes, errors: Sequence[SourceError]) -> bytes:
    """One line of UTF-8."""
    return msgspec.json.encode(document(routes, errors)) + b"\n"


def html(routes: Routes, errors: Sequence[SourceError]) -> bytes:
    """One page that needs nothing else: a table with a search, trees of dependencies, chains."""
    page = resources.files("blocklint.hosts.formats").joinpath("routes.html").read_text(encoding="utf-8")
    # No text of the data may end the script around it.
    data = json(routes, errors).decode().strip().replace("<", "\\u003c")
    return page.replace("{{summary}}", summary(routes)).replace("{{data}}", data).encode()


# --------------------------------------------------------------------- Mermaid


def mermaid(routes: Routes) -> bytes:
    """For Mermaid's ``flowchart``: routes, their handlers and dependencies, coloured by where they run."""
    drawing = _Drawing()
    for route in routes.routes:
        start = drawing.node(("route", name_of(route)), f'(["{_escaped(name_of(route))}"])', None)
        drawing.arrow(start, drawing.tree(route.handler), "")
    return "\n".join(["flowchart LR", *drawing.nodes, *drawing.arrows, *drawing.classes(), ""]).encode()


class _Drawing:
    """The lines of a flowchart, in which each function is drawn once."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.arrows: dict[str, None] = {}
        self._numbers: dict[object, str] = {}
        self._members: dict[str, list[str]] = {}

    def node(self, key: object, shape: str, group: str | None) -> str:
        """The identifier of a node, drawn if it is new."""
        if key not in self._numbers:
            number = self._numbers[key] = f"n{len(self._numbers)}"
            self.nodes.append(f"  {number}{shape}")
            if group is not None:
                self._members.setdefault(group, []).append(number)
        return self._numbers[key]

    def arrow(self, start: str, end: str, label: str) -> None:
        """An arrow between two nodes."""
        arrow = f'-- "{_escaped(label)}" -->' if label else "-->"
        self.arrows[f"  {start} {arrow} {end}"] = None

    def tree(self, node: Node) -> str:
        """A function with what is below it."""
        blocking = f"<br/>{plural(len(node.blocks), 'finding')}" if node.blocks else ""
        key = node.function, node.path, node.line, node.runs
        own = self.node(key, f'["{_escaped(node.function or "?")}{blocking}"]', _runs(node))
        for below in node.dependencies:
            self.arrow(own, self.tree(below), below.parameter)
        return own

    def classes(self) -> Iterator[str]:
        """The colours."""
        for place, color in _COLORS.items():
            if place.value in self._members:
                yield f"  classDef {place.value} fill:{color},color:#000"
                yield f"  class {','.join(self._members[place.value])} {place.value}"


def _escaped(given: str) -> str:
    return given.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
