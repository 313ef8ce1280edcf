"""The runner of fixtures fails when it must: each way to be wrong is tried on it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from blocklint.model import Certainty
from tests.fixtures_runner import transforms
from tests.fixtures_runner.cases import Case, decode, expectations, load_cases
from tests.fixtures_runner.comments import Claim, Expected, MalformedComment, parse_comments
from tests.fixtures_runner.engine import settings_of
from tests.fixtures_runner.fakes import make_finding
from tests.fixtures_runner.matching import Line, compare, has_name, render
from tests.fixtures_runner.pipeline import claim_failures, project_of

LOUD = 'async def f(db):\n    return load(db)  # error: [LAG101] "load > Session.execute"\n'


def compare_one(source: str, *findings: object) -> list[Line]:
    return compare({"app.py": parse_comments("app.py", source)}, findings)  # type: ignore[arg-type]


class TestComments:
    def test_trailing(self) -> None:
        expected = Expected("error", 2, "LAG101", "", ("load", "Session.execute"))
        assert parse_comments("app.py", LOUD).expected == (expected,)

    def test_own_line_speaks_of_the_next_code_line(self) -> None:
        source = "def f():\n    # error: [LAG103]\n\n    # a remark\n    # error: [LAG104 likely]\n    g()\n"
        assert [(e.line, e.code, e.certainty) for e in parse_comments("app.py", source).expected] == [
            (6, "LAG103", ""),
            (6, "LAG104", "likely"),
        ]

    def test_several_on_a_line(self) -> None:
        source = 'f(g())  # error: [LAG101]; error: [LAG103] "open"; calls: app:f\n'
        comments = parse_comments("app.py", source)
        assert [e.code for e in comments.expected] == ["LAG101", "LAG103"]
        assert comments.claims == (Claim("calls", 1, ("app:f",)),)

    def test_after_a_noqa(self) -> None:
        comments = parse_comments("app.py", "f()  # noqa: LAG101  # error: [LAG103]\n")
        assert comments.expected[0].code == "LAG103"

    def test_a_reason_with_a_semicolon_may_follow_a_miss(self) -> None:
        source = "f()  # miss: [LAG201]       a known gap; the test fails when it starts to be found\n"
        assert parse_comments("app.py", source).expected == (Expected("miss", 1, "LAG201", "", ()),)

    def test_runs_in_two_places(self) -> None:
        claims = parse_comments("app.py", "def f(): ...  # runs: event-loop, worker-thread\n").claims
        assert claims == (Claim("runs", 1, ("event-loop", "worker-thread")),)

    @pytest.mark.parametrize(
        "comment",
        [
            "error: LAG101",
            "error: [LAG1]",
            "error: [LAG101] load > execute",
            'error: [LAG101] "load > "',
            'error: [LAG101]"load"',
            "error: [LAG101 sure]",
            "error: [LAG101] ; error [LAG103]",
            "errors: [LAG101]",
            "[LAG101]",
            "runs: main-thread",
            "runs:",
            "calls: the loader",
        ],
    )
    def test_malformed(self, comment: str) -> None:
        with pytest.raises(MalformedComment, match=r"app\.py:1"):
            parse_comments("app.py", f"f()  # {comment}\n")

    def test_prose_is_no_expectation(self) -> None:
        comments = parse_comments("app.py", "f()  # an error: the caller runs it in a thread, see LAG101\n")
        assert comments == ((), ())


class TestMatching:
    def test_as_expected(self) -> None:
        assert compare_one(LOUD, make_finding()) == []

    def test_missing(self) -> None:
        assert compare_one(LOUD) == [Line("app.py", 2, "-", 'error: [LAG101] "load > Session.execute"')]

    def test_surplus(self) -> None:
        (line,) = compare_one("f()\n", make_finding(line=1))
        assert line.mark == "+"
        assert "[LAG101 certain]" in line.text

    def test_surplus_in_a_file_without_expectations(self) -> None:
        assert [line.path for line in compare_one("f()\n", make_finding(path="other.py"))] == ["other.py"]

    def test_known_gap_stays_silent(self) -> None:
        assert compare_one("f()  # miss: [LAG101]\n") == []

    def test_known_gap_that_is_found(self) -> None:
        (line,) = compare_one("f()  # miss: [LAG101]\n", make_finding(line=1))
        assert "known gap is found now" in line.text

    def test_wrong_line(self) -> None:
        assert [line.mark for line in compare_one(LOUD, make_finding(line=1))] == ["+", "-"]

    def test_wrong_code(self) -> None:
        assert [line.mark for line in compare_one(LOUD, make_finding(code="LAG102"))] == ["-", "+"]

    @pytest.mark.parametrize(
        "callees",
        [
            ("sqlalchemy.orm.Session.execute",),
            ("sqlalchemy.orm.Session.execute", "app:load"),
            ("app:reload", "sqlalchemy.orm.Session.execute"),
        ],
    )
    def test_wrong_chain(self, callees: tuple[str, ...]) -> None:
        assert [line.mark for line in compare_one(LOUD, make_finding(callees=callees))] == ["-", "+"]

    def test_chain_with_more_between(self) -> None:
        callees = ("app:load", "app:inner", "sqlalchemy.orm.Session.execute")
        assert compare_one(LOUD, make_finding(callees=callees)) == []

    def test_certainty_counts_when_it_is_given(self) -> None:
        source = "f()  # error: [LAG101 likely]\n"
        assert compare_one(source, make_finding(line=1, certainty=Certainty.LIKELY)) == []
        assert [line.mark for line in compare_one(source, make_finding(line=1))] == ["-", "+"]

    def test_two_of_one_code_need_two_findings(self) -> None:
        source = 'f(); g()  # error: [LAG101]; error: [LAG101] "load"\n'
        both = make_finding(line=1), make_finding(line=1, callees=("sqlalchemy.orm.Query.all",))
        assert compare_one(source, *both) == []
        assert [line.mark for line in compare_one(source, both[0])] == [" ", "-"]

    def test_names_match_whole_parts(self) -> None:
        assert has_name("app.repo:Repo.find", "find")
        assert has_name("app.repo:Repo.find#2", "Repo.find")
        assert not has_name("app.repo:Repo.refind", "find")

    def test_message_lists_both_sides(self) -> None:
        text = render("topic/case", compare_one(LOUD, make_finding(code="LAG102")))
        assert text.splitlines()[1].startswith("- app.py:2  error: [LAG101]")
        assert text.splitlines()[2].startswith("+ app.py:2  error: [LAG102")


class TestCases:
    def write(self, root: Path, name: str, text: str = LOUD) -> Path:
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "app.py").write_text(text)
        return folder

    def test_every_folder_with_python_is_found(self, tmp_path: Path) -> None:
        self.write(tmp_path, "topic/second")
        self.write(tmp_path, "topic/first/package")
        (tmp_path / "topic" / "empty").mkdir()
        cases = load_cases(tmp_path)
        assert [case.name for case in cases] == ["topic/first", "topic/second"]
        assert list(cases[0].sources) == ["package/app.py"]
        assert expectations(cases[0])["package/app.py"].expected[0].code == "LAG101"

    def test_settings(self, tmp_path: Path) -> None:
        folder = self.write(tmp_path, "topic/case")
        (folder / "settings.toml").write_text('certainty = "possible"\nextend-ignore = ["LAG111"]\n')
        settings = settings_of(load_cases(tmp_path)[0])
        assert settings.certainty is Certainty.POSSIBLE
        assert settings.extend_ignore == ("LAG111",)
        assert settings.select == ("LAG",)

    def test_unknown_setting(self) -> None:
        with pytest.raises(ValueError, match="certainity"):
            settings_of(Case("topic/case", {}, 'certainity = "possible"'))

    def test_newer_python(self) -> None:
        assert not Case("topic/case", {}, requires_python=">=4").runnable()
        assert Case("topic/case", {}, requires_python=f">={sys.version_info[0]}").runnable()


GRAPH = {
    "functions": {"app:f": {"path": "app.py", "line": 1, "async": False, "runs": ["worker-thread"]}},
    "edges": [{"caller": "app:f", "callee": "app:Repo.find", "path": "app.py", "line": 2}],
}


class TestClaims:
    def claims(self, runs: str, line: int) -> list[tuple[str, Claim]]:
        return [("app.py", Claim("runs", 1, (runs,))), ("app.py", Claim("calls", line, ("Repo.find",)))]

    def test_hold(self) -> None:
        assert claim_failures(GRAPH, self.claims("worker-thread", 2)) == []

    def test_do_not_hold(self) -> None:
        assert claim_failures(GRAPH, self.claims("event-loop", 3)) == [
            "app.py:1  runs: event-loop, but it is: worker-thread",
            "app.py:3  calls: Repo.find, but it is: -",
        ]


class TestTransforms:
    def test_strip_async_keeps_lines(self) -> None:
        source = "async def f():\n    async with a():\n        [await c async for c in b], 'ä', await d()\n"
        expected = "def f():\n    with a():\n        [c for c in b], 'ä', d()\n"
        assert transforms.strip_async(source) == expected

    def test_strip_async_in_formatted_strings(self) -> None:
        source = 'async def f():\n    return f"{await g()}"\n'
        assert transforms.strip_async(source) == 'def f():\n    return f"{g()}"\n'

    def test_vanishing_lines(self) -> None:
        source = (
            "@app.get('/')\nasync def a():\n    def b():\n        x()\n    y()\n"
            "@app.on_event('startup')\nasync def c():\n    z()\n"
            "async def d():\n    z()\n"
        )
        assert transforms.vanishing_lines(source) == {3, 5, 10}
        assert transforms.vanishing_lines(source, frozenset({9})) == {3, 5}

    def test_wrap_in_thread(self) -> None:
        source = (
            '"""Doc."""\nfrom __future__ import annotations\nimport db\n'
            "async def f():\n    ä = (db\n        .load(1))\n    return await g(), db.save()\n"
        )
        wrapped = transforms.wrap_in_thread(source, [6, 7])
        assert wrapped is not None
        assert wrapped.silent == ((6, 7),)
        assert wrapped.source.splitlines()[2:4] == ["import asyncio as _aio", "import db"]
        assert "    ä = (await _aio.to_thread(lambda: db\n        .load(1)))\n" in wrapped.source
        compile(wrapped.source, "wrapped", "exec")

    def test_nothing_to_wrap(self) -> None:
        assert transforms.wrap_in_thread("def f():\n    g()\n", [2]) is None
        assert transforms.wrap_in_thread("async def f():\n    a, b = g()\n", [2]) is None

    def test_rename_locals(self) -> None:
        source = (
            "def f(p, q=seen):\n    import os\n    ä = x = p\n    with g() as h:\n        h(x=x, y=ä)\n"
            "    for seen in q:\n        print(f'{x2}')\n    x2 = 1\n    return os, x\n"
            "def h(s):\n    [y for y in s]\n    y()\n"
        )
        expected = (
            "def f(p, q=seen):\n    import os\n    zz_ä = zz_x = p\n"
            "    with g() as zz_h:\n        zz_h(x=zz_x, y=zz_ä)\n"
            "    for seen in q:\n        print(f'{x2}')\n    x2 = 1\n    return os, zz_x\n"
            "def h(s):\n    [y for y in s]\n    y()\n"
        )
        assert transforms.rename_locals(source) == expected


RUNNABLE = [case for case in load_cases() if case.runnable()]


@pytest.mark.parametrize("case", RUNNABLE, ids=[case.name for case in RUNNABLE])
def test_fixtures_can_be_read_and_rewritten(case: Case) -> None:
    """Needs no engine: the expectations are well formed, and the rewritten sources are still Python."""
    for path, comments in expectations(case).items():
        source = decode(case.sources[path])
        compile(transforms.strip_async(source), path, "exec")
        compile(transforms.rename_locals(source), path, "exec")
        wrapped = transforms.wrap_in_thread(source, [expected.line for expected in comments.expected])
        if wrapped is not None:
            compile(wrapped.source, path, "exec")


def test_a_project_is_linked_for_its_graph() -> None:
    case = next(case for case in load_cases() if case.name == "founding/chat_service")
    assert sorted(project_of(case).modules) == sorted(case.sources)


def test_the_passes_are_not_idle() -> None:
    """Most of the faults that the fixtures expect are rewritten by each pass."""
    loud = wrapped = vanishing = 0
    for case in RUNNABLE:
        for path, comments in expectations(case).items():
            source = decode(case.sources[path])
            lines = [expected.line for expected in comments.expected if expected.kind == "error"]
            spans = getattr(transforms.wrap_in_thread(source, lines), "silent", ())
            gone = transforms.vanishing_lines(source)
            loud += len(lines)
            vanishing += sum(line in gone for line in lines)
            # One line is inserted above all of them.
            wrapped += sum(any(first <= line + 1 <= last for first, last in spans) for line in lines)
    assert wrapped > 0.7 * loud
    assert vanishing > 0.8 * loud
