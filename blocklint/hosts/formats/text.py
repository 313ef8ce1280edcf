"""Findings for people: one line each, the way down under it, and where to begin at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from blocklint.hosts.formats.repairs import Repair, repairs
from blocklint.model import Certainty, Finding, Hop, Phase, Report, SourceError, Via

_SHOWN_REPAIRS = 5
_WIDEST_HOP = 88
_HOPS_BEFORE_THE_GAP, _HOPS_AFTER_IT = 16, 8


class Paint:
    """Colours for a terminal, or none."""

    def __init__(self, is_on: bool) -> None:
        self._is_on = is_on

    def _wrap(self, codes: str, text: str) -> str:
        return f"\x1b[{codes}m{text}\x1b[0m" if self._is_on else text

    def bold(self, text: str) -> str:
        """For what is looked for first: places, totals."""
        return self._wrap("1", text)

    def code(self, text: str) -> str:
        """For codes."""
        return self._wrap("1;31", text)

    def dim(self, text: str) -> str:
        """For what is read second."""
        return self._wrap("2", text)


def render(report: Report, *, color: bool = False, by_function: bool = False) -> str:
    """The findings and a summary. Errors are not in it: they belong to another stream."""
    paint = Paint(color)
    shared = repairs(report.findings)
    if by_function:
        blocks = ["\n".join(_group(repair, paint)) for repair in shared]
    else:
        told: set[tuple[str, str]] = set()
        blocks = ["\n".join(line for each in report.findings for line in _finding(each, paint, told))]
    blocks.append("\n".join(_summary(report, shared, paint)))
    return "\n\n".join(filter(None, blocks)) + "\n"


def render_error(error: SourceError) -> str:
    """One line for a file that could not be read or parsed."""
    return printable(f"{error.path}:{error.line}: {error.message}")


def printable(text: str) -> str:
    """The text without what would steer a terminal: a file's name may hold anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in text)


def printable_lines(text: str) -> str:
    """As :func:`printable`, line by line."""
    return "\n".join(map(printable, text.split("\n")))


def message_of(finding: Finding) -> str:
    """The message with its code in front."""
    is_complete = finding.message.startswith(finding.code)
    return finding.message if is_complete else f"{finding.code} {finding.message}"


def headline(finding: Finding, paint: Paint) -> str:
    """Place, code and message of a finding."""
    place = printable(f"{finding.site.file}:{finding.site.line}:{finding.site.column}:")
    code, _, rest = message_of(finding).partition(" ")
    return f"{paint.bold(place)} {paint.code(code)} {printable(rest)}"


def _finding(finding: Finding, paint: Paint, told: set[tuple[str, str]]) -> Iterator[str]:
    """``told`` are the hints that have been given for a function: each is given once."""
    yield headline(finding, paint)
    if len(finding.chain) > 1:
        yield from (paint.dim(line) for line in _shortened(finding.chain))
    notes = []
    if finding.certainty < Certainty.CERTAIN:
        notes.append(finding.certainty.name.lower())
    if finding.phase is Phase.STARTUP:
        notes.append("at startup or shutdown")
    if finding.entry_points:
        first = finding.entry_points[0]
        more = f" (+{finding.entry_points_total - 1} more)" if finding.entry_points_total > 1 else ""
        notes.append(f"reached from {first.kind} {first.name}{more}")
    if notes:
        yield paint.dim(printable(f"    {', '.join(notes)}"))
    if finding.hint and (finding.function, finding.hint) not in told:
        told.add((finding.function, finding.hint))
        yield paint.dim(printable(f"    help: {finding.hint}"))


def _shortened(chain: Sequence[Hop]) -> Iterator[str]:
    """The way down, without the middle of a very long one; ``why`` and JSON have it whole."""
    left_out = len(chain) - _HOPS_BEFORE_THE_GAP - _HOPS_AFTER_IT
    if left_out <= 1:
        yield from chain_lines(chain)
        return
    yield from chain_lines(chain[:_HOPS_BEFORE_THE_GAP])
    yield f"    … {left_out:,} more calls …"
    yield from chain_lines(chain[-_HOPS_AFTER_IT:])


def chain_lines(chain: Sequence[Hop]) -> Iterator[str]:
    """The way down, a line for each step, in columns."""
    steps = [_step(hop) for hop in chain]
    width = min(max(map(len, steps)), _WIDEST_HOP)
    for step, hop in zip(steps, chain, strict=True):
        yield printable(f"    {step:<{width}}  {hop.path}:{hop.line}")


def _step(hop: Hop) -> str:
    how = "" if hop.via in (Via.CALL, Via.AWAIT) else f" ({hop.via.value})"
    return f"{hop.function} -> {hop.callee}{how}"


def _group(repair: Repair, paint: Paint) -> Iterator[str]:
    """All findings that the repair of one function removes."""
    count = plural(len(repair.findings), "finding")
    place = paint.dim(printable(f"{repair.path}:{repair.line}"))
    yield f"{paint.bold(printable(repair.function))}: {count}  {place}"
    yield from (f"    {headline(finding, paint)}" for finding in repair.findings)


def _summary(report: Report, shared: Iterable[Repair], paint: Paint) -> Iterator[str]:
    summary = report.summary
    files = plural(summary.files, "file")
    functions = f"{plural(summary.functions, 'function')}, {summary.async_functions} async"
    if summary.unresolved_calls:
        share = f"{100 * summary.unresolved_calls / summary.calls:.1f} %"
        functions += f"; {share} of the calls in async code unresolved"
    analysed = f"{files} analysed ({functions}) in {summary.seconds:.1f} s"
    if not report.findings:
        yield f"{paint.bold('No blocking call found')}: {analysed}{_failed(report)}."
        return
    codes = Counter(finding.code for finding in report.findings)
    places = len({finding.site.file for finding in report.findings})
    per_code = ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
    found = f"{plural(len(report.findings), 'finding')} in {plural(places, 'file')}"
    yield f"{paint.bold(found)}: {per_code}"
    yield f"{analysed}{_failed(report)}."
    best = [repair for repair in shared if len(repair.findings) > 1][:_SHOWN_REPAIRS]
    if best:
        yield ""
        yield "Where to begin: the functions whose repair removes most findings"
        width = len(str(len(best[0].findings)))
        longest = max(len(printable(repair.function)) for repair in best)
        for repair in best:
            place = paint.dim(printable(f"{repair.path}:{repair.line}"))
            name = printable(repair.function)
            yield f"  {paint.bold(f'{len(repair.findings):>{width}}')}  {name:<{longest}}  {place}"


def _failed(report: Report) -> str:
    return f"; {plural(len(report.errors), 'file')} could not be analysed" if report.errors else ""


def plural(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
