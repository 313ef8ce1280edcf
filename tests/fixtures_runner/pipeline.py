"""`runs:` and `calls:`: what a fixture says of the middle of the pipeline, so that a failure names the stage.

They are checked against the call graph in the JSON form of `graph` (version 1), which
`blocklint.callgraph.describe` gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from blocklint.callgraph.complete import complete
from blocklint.callgraph.description import description
from blocklint.facts.lower import lower
from blocklint.facts.source import is_package
from blocklint.knowledge.words import NO_WORDS, Words, words_of
from blocklint.project.index import Project
from blocklint.project.source_roots import source_roots
from tests.fixtures_runner.cases import Case
from tests.fixtures_runner.comments import Claim
from tests.fixtures_runner.engine import settings_of
from tests.fixtures_runner.matching import has_name


def describe(project: Project, words: Words = NO_WORDS) -> dict[str, Any]:
    """A project's call graph as ``functions`` and ``edges`` of the JSON of ``graph``, version 1."""
    described: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(description(complete(project, words))))
    return described


def graph_of(case: Case) -> Mapping[str, Any]:
    """Return {"functions": …, "edges": …} of a fixture."""
    return describe(project_of(case), words_of(settings_of(case)))


def project_of(case: Case) -> Project:
    """Link a fixture's facts, with the source roots that are found for it."""
    modules = {path: lower(text, is_package(path)) for path, text in sorted(case.sources.items())}
    importers: defaultdict[str, list[str]] = defaultdict(list)
    for path, facts in modules.items():
        for name in facts.imported:
            importers[name].append(path)
    return Project(modules, source_roots(tuple(modules), importers))


def check_claims(case: Case, claims: Mapping[str, Iterable[Claim]]) -> list[str]:
    """Return one message for every `runs:` or `calls:` that does not hold."""
    wanted = [(path, claim) for path, file in claims.items() for claim in file if claim.kind != "stays"]
    return claim_failures(graph_of(case), wanted) if wanted else []


def claim_failures(graph: Mapping[str, Any], wanted: Iterable[tuple[str, Claim]]) -> list[str]:
    """Compare claims with a graph."""
    failures = []
    for path, claim in wanted:
        got = _runs(graph, path, claim.line) if claim.kind == "runs" else _calls(graph, path, claim.line)
        if claim.kind == "runs":
            missing = sorted(set(claim.words) ^ got) if "nowhere" not in claim.words else sorted(got)
        else:
            missing = [word for word in claim.words if not any(has_name(callee, word) for callee in got)]
        if missing:
            said, is_so = ", ".join(claim.words), ", ".join(sorted(got)) or "-"
            failures.append(f"{path}:{claim.line}  {claim.kind}: {said}, but it is: {is_so}")
    return failures


def _runs(graph: Mapping[str, Any], path: str, line: int) -> set[str]:
    functions = [f for f in graph["functions"].values() if (f["path"], f["line"]) == (path, line)]
    return {place for function in functions for place in function["runs"]}


def _calls(graph: Mapping[str, Any], path: str, line: int) -> set[str]:
    return {edge["callee"] for edge in graph["edges"] if (edge["path"], edge["line"]) == (path, line)}
