"""`blocklint graph`: formats, ways, names, paths, exit codes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hosts.support import Runner, write

SCRIPTS = {
    "main.py": "from to_import import helper\n\n\ndef run():\n    helper()\n\n\nrun()\n",
    "to_import.py": "def helper():\n    print('x')\n",
}


@pytest.fixture
def scripts(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare folder of scripts, which is no project, as the working directory."""
    folder = write(project.parent / "scripts", SCRIPTS)
    monkeypatch.chdir(folder)
    return folder


def test_json(blocklint: Runner) -> None:
    outcome = blocklint("graph", "app/main.py")
    assert (outcome.code, outcome.err) == (0, "")
    document = outcome.document
    assert list(document) == ["version", "functions", "edges"]
    assert document["version"] == 1
    assert document["functions"]["app.main:one"] == {
        "path": "app/main.py", "line": 6, "async": True, "runs": ["event-loop"],
    }  # fmt: skip
    assert document["edges"][0] == {
        "caller": "app.main:one", "callee": "app.helpers:pause", "path": "app/main.py", "line": 7,
        "via": "call", "runs": ["event-loop"], "certainty": "certain",
    }  # fmt: skip
    assert {edge["path"] for edge in document["edges"]} == {"app/main.py"}
    assert "app.helpers:pause" in document["functions"]
    assert "app.other:handler" not in document["functions"]


def test_it_is_the_same_from_run_to_run(blocklint: Runner) -> None:
    assert blocklint("graph").out == blocklint("graph", "--no-cache").out


def test_ways(blocklint: Runner) -> None:
    edges = blocklint("graph", "--from", "one", "--to", "time.sleep").document["edges"]
    assert [(e["caller"], e["callee"]) for e in edges] == [
        ("app.helpers:pause", "time.sleep"),
        ("app.main:one", "app.helpers:pause"),
        ("app.main:one", "app.helpers:pause"),
    ]
    assert blocklint("graph", "--from", "pause", "--to", "one").document["edges"] == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("app.main:onne", "there is no function \"app.main:onne\" in the graph; did you mean app.main:one?"),
        ("puase", 'there is no function "puase" in the graph; did you mean app.helpers:pause?'),
        ("handler", '--from "handler" may be app.other:handler, tests.test_app:handler'),
    ],
)
def test_a_name_that_means_no_function_or_several(blocklint: Runner, given: str, message: str) -> None:
    outcome = blocklint("graph", "--from", given)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_dot(blocklint: Runner, scripts: Path) -> None:
    outcome = blocklint("graph", "--format", "dot")
    assert outcome.out.splitlines() == [
        "digraph calls {",
        "  rankdir=LR;",
        '  node [shape=box, style=filled, fillcolor="white"];',
        '  "main:<module>";',
        '  "main:run";',
        '  "to_import:<module>";',
        '  "to_import:helper";',
        '  "builtins.print" [style="rounded"];',
        '  "main:<module>" -> "main:run";',
        '  "main:run" -> "to_import:helper";',
        '  "to_import:helper" -> "builtins.print";',
        "}",
    ]
    if shutil.which("dot"):
        drawn = subprocess.run(["dot", "-Tsvg"], input=outcome.out, text=True, capture_output=True, check=False)
        assert drawn.returncode == 0, drawn.stderr


def test_mermaid(blocklint: Runner) -> None:
    assert blocklint("graph", "--format", "mermaid", "--to", "pause").out.splitlines() == [
        "flowchart LR",
        '  n0["app.helpers:pause"]',
        '  n1["app.main:one"]',
        "  n1 --> n0",
        "  classDef event-loop fill:#f4b6b6,color:#000",
        "  class n0,n1 event-loop",
    ]


def test_ways_other_than_calls_are_told_in_pictures(blocklint: Runner, scripts: Path) -> None:
    write(scripts, {"main.py": "class C:\n    def __len__(self): ...\n    def __add__(self, o): ...\nc = C()\nc + c\n"})
    assert '"main:<module>" -> "main:C.__add__" [label="operator"];' in blocklint("graph", "--format", "dot").out
    assert 'n0 -- "operator" --> n1' in blocklint("graph", "--format", "mermaid").out


def test_a_bare_folder_of_scripts_is_a_project(
    blocklint: Runner, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scripts.parent)
    document = blocklint("graph", "scripts").document
    assert list(document["functions"]) == ["main:<module>", "main:run", "to_import:<module>", "to_import:helper"]
    assert document["functions"]["main:run"]["path"] == "scripts/main.py"


def test_names_that_two_roots_share(blocklint: Runner, project: Path) -> None:
    for name in ("one", "two"):
        write(project.parent / name, {"pyproject.toml": "[tool.blocklint]\n", "main.py": "def f(): ...\nf()\n"})
    document = blocklint("graph", "../one", "../two").document
    assert list(document["functions"]) == [
        "main:<module>", "main:f", "../two::main:<module>", "../two::main:f",
    ]  # fmt: skip
    assert [edge["path"] for edge in document["edges"]] == ["../two/main.py", "../one/main.py"]


def test_files_that_cannot_be_parsed(blocklint: Runner, project: Path) -> None:
    write(project, {"app/bad.py": "def f(:\n"})
    outcome = blocklint("graph")
    assert outcome.code == 1
    assert outcome.err.startswith("app/bad.py:1: syntax error")
    assert "app.main:one" in outcome.document["functions"]


def test_a_path_that_does_not_exist(blocklint: Runner) -> None:
    assert blocklint("graph", "ap").code == 2
