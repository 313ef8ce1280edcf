"""Call graphs as JSON, version 1, and for drawing: Graphviz's DOT and Mermaid."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from blocklint.callgraph.description import Description
from blocklint.model import Runs, Via

_PLAIN = (Via.CALL, Via.AWAIT)

_COLORS = {
    Runs.EVENT_LOOP: "#f4b6b6",
    Runs.WORKER_THREAD: "#bcd9f5",
    Runs.GREENLET_BRIDGE: "#d7c6ef",
    Runs.OTHER_PROCESS: "#d9d9d9",
}
"""A function that is reached on the loop and elsewhere has the loop's colour: there it matters."""


def json(graph: Description) -> bytes:
    """One line of UTF-8, the same from run to run."""
    document = {"version": 1, "functions": graph.functions, "edges": graph.edges}
    return msgspec.json.encode(document) + b"\n"


def dot(graph: Description) -> bytes:
    """For ``dot -Tsvg``: functions coloured by where they run, library callees with rounded corners."""
    lines = ["digraph calls {", "  rankdir=LR;", '  node [shape=box, style=filled, fillcolor="white"];']
    for name, runs in _nodes(graph).items():
        if runs is None:
            lines.append(f'  {_quoted(name)} [style="rounded"];')
        else:
            color = f' [fillcolor="{_COLORS[runs[0]]}"]' if runs else ""
            lines.append(f"  {_quoted(name)}{color};")
    for (caller, callee), label in _lines(graph).items():
        shown = f" [label={_quoted(label)}]" if label else ""
        lines.append(f"  {_quoted(caller)} -> {_quoted(callee)}{shown};")
    return "\n".join([*lines, "}", ""]).encode()


def mermaid(graph: Description) -> bytes:
    """For Mermaid's ``flowchart``, which GitHub draws in Markdown."""
    lines = ["flowchart LR"]
    nodes = _nodes(graph)
    numbers = {name: f"n{number}" for number, name in enumerate(nodes)}
    colored: defaultdict[Runs, list[str]] = defaultdict(list)
    for name, runs in nodes.items():
        left, right = ("(", ")") if runs is None else ("[", "]")
        lines.append(f'  {numbers[name]}{left}"{_escaped(name)}"{right}')
        if runs:
            colored[runs[0]].append(numbers[name])
    for (caller, callee), label in _lines(graph).items():
        arrow = f'-- "{_escaped(label)}" -->' if label else "-->"
        lines.append(f"  {numbers[caller]} {arrow} {numbers[callee]}")
    for place, members in sorted(colored.items()):
        lines.append(f"  classDef {place.value} fill:{_COLORS[place]},color:#000")
        lines.append(f"  class {','.join(members)} {place.value}")
    return "\n".join([*lines, ""]).encode()


def _nodes(graph: Description) -> dict[str, tuple[Runs, ...] | None]:
    """Every name with where it runs; None for a library's."""
    nodes: dict[str, tuple[Runs, ...] | None] = {n: f.runs for n, f in sorted(graph.functions.items())}
    for edge in graph.edges:
        nodes.setdefault(edge.caller, ())
        nodes.setdefault(edge.callee, None)
    return nodes


def _lines(graph: Description) -> dict[tuple[str, str], str]:
    """One line for two functions, with the ways other than calls by which the one enters the other."""
    ways: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for edge in graph.edges:
        found = ways[edge.caller, edge.callee]
        if edge.via not in _PLAIN:
            found[edge.via.value] = None
    return {pair: ", ".join(found) for pair, found in ways.items()}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
