"""What shows only in a process of its own: pipes, encodings, imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts.support import APPLICATION, BLOCKING, REPOSITORY, run, write


def test_a_module_as_a_program(tmp_path: Path) -> None:
    write(tmp_path, APPLICATION)
    outcome = run(tmp_path, "-m", "blocklint", "check", "--format", "json")
    assert (outcome.returncode, outcome.stderr) == (1, "")
    document = json.loads(outcome.stdout)
    again = json.loads(run(tmp_path, "-m", "blocklint", "check", "--format", "json").stdout)
    assert document["summary"].pop("seconds") > 0
    del again["summary"]["seconds"]
    assert again == document


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end differently")
def test_a_reader_that_stops_early(tmp_path: Path) -> None:
    # More than a pipe holds, so that writing really fails.
    body = "    time.sleep(1)\n" * 2000
    write(tmp_path, {"pyproject.toml": "[tool.blocklint]\n", "a.py": f"import time\nasync def f():\n{body}"})
    command = [sys.executable, "-m", "blocklint", "check", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_names_that_the_encoding_lacks(tmp_path: Path) -> None:
    write(
        tmp_path, {"pyproject.toml": "[tool.blocklint]\n", "größe.py": BLOCKING.replace("handler", "größe")}
    )
    outcome = run(tmp_path, "-m", "blocklint", "check", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert outcome.returncode == 1
    assert "gr\\xf6\\xdfe.py:5:" in outcome.stdout
    outcome = run(tmp_path, "-m", "blocklint", "check", "--format", "json", PYTHONIOENCODING="ascii")
    assert json.loads(outcome.stdout)["findings"][0]["path"] == "größe.py"


def test_colours(tmp_path: Path) -> None:
    write(tmp_path, APPLICATION)
    command = ("-m", "blocklint", "check", "--no-cache")
    assert "\x1b[" not in run(tmp_path, *command).stdout
    assert "\x1b[1;31mLAG104\x1b[0m" in run(tmp_path, *command, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run(tmp_path, *command, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_what_a_start_imports(tmp_path: Path) -> None:
    write(tmp_path, APPLICATION)
    program = (
        "import sys; from blocklint.hosts.cli import main\n"
        "main(sys.argv[1:])\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    cold = run(tmp_path, "-c", program, "check", "--no-cache")
    late = {"flake8", "pylint", "astroid", "asyncio", "difflib", "multiprocessing", "importlib.metadata"}
    assert late.isdisjoint(cold.stderr.split())
    assert "sqlite3" not in cold.stderr.split()
    run(tmp_path, "-c", program, "check")
    warm = run(tmp_path, "-c", program, "check")
    assert warm.returncode == cold.returncode == 0
    # An unchanged project is neither parsed nor linked.
    assert {*late, "blocklint.rules.engine", "blocklint.facts.lower"}.isdisjoint(warm.stderr.split())


@pytest.mark.parametrize("command", [("check",), ("check", "--no-cache"), ("graph",)])
def test_analysed_code_is_never_imported_or_run(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Every file leaves a mark if anything runs it; their names tempt an import."""
    mark = tmp_path / "ran"
    trap = f"open({str(mark)!r}, 'a').write(__name__)\n"
    names = ("main.py", "conftest.py", "setup.py", "ast.py", "msgspec.py", "sqlalchemy.py", "sqlite3.py")
    project = write(tmp_path, {f"project/{name}": trap + BLOCKING for name in names}) / "project"
    outcome = run(project, "-m", "blocklint", *command, "--format", "json")
    assert outcome.stderr == ""
    assert "main.py" in outcome.stdout
    assert not mark.exists()
    # The trap works: running one of the files does leave its mark.
    run(project, "main.py")
    assert mark.exists()


def test_the_middle_of_a_very_long_chain_is_left_out(tmp_path: Path) -> None:
    functions = [f"def f{i}():\n    f{i + 1}()\n" for i in range(100)]
    text = f"import time\nasync def top():\n    f0()\n{''.join(functions)}def f100():\n    time.sleep(1)\n"
    write(tmp_path, {"main.py": text})
    shown = run(tmp_path, "-m", "blocklint", "check", "--no-cache").stdout.splitlines()
    assert shown[1].split()[:3] == ["main:top", "->", "main:f0"]
    assert shown[17] == "    … 78 more calls …"
    assert shown[25].split()[:3] == ["main:f100", "->", "time.sleep"]
    whole = run(tmp_path, "-m", "blocklint", "check", "--no-cache", "--format", "json").stdout
    assert len(json.loads(whole)["findings"][0]["chain"]) == 102


@pytest.mark.skipif(sys.platform == "win32", reason="a current folder cannot be removed")
def test_a_current_folder_that_is_gone(tmp_path: Path) -> None:
    program = (
        "import os, runpy, sys; os.rmdir(os.getcwd()); sys.argv[0] = 'blocklint'; sys.path.insert(0, '')\n"
        "runpy.run_module('blocklint', run_name='__main__', alter_sys=True)"
    )
    outcome = run(tmp_path, "-c", program, "check", ".")
    assert outcome.returncode == 2
    assert "Traceback" not in outcome.stderr
    assert outcome.stderr.startswith("blocklint: error: ")
