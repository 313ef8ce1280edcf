"""`blocklint rule`: the pages of the codes, from the source tree and from the installed package."""

from __future__ import annotations

import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest

from blocklint.hosts.cli import rule as command
from blocklint.hosts.cli.main import main
from blocklint.rules.codes import BY_CODE

REPOSITORY = Path(__file__).resolve().parent.parent.parent
RULES = REPOSITORY / "docs" / "rules"


def test_a_page_is_printed_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "lag109"]) == 0
    assert capsys.readouterr().out == (RULES / "LAG109.md").read_text(encoding="utf-8")


def test_all_pages_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "--all"]) == 0
    out = capsys.readouterr().out
    assert [line[2:8] for line in out.splitlines() if line.startswith("# LAG")] == list(BY_CODE)


def test_json_has_the_sections(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "--all", "--format", "json"]) == 0
    pages = json.loads(capsys.readouterr().out)["rules"]
    assert [page["code"] for page in pages] == list(BY_CODE)
    for page in pages:
        wanted = ["What it finds", "Why it matters", "Example", "Instead", "What it does not see"]
        assert list(page["sections"])[: len(wanted)] == wanted
        assert all(page["sections"].values())
    by_code = {page["code"]: page for page in pages}
    assert by_code["LAG109"]["default"] == "on when certain"
    assert by_code["LAG110"]["default"] == "off"
    assert by_code["LAG101"]["symbol"] == "blocking-database-call-in-async"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["LAG10l"], 'there is no code "LAG10L"; did you mean LAG101?'),
        (["LAG999"], 'there is no code "LAG999"; did you mean LAG'),
        ([], "rule needs a CODE, such as LAG101, or --all"),
        (["LAG101", "--all"], "rule takes a CODE or --all, not both"),
    ],
)
def test_unknown_codes_are_usage_errors(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rule", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_installed_package_has_its_own_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(RULES, tmp_path / "pages")
    (tmp_path / "pages" / "LAG101.md").write_text("# LAG101: shipped\n\n## What it finds\n\nThis.\n")
    monkeypatch.setattr(command, "_SHIPPED", tmp_path / "pages")
    assert main(["rule", "LAG101"]) == 0
    assert capsys.readouterr().out.startswith("# LAG101: shipped\n")
    (tmp_path / "pages" / "LAG101.md").unlink()
    assert main(["rule", "LAG101"]) == 2
    assert "the page of LAG101 cannot be read: No such file" in capsys.readouterr().err


def test_the_wheel_takes_the_pages_along(tmp_path: Path) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"docs/rules": "blocklint/pages"}
    build = pytest.importorskip("hatchling.build", reason="the build backend is not installed here")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(REPOSITORY)
        name = build.build_wheel(str(tmp_path))
    with zipfile.ZipFile(tmp_path / name) as archive:
        names = archive.namelist()
    pages = {
        Path(each).stem for each in names if each.startswith("blocklint/pages/") and each.endswith(".md")
    }
    assert pages == BY_CODE.keys()
