"""An explained line for people: reported or not and why, where it runs, values, calls."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.analysis.explanations import Explanation
from blocklint.hosts.formats.text import Paint, chain_lines, headline, plural, printable
from blocklint.model import Blocks, Certainty, Hop, Runs, Span, Via
from blocklint.rules.explaining import Callee, FunctionExplained
from blocklint.rules.ways_in import Context

_MOST_THROUGH = 10
_WIDEST_EXPRESSION = 48


def render(explanation: Explanation, *, color: bool = False) -> str:
    """The whole explanation."""
    paint = Paint(color)
    place, text = f"{explanation.path}:{explanation.line}:", explanation.source[explanation.line - 1]
    lines = [
        f"{paint.bold(place)} {text.strip()}",
        "",
        *_verdict(explanation, paint),
    ]
    for function in explanation.functions:
        lines += ["", *_function(function, explanation.source, paint)]
    return "\n".join(map(_printable_but_colors if color else printable, lines)) + "\n"


def _printable_but_colors(line: str) -> str:
    return "\x1b".join(map(printable, line.split("\x1b")))


# ------------------------------------------------------------------------- verdict


def _verdict(explanation: Explanation, paint: Paint) -> Iterator[str]:
    for reported in explanation.reported:
        if reported.hidden:
            yield f"Found, but not shown: {reported.hidden}"
        yield headline(reported.finding, paint)
        if len(reported.finding.chain) > 1:
            yield from chain_lines(reported.finding.chain)
    if explanation.through:
        count = plural(len(explanation.through), "call")
        yield f"Because of this line, {count} on the event loop may block:"
        for finding in explanation.through[:_MOST_THROUGH]:
            yield f"    {finding.code} {finding.site.file}:{finding.site.line} {finding.function}"
        if len(explanation.through) > _MOST_THROUGH:
            yield f"    and {len(explanation.through) - _MOST_THROUGH} more"
    if not explanation.reported and not explanation.through:
        yield f"Not reported: {_why_not(explanation)}"


def _why_not(explanation: Explanation) -> str:
    """The first of the reasons that hold."""
    calls = [call for function in explanation.functions for call in function.calls]
    callees = [callee for call in calls for callee in call.callees]
    runs = {context.runs for function in explanation.functions for context in function.contexts}
    if not calls:
        return "nothing is called on this line."
    if Runs.EVENT_LOOP not in runs:
        if runs:
            return f"this code runs in {' and '.join(sorted(runs))} only, not on the event loop."
        return "nothing on the event loop is known to reach this code."
    if any(callee.chains for callee in callees):
        return "what blocks here does not block the event loop's thread, or is allowed."
    if any(callee.certainty is None for callee in callees):
        return "nothing that is known to be called here blocks; of some calls it is not known what they do."
    return "nothing that is called here blocks, as far as is known."


# ----------------------------------------------------------------------- functions


def _function(function: FunctionExplained, source: tuple[str, ...], paint: Paint) -> Iterator[str]:
    kind = "coroutine function" if function.is_async else "function"
    if function.name.endswith("<module>"):
        kind = "module body"
    yield paint.bold(f"In {kind} {function.name} (line {function.line})")
    yield from _contexts(function)
    if function.parameters:
        yield "  parameters"
        yield from _table([(name, words) for name, words in function.parameters])
    if function.values:
        yield "  values"
        yield from _table([(_text(source, shown.span), shown.text) for shown in function.values])
    if function.calls:
        yield "  calls"
        for call in function.calls:
            yield f"    {_text(source, call.span)}{_how(call.via)}"
            for callee in call.callees:
                yield from _callee(callee)


def _contexts(function: FunctionExplained) -> Iterator[str]:
    if not function.contexts:
        if function.name.endswith("<module>"):
            yield "  runs: when the module is imported, or as a script"
        elif function.callers:
            first, *others = function.callers
            more = f" and {len(others)} more" if others else ""
            yield f"  runs: only when a module is imported or run, from {first}{more}"
        else:
            yield "  runs: nowhere that is known; no function or framework calls it"
    for context in function.contexts:
        yield f"  runs: {context.runs.value}{_because(context, function.is_async)}"


def _because(context: Context, is_async: bool) -> str:
    if is_async and context.runs is Runs.EVENT_LOOP:
        return ", as every coroutine"
    if not context.way:
        return ", as a framework or a comment says"
    others = f"; {context.callers} functions call it there" if context.callers > 1 else ""
    return f", from {' -> '.join(context.way)}{others}"


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    width = min(_WIDEST_EXPRESSION, max(len(left) for left, _ in rows))
    for left, right in dict.fromkeys(rows):
        yield f"    {left:<{width}}  {right}"


def _callee(callee: Callee) -> Iterator[str]:
    if callee.certainty is None:
        name = f"{callee.name} " if callee.name else ""
        yield f"      -> {name}unresolved: {callee.why}"
        return
    elsewhere = f", in {callee.elsewhere.value}" if callee.elsewhere is not None else ""
    yield f"      -> {callee.name}  {callee.certainty.name.lower()}: {callee.why}{elsewhere}"
    for blocks, certainty, hops in callee.chains:
        yield from _chain(blocks, certainty, hops)
    if not callee.chains:
        yield f"         does not block{' the caller' if elsewhere else ', as far as is known'}"


def _chain(blocks: Blocks, certainty: Certainty, hops: tuple[Hop, ...]) -> Iterator[str]:
    yield f"         blocks ({blocks.value}, {certainty.name.lower()})"
    if len(hops) > 1:
        yield from (f"       {line}" for line in chain_lines(hops[1:]))


def _how(via: Via) -> str:
    return "" if via in (Via.CALL, Via.AWAIT) else f"  ({via.value})"


def _text(source: tuple[str, ...], span: Span) -> str:
    """The text of an expression on one line, shortened in the middle."""
    line, column, end_line, end_column = span
    if line == end_line:
        text = source[line - 1][column - 1 : end_column - 1]
    else:
        between = source[line : end_line - 1]
        text = " ".join([source[line - 1][column - 1 :], *between, source[end_line - 1][: end_column - 1]])
    text = " ".join(text.split())
    half = (_WIDEST_EXPRESSION - 3) // 2
    return text if len(text) <= _WIDEST_EXPRESSION else f"{text[:half]}...{text[-half:]}"
