"""The JSON of ``check``, version 1: what other programs may rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from blocklint.model import Finding, Report, Site

if TYPE_CHECKING:
    from blocklint.callgraph.unresolved import Unresolved


def render(report: Report, unresolved: Unresolved | None = None) -> bytes:
    """The report as one line of UTF-8, the same from run to run but for ``seconds``."""
    document = {
        "version": 1,
        "findings": [finding_document(finding) for finding in report.findings],
        "errors": [msgspec.structs.asdict(error) for error in report.errors],
        "summary": msgspec.structs.asdict(report.summary),
    }
    if unresolved is not None:
        from blocklint.hosts.formats.unresolved import document as document_of

        document["unresolved"] = document_of(unresolved)
    return msgspec.json.encode(document) + b"\n"


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as every JSON has it."""
    return {
        "code": finding.code,
        "path": finding.site.file,
        **_span(finding.site),
        "expression": _span(finding.expression),
        "function": finding.function,
        "message": finding.message,
        "category": finding.category,
        "culprit": finding.culprit,
        "also": finding.also,
        "certainty": finding.certainty.name.lower(),
        "phase": finding.phase.value,
        "chain": finding.chain,
        "entry_points": finding.entry_points,
        "entry_points_total": finding.entry_points_total,
        "hint": finding.hint,
        "fingerprint": finding.fingerprint,
    }


def _span(site: Site) -> dict[str, int]:
    return {
        "line": site.line,
        "column": site.column,
        "end_line": site.end_line,
        "end_column": site.end_column,
    }
