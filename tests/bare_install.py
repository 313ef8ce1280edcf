"""Run by `tox -e bare`: the wheel in an environment that holds no host tool, from another folder."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

FIXTURE = Path(__file__).resolve().parent / "fixtures" / "founding" / "names_app"
ABSENT = ("flake8", "pylint", "astroid", "pygls", "pytest", "sqlalchemy", "fastapi")


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and show what it said."""
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    print("$", *command, "->", result.returncode, result.stderr, flush=True)
    return result


def main() -> int:
    """Raise AssertionError if something does not work without the host tools."""
    present = [name for name in ABSENT if importlib.util.find_spec(name)]
    assert not present, f"this environment is not bare: {present}"
    import blocklint

    package = Path(blocklint.__file__).parent
    assert package.parent != Path(__file__).resolve().parent.parent, "not the installed package"
    assert (package / "py.typed").exists()
    assert len(list((package / "pages").glob("LAG*.md"))) > 10
    scripts = Path(sysconfig.get_path("scripts"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "app")
        shutil.copytree(FIXTURE, folder)
        module = [sys.executable, "-m", "blocklint"]
        for command in ([str(scripts / "blocklint")], [str(scripts / "blocklint-async")], module):
            assert run(*command, "--version", folder=folder).returncode == 0
            checked = run(*command, "check", "--format", "json", "--no-cache", ".", folder=folder)
            assert checked.returncode == 1
            codes = [finding["code"] for finding in json.loads(checked.stdout)["findings"]]
            assert codes == ["LAG101", "LAG301"], codes
            text = run(*command, "rule", "LAG101", folder=folder).stdout
            source = Path(__file__).resolve().parent.parent / "docs" / "rules" / "LAG101.md"
            assert text == source.read_text(encoding="utf-8")
            page = run(*command, "routes", "--format", "html", "--no-cache", ".", folder=folder)
            assert (page.returncode, page.stdout.count("<table>")) == (0, 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
