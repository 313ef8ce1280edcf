"""Every fixture: its expectations, and passes that rewrite it with a known outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from blocklint.model import Finding
from blocklint.rules.codes import UNUSED_SUPPRESSION
from tests.fixtures_runner import transforms
from tests.fixtures_runner.cases import Case, decode, expectations, load_cases
from tests.fixtures_runner.engine import analyze, findings_of, start_dump, to_json
from tests.fixtures_runner.matching import compare, describe, render
from tests.fixtures_runner.pipeline import check_claims

pytest.importorskip("blocklint.analysis", reason="the engine is not there yet: no fixture is checked")

CASES = [
    pytest.param(
        case,
        id=case.name,
        marks=[] if case.runnable() else pytest.mark.skip(reason=f"needs Python {case.requires_python}"),
    )
    for case in load_cases()
]
HELD = ("LAG301", "LAG302")
every_fixture = pytest.mark.parametrize("case", CASES)


def show(findings: Iterable[Finding]) -> str:
    return "\n".join(f"{f.site.file}:{f.site.line}  {describe(f)}" for f in findings)


def fail_if_left(findings: list[Finding], reason: str) -> None:
    if findings:
        pytest.fail(f"{reason}\n{show(findings)}", pytrace=False)


@every_fixture
def test_findings_are_those_expected(case: Case) -> None:
    difference = compare(expectations(case), findings_of(case.name))
    if difference:
        pytest.fail(render(case.name, difference), pytrace=False)


@every_fixture
def test_runs_and_calls(case: Case) -> None:
    claims = {path: comments.claims for path, comments in expectations(case).items()}
    failures = check_claims(case, claims)
    if failures:
        pytest.fail("\n".join([case.name, *failures]), pytrace=False)


@every_fixture
def test_silent_when_async_is_stripped(case: Case) -> None:
    vanishing = {}
    stripped = {}
    for path, comments in expectations(case).items():
        source = decode(case.sources[path])
        stays = frozenset(claim.line for claim in comments.claims if claim.kind == "stays")
        vanishing[path] = transforms.vanishing_lines(source, stays)
        stripped[path] = transforms.strip_async(source)
    left = [f for f in analyze(case, stripped).findings if f.site.line in vanishing[f.site.file]]
    left = [f for f in left if f.code != UNUSED_SUPPRESSION]  # what is not found is not suppressed
    fail_if_left(left, f"{case.name}: found although no function is async any more")


@every_fixture
def test_silent_when_wrapped_in_to_thread(case: Case) -> None:
    lines: dict[str, list[int]] = {}
    for finding in findings_of(case.name):
        lines.setdefault(finding.site.file, []).append(finding.site.line)
    sources: dict[str, bytes | str] = dict(case.sources)
    silent: dict[str, tuple[tuple[int, int], ...]] = {}
    for path, loud in lines.items():
        wrapped = transforms.wrap_in_thread(decode(case.sources[path]), loud)
        if wrapped is not None:
            sources[path], silent[path] = wrapped
    if not silent:
        return
    left = [
        f
        for f in analyze(case, sources).findings
        if any(start <= f.site.line <= end for start, end in silent.get(f.site.file, ()))
        and f.code not in (UNUSED_SUPPRESSION, *HELD)  # the new await may be one at which something is held
    ]
    fail_if_left(left, f"{case.name}: found although handed to a thread (lines are one further)")


@every_fixture
def test_order_of_files_does_not_matter(case: Case) -> None:
    if len(case.sources) == 1:
        return
    backwards = {path: case.sources[path] for path in sorted(case.sources, reverse=True)}
    assert to_json(analyze(case, backwards).findings) == to_json(findings_of(case.name))


def essence(findings: tuple[Finding, ...]) -> Counter[tuple[object, ...]]:
    return Counter((f.site.file, f.site.line, f.code, f.certainty, f.culprit, f.also) for f in findings)


@every_fixture
def test_names_of_locals_do_not_matter(case: Case) -> None:
    renamed = {path: transforms.rename_locals(decode(text)) for path, text in case.sources.items()}
    findings = analyze(case, renamed).findings
    assert essence(findings) == essence(findings_of(case.name)), show(findings)


def test_hash_seed_does_not_matter() -> None:
    processes = [start_dump(seed) for seed in (0, 1, 2)]
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert outputs[0].strip(), "no findings at all"
    assert outputs[1] == outputs[0]
    assert outputs[2] == outputs[0]
