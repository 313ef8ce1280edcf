"""The flake8 plugin, in flake8 itself."""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

import pytest

from blocklint.hosts.flake8_plugin import Plugin
from tests.hosts.support import APPLICATION, BLOCKING, FLAKE8_PLUGIN, run, write

pytest.importorskip("flake8")

# Installed, the plugin is there by its entry point; from a bare checkout flake8 must be told of it.
CONFIGURATION = "[flake8]\nselect = LAG,E9,F\n" + FLAKE8_PLUGIN
FLAKE8 = (
    "import multiprocessing, sys\n"
    "from flake8.main.cli import main\n"
    "if __name__ == '__main__':\n"
    "    multiprocessing.set_start_method(sys.argv.pop(1))\n"
    "    sys.exit(main())\n"
)
DEFAULT = [
    "./app/main.py:7:5: LAG104",
    "./app/main.py:13:5: LAG103",
    "./app/other.py:5:10: LAG104",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The application of `support`, set up for flake8."""
    return write(tmp_path, {**APPLICATION, ".flake8": CONFIGURATION, "run_flake8.py": FLAKE8})


def lines(outcome: subprocess.CompletedProcess[str]) -> list[str]:
    """What was printed, without the words of our messages."""
    assert outcome.stderr == ""
    return re.findall(r"^(\S+:\d+:\d+: \w+)", outcome.stdout, re.MULTILINE)


def checked(folder: Path, *arguments: str) -> list[str]:
    """What `blocklint check` prints for the same."""
    outcome = run(folder, "-m", "blocklint", "check", *arguments)
    return [f"./{place}" for place in re.findall(r"^(\S+:\d+:\d+: LAG\d+)", outcome.stdout, re.MULTILINE)]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_worker_processes_agree(folder: Path, method: str) -> None:
    outcome = run(folder, "run_flake8.py", method, "-j2", ".")
    assert lines(outcome) == DEFAULT == checked(folder, ".")


def test_one_process_agrees_and_files_that_do_not_parse_are_flake8s(folder: Path) -> None:
    write(folder, {"app/bad.py": "def f(:\n", "build/x.py": BLOCKING})
    outcome = run(folder, "-m", "flake8", "-j1")
    assert lines(outcome) == ["./app/bad.py:1:8: E999", *DEFAULT]
    assert "LAG104 time.sleep() blocks the event loop: pause -> time.sleep" in outcome.stdout


def test_workers_read_the_cache(folder: Path) -> None:
    """Under spawn nothing is inherited: what the main process found comes from the disk."""
    write(
        folder,
        {
            "run_flake8.py": FLAKE8.replace(
                "import multiprocessing, sys\n",
                "import multiprocessing, sys\n"
                "if __name__ == '__mp_main__':\n"
                "    sys.modules['blocklint.rules.engine'] = None\n",
            )
        },
    )
    assert lines(run(folder, "run_flake8.py", "spawn", "-j2", ".")) == DEFAULT
    outcome = run(folder, "run_flake8.py", "spawn", "-j2", "--lag-no-cache", ".")
    assert {line.split()[1] for line in lines(outcome)} == {"LAG000"}


def test_stdin_takes_the_place_of_a_file(folder: Path) -> None:
    text = "# coding: latin-1\nfrom app.helpers import pause\nasync def f(x='é'):\n    pause()\n"
    outcome = run(folder, "-m", "flake8", "-", "--stdin-display-name", "./app/other.py", stdin=text)
    assert lines(outcome) == ["./app/other.py:4:5: LAG104"]
    assert lines(run(folder, "-m", "flake8", "-", stdin=BLOCKING)) == ["stdin:5:10: LAG104"]


def test_codes_that_are_off(folder: Path) -> None:
    metadata = "./app/main.py:12:8: LAG111"
    for option in ("--extend-select=LAG111", "--extend-select=LAG1", "--select=LAG111,LAG10,E9"):
        assert lines(run(folder, "-m", "flake8", "-j1", option)) == [DEFAULT[0], metadata, *DEFAULT[1:]]
    assert lines(run(folder, "-m", "flake8", "-j1", "--extend-select=LAG", ".")) == DEFAULT
    write(folder, {"pyproject.toml": '[tool.blocklint]\nselect = ["LAG111"]\n'})
    assert lines(run(folder, "-m", "flake8", "-j1", ".")) == [metadata]


def test_wrong_settings_are_one_message(folder: Path) -> None:
    write(folder, {"pyproject.toml": "[tool.blocklint]\nslect = []\n", "a.py": "import unused\n"})
    outcome = run(folder, "-m", "flake8", "-j1", ".")
    # Which file comes first is up to flake8.
    assert sorted(line.split()[1] for line in lines(outcome)) == ["F401", "LAG000"]
    assert 'LAG000 pyproject.toml:2: unknown setting "slect"; did you mean select?' in outcome.stdout


# ------------------------------------------------------------- in this process


@pytest.fixture
def plugin(project: Path, monkeypatch: pytest.MonkeyPatch) -> type[Plugin]:
    """The plugin in the application of `support`, forgotten afterwards."""
    monkeypatch.setattr(Plugin, "_per_file", None)
    monkeypatch.setattr(Plugin, "_stdin_name", None)
    return Plugin


def options(*filenames: str, **others: object) -> argparse.Namespace:
    values = {
        "filenames": list(filenames),
        "stdin_display_name": "stdin",
        "select": None,
        "extend_select": None,
        "disable_noqa": False,
        "bug_report": False,
        "lag_certainty": None,
        "lag_no_cache": True,
        **others,
    }
    return argparse.Namespace(**values)


def found(plugin: type[Plugin], filename: str, *text: str) -> list[tuple[int, int, str]]:
    return [(line, column, message[:6]) for line, column, message, _ in plugin(None, filename, text).run()]


def test_columns_start_at_zero(plugin: type[Plugin]) -> None:
    plugin.parse_options(None, options("."), [])
    assert found(plugin, "./app/main.py") == [(7, 4, "LAG104"), (13, 4, "LAG103")]
    assert found(plugin, "./tests/test_app.py") == []
    assert found(plugin, "elsewhere.py") == []


def test_options(plugin: type[Plugin]) -> None:
    plugin.parse_options(None, options("tests", "gone.py"), [])
    assert found(plugin, "tests/test_app.py") == [(5, 9, "LAG104")]
    plugin.parse_options(None, options(lag_certainty="certain", disable_noqa=True), [])
    assert found(plugin, "app/main.py") == [(7, 4, "LAG104"), (8, 4, "LAG104"), (13, 4, "LAG103")]
    plugin.parse_options(None, options(select=["E"], extend_select=["LAG", "LAG111"]), [])
    assert (12, 7, "LAG111") in found(plugin, "app/main.py")


def test_a_wrong_choice_in_a_configuration_file(plugin: type[Plugin]) -> None:
    plugin.parse_options(None, options(lag_certainty="sure"), [])
    (message,) = (text for _, _, text, _ in plugin(None, "app/main.py", ()).run())
    assert message == "LAG000 lag-certainty must be possible, likely or certain, not sure"
    assert found(plugin, "app/other.py") == []


def test_nothing_is_analysed_before_a_text_is_there(
    plugin: type[Plugin], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin.parse_options(None, options("-", stdin_display_name="app/main.py"), [])
    assert found(plugin, "app/main.py", *BLOCKING.splitlines(keepends=True)) == [(5, 9, "LAG104")]


def test_no_failure_reaches_flake8(plugin: type[Plugin], monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(plugin, "app/main.py") == []

    def fail(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("blocklint.hosts.per_file.analyze_roots", fail)
    plugin.parse_options(None, options("."), [])
    assert found(plugin, "app/main.py") == [(1, 0, "LAG000")]
    assert found(plugin, "app/other.py") == []


def test_internal_errors_of_one_file_and_of_a_root(
    plugin: type[Plugin], monkeypatch: pytest.MonkeyPatch
) -> None:
    from blocklint.facts import lower as package
    from blocklint.rules import engine

    lower = package.lower

    def fail(source: bytes, is_package: bool) -> object:
        if source == BLOCKING.encode():
            raise KeyError("x")
        return lower(source, is_package)

    monkeypatch.setattr(package, "lower", fail)
    plugin.parse_options(None, options("."), [])
    assert found(plugin, "app/other.py") == [(1, 0, "LAG000")]
    assert found(plugin, "app/main.py") == [(7, 4, "LAG104"), (13, 4, "LAG103")]

    monkeypatch.setattr(package, "lower", lower)
    monkeypatch.setattr(engine, "find", lambda _: fail(BLOCKING.encode(), False))
    plugin.parse_options(None, options("."), [])
    assert found(plugin, "app/main.py") == [(1, 0, "LAG000")]
    assert found(plugin, "app/other.py") == []


def test_the_options_are_registered(plugin: type[Plugin]) -> None:
    class Manager:
        names: list[str] = []  # noqa: RUF012

        def add_option(self, *names: str, **options: object) -> None:
            assert options["parse_from_config"]
            self.names.extend(names)

    plugin.add_options(Manager())
    assert Manager.names == ["--lag-certainty", "--lag-no-cache"]
