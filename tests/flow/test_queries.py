"""Fixpoints that end: deep chains, deep bodies, recursion over many different arguments."""

from __future__ import annotations

from blocklint.analysis import analyze_sources
from blocklint.callgraph.entries import build
from blocklint.facts.lower import lower
from blocklint.flow.inference import MOST_ARGUMENTS
from blocklint.flow.queries import Queries, query
from blocklint.project.index import Project
from blocklint.rules.engine import inference_of
from blocklint.settings import Settings


def test_a_long_chain_through_deeply_nested_expressions() -> None:
    functions, nesting = 60, 24
    lines = ["import time"]
    for number in range(functions):
        expression = f"f{number + 1}()" if number < functions - 1 else "time.sleep(1)"
        for _ in range(nesting):
            expression = f"(0, [1 + {expression}])[1][0]"
        lines += [f"def f{number}():", f"    return {expression}"]
    lines += ["async def main():", "    f0()"]
    report = analyze_sources({"app.py": "\n".join(lines)}, Settings())
    assert report.errors == ()
    (finding,) = report.findings
    assert (finding.code, len(finding.chain)) == ("LAG104", functions + 1)


def test_a_recursion_over_types_is_told_apart_a_few_times_only() -> None:
    attributes = ("bound", "default", "extra", "origin", "supertype")
    lines = ["import time", "from fastapi import Request", "def walk(kind):"]
    lines += [f"    if kind.{name}:\n        walk(kind.{name})" for name in attributes]
    lines += ["    time.sleep(1)", "async def main(request: Request):", "    walk(request.app.state.kind)"]
    modules = {"app.py": lower("\n".join(lines).encode(), False)}
    inference = inference_of(Project(modules, ("",)))
    build(inference)
    assert inference.queries.evaluations < 8 * MOST_ARGUMENTS  # hundreds where all are told apart


class _Knot:
    """Two queries that read each other, and one that reads them from outside."""

    def __init__(self) -> None:
        self.queries = Queries()
        self.asked: list[str] = []

    @query(0)
    def head(self) -> int:
        return min(self.member() + 1, 3)

    @query(0)
    def member(self) -> int:
        return self.head()

    @query(0)
    def outside(self) -> int:
        answer = self.head()
        self.asked.append(f"outside saw {answer}")
        return answer

    @query(0)
    def around(self) -> int:
        """Read by what it reads before it reads the knot: a knot inside a larger one."""
        self.inner()
        return self.head()

    @query(0)
    def inner(self) -> int:
        return self.around() + self.outside()


def test_who_reads_a_knot_of_recursion_from_outside_reads_what_is_final() -> None:
    knot = _Knot()
    assert knot.outside() == 3
    assert knot.asked == ["outside saw 3"]
    assert not knot.queries.solve()


def test_a_knot_inside_another_comes_to_the_same_answers() -> None:
    knot = _Knot()
    knot.around()
    knot.queries.solve()
    assert (knot.around(), knot.inner(), knot.outside()) == (3, 6, 3)
    assert knot.asked == ["outside saw 3"]
