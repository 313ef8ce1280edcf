from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from blocklint.analysis import analyze_paths
from blocklint.hosts.formats.repairs import repairs
from blocklint.hosts.per_file import PerFile
from blocklint.model import Certainty, Finding, Report
from blocklint.settings import Overrides, SettingsError, UsageError
from tests.hosts.support import run, write

ENVIRONMENT = Path(__file__).parent / "environment"
SITE_PACKAGES = "lib/python3.12/site-packages"
SETTINGS = '[tool.blocklint]\nenvironment = ".venv"\n'
APPLICATION = """\
import asyncio

import acme_sdk
from acme_sdk import AsyncClient, Client
from acme_parts.text.waiting import wait


async def fetched():
    return acme_sdk.fetch("https://x")


async def awaited():
    return await acme_sdk.pull("https://x")


async def method(client: Client):
    return client.get("/")


async def entered():
    async with AsyncClient("https://x") as client:
        async for line in client.lines():
            print(line)


async def parts():
    wait()


async def silent(client: Client):
    acme_sdk.parse("a,b")
    client.table("name")
    await client.close()
    await asyncio.to_thread(acme_sdk.fetch, "https://x")
    await asyncio.to_thread(client.get, "/")
"""
LOUD = {9: "LAG102", 13: "LAG102", 17: "LAG102", 22: "LAG102", 27: "LAG104"}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a project with an environment of its own in it."""
    return project(tmp_path / "project", monkeypatch)


def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(folder, {"pyproject.toml": SETTINGS, "main.py": APPLICATION})
    shutil.copytree(ENVIRONMENT, folder / ".venv")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
    monkeypatch.chdir(folder)
    return folder


def places(report: Report) -> dict[int, str]:
    assert report.errors == ()
    return {finding.site.line: finding.code for finding in report.findings}


def check(*, cache: bool = False, **overrides: Any) -> Report:
    return analyze_paths(["."], overrides=Overrides(**overrides), cache=cache)


def test_what_blocks_deep_inside_a_package_is_found_with_and_without_cache(installed: Path) -> None:
    reports = [check(), check(cache=True), check(cache=True)]
    assert [places(report) for report in reports] == [LOUD] * 3
    assert reports[0].findings == reports[1].findings == reports[2].findings


def test_the_chain_shows_the_way_through_the_package(installed: Path) -> None:
    finding = check().findings[0]
    assert [(hop.function, hop.path, hop.line) for hop in finding.chain] == [
        ("main:fetched", "main.py", 9),
        ("acme_sdk._client:fetch", "<site-packages>/acme_sdk/_client.py", 5),
        ("acme_sdk._client:Client.get", "<site-packages>/acme_sdk/_client.py", 18),
        ("acme_sdk._transport:Transport.send", "<site-packages>/acme_sdk/_transport.py", 9),
    ]
    assert finding.message == (
        "LAG102 requests.Session.request() blocks the event loop: fetch -> Client.get -> Transport.send"
        " -> Session.request (<site-packages>/acme_sdk/_transport.py:9)"
    )
    assert finding.certainty is Certainty.LIKELY


@pytest.mark.parametrize("settings", ["[tool.blocklint]\n", '[tool.blocklint]\nenvironment = "empty"\n'])
def test_without_the_package_there_is_neither_a_finding_nor_an_error(
    installed: Path, settings: str
) -> None:
    write(installed, {"pyproject.toml": settings, "empty/pyvenv.cfg": "version = 3.12.1\n"})
    (installed / "empty" / SITE_PACKAGES).mkdir(parents=True)
    for cache in (False, True, True):
        assert places(check(cache=cache)) == {}


def test_a_changed_package_is_read_again(installed: Path) -> None:
    transport = installed / ".venv" / SITE_PACKAGES / "acme_sdk" / "_transport.py"
    assert places(check(cache=True)) == LOUD
    transport.write_text("class Transport:\n    def send(self, method, url):\n        return url\n")
    assert places(check(cache=True)) == {27: "LAG104"}
    transport.unlink()
    assert places(check(cache=True)) == {27: "LAG104"}
    shutil.copy(ENVIRONMENT / SITE_PACKAGES / "acme_sdk" / "_transport.py", transport)
    assert places(check(cache=True)) == LOUD


def test_findings_do_not_tell_where_an_environment_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Finding, ...]] = []
    for name in ("one", "another/deeper"):
        project(tmp_path / name, monkeypatch)
        told.append(check().findings)
    shutil.move(tmp_path / "one" / ".venv", tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "one")
    told.append(check(environment=tmp_path / "elsewhere").findings)
    assert told[0] == told[1] == told[2]
    assert told[0]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_output_is_the_same_for_every_hash_seed(installed: Path, seed: str) -> None:
    arguments = ("-m", "blocklint", "check", "--no-cache", "--format", "json", "--exit-zero")
    document = json.loads(run(installed, *arguments, PYTHONHASHSEED=seed).stdout)
    fingerprints = [finding["fingerprint"] for finding in document["findings"]]
    assert fingerprints == [finding.fingerprint for finding in check().findings]


def test_hosts_that_ask_file_by_file_follow_the_setting(installed: Path) -> None:
    messages = PerFile(["."], Overrides(), cache=False).messages("main.py")
    assert {message.line: message.code for message in messages} == LOUD


def test_an_environment_is_named_by_its_interpreter(installed: Path) -> None:
    write(installed, {"pyproject.toml": "[tool.blocklint]\n", ".venv/bin/python3.12": ""})
    os.symlink(installed / ".venv" / "bin" / "python3.12", installed / ".venv" / "bin" / "python")
    assert places(check(environment=installed / ".venv" / "bin" / "python")) == LOUD


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (".vemv", 'there is no ".vemv"; did you mean .venv?'),
        ("package", '"package" is no environment: there is no site-packages; did you mean .venv?'),
        ("main.py", '"main.py" is no interpreter of an environment: there is no site-packages; did you mean .venv?'),
    ],
)
def test_a_wrong_environment_is_an_error_with_the_nearest_one(
    installed: Path, named: str, message: str
) -> None:
    write(installed, {"pyproject.toml": SETTINGS.replace(".venv", named), "package/__init__.py": ""})
    with pytest.raises(SettingsError) as told:
        check()
    assert (told.value.line, told.value.message) == (2, f'"environment": {message}')
    with pytest.raises(UsageError) as of_option:
        check(environment=installed / named)
    assert str(of_option.value) == f"--python: {message}"


def test_the_command_line_ends_with_2_for_a_wrong_environment(installed: Path) -> None:
    found = run(installed, "-m", "blocklint", "check", "--python", "nowhere")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == 'blocklint: error: --python: there is no "nowhere"; did you mean .venv?\n'


def test_editable_installs_are_followed_and_code_in_pth_files_is_not_run(
    tmp_path: Path, installed: Path
) -> None:
    packages = installed / ".venv" / SITE_PACKAGES
    shutil.move(packages / "acme_sdk", tmp_path / "checkout" / "src" / "acme_sdk")
    trap = f"import pathlib; pathlib.Path({str(tmp_path / 'trap')!r}).touch()\n"
    write(packages, {"__editable__.acme.pth": f"# a comment\n{trap}{tmp_path / 'checkout' / 'src'}\n"})
    assert places(check()) == LOUD
    assert check().findings[0].chain[-1].path == "<site-packages>/acme_sdk/_transport.py"
    assert not (tmp_path / "trap").exists()


def test_a_package_that_is_installed_from_the_projects_own_folder_is_the_projects(installed: Path) -> None:
    packages = installed / ".venv" / SITE_PACKAGES
    write(installed, {"libraries/own_sdk/__init__.py": "import time\n\n\ndef nap():\n    time.sleep(1)\n"})
    write(installed, {"main.py": "from own_sdk import nap\n\n\nasync def f():\n    nap()\n"})
    write(packages, {"own.pth": str(installed / "libraries")})
    (finding,) = check().findings
    assert finding.chain[-1].path == "libraries/own_sdk/__init__.py"
    assert finding.certainty is Certainty.CERTAIN


def test_a_windows_environment_is_read(tmp_path: Path, installed: Path) -> None:
    windows = tmp_path / "windows"
    shutil.copytree(ENVIRONMENT / SITE_PACKAGES, windows / "Lib" / "site-packages")
    write(windows, {"pyvenv.cfg": "version_info = 3.12.1.final.0\n", "Scripts/python.exe": ""})
    assert places(check(environment=windows)) == LOUD
    assert places(check(environment=windows / "Scripts" / "python.exe")) == LOUD


def test_what_is_compiled_is_unknown_and_counted_but_typed_by_its_stub(installed: Path) -> None:
    lines = (
        "from acme_native import core, raw\n\n\nasync def f():\n"
        "    core.crunch(1)\n    core.connect().get('/')\n    (await core.open_session()).get('/')\n    raw.go()\n"
    )
    write(installed, {"main.py": lines})
    report = check(extend_select=("LAG902",))
    assert [(f.site.line, f.code) for f in report.findings] == [
        (5, "LAG902"), (6, "LAG902"), (6, "LAG102"), (7, "LAG902"), (7, "LAG102"), (8, "LAG902"),
    ]  # fmt: skip
    reasons = [f.message.partition(": ")[2] for f in report.findings if f.code == "LAG902"]
    assert reasons == [
        "library acme_native.core.crunch is installed but compiled",
        "library acme_native.core.connect is installed but compiled",
        "library acme_native.core.open_session is installed but compiled",
        "library acme_native.raw.go is installed but compiled",
    ]
    assert report.summary.unresolved_calls == 4


def test_what_the_text_of_a_package_does_not_bind_is_unknown(installed: Path) -> None:
    write(installed, {"main.py": "import acme_sdk\n\n\nasync def f():\n    acme_sdk.made_up()\n"})
    (finding,) = check(extend_select=("LAG902",)).findings
    assert finding.message.endswith(
        "library acme_sdk.made_up is installed, but its text does not say what that name is"
    )


def test_what_a_package_does_far_away_is_possible_at_most(installed: Path) -> None:
    steps = [f"def step{n}():\n    step{n + 1}()\n" for n in range(7)]
    text = "import time\n\n\n" + "\n\n".join([*steps, "def step7():\n    time.sleep(1)\n"])
    write(installed / ".venv" / SITE_PACKAGES, {"deep_sdk.py": text})
    calls = "\n    ".join(f"step{n}()" for n in range(8))
    write(installed, {"main.py": f"from deep_sdk import *\n\n\nasync def f():\n    {calls}\n"})
    shown = {f.site.line: f.certainty.name for f in check(certainty=Certainty.POSSIBLE).findings}
    assert shown == {line: "POSSIBLE" if line < 8 else "LIKELY" for line in range(5, 13)}


def test_the_graph_goes_through_a_package_where_a_way_is_asked_for(installed: Path) -> None:
    command = ("-m", "blocklint", "graph", "--no-cache")
    document = json.loads(run(installed, *command).stdout)
    assert {edge["path"] for edge in document["edges"]} == {"main.py"}
    way = ("--from", "main:fetched", "--to", "requests.Session.request")
    document = json.loads(run(installed, *command, *way).stdout)
    assert {(edge["caller"], edge["path"]) for edge in document["edges"]} == {
        ("main:fetched", "main.py"),
        ("acme_sdk._client:fetch", "<site-packages>/acme_sdk/_client.py"),
        ("acme_sdk._client:Client.get", "<site-packages>/acme_sdk/_client.py"),
        ("acme_sdk._transport:Transport.send", "<site-packages>/acme_sdk/_transport.py"),
    }


def test_what_the_settings_speak_of_is_left_to_them(installed: Path) -> None:
    told = '[[tool.blocklint.knowledge.module]]\nname = "acme_sdk"\nnever = ["fetch"]\n'
    write(installed, {"pyproject.toml": SETTINGS + told})
    assert places(check()) == {27: "LAG104"}


def test_nobody_is_told_to_repair_what_is_installed(installed: Path) -> None:
    listed = repairs(check().findings)
    assert {(repair.function, repair.path) for repair in listed} == {
        (f"main:{name}", "main.py") for name in ("fetched", "awaited", "method", "entered", "parts")
    }


def test_packages_that_only_libraries_import_are_not_read(installed: Path) -> None:
    write(installed, {"main.py": "import facade\n\n\nasync def f():\n    facade.fetch('/')\n"})
    write(installed / ".venv" / SITE_PACKAGES, {"facade.py": "from acme_sdk import fetch\n"})
    assert places(check()) == {}
