"""Small projects on the disk, and programs run in them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from blocklint.hosts.cli import main

INSTALLED = any(point.name == "LAG" for point in entry_points(group="flake8.extension"))
"""Whether flake8 finds the plugin by itself; told of it as well, it would have it twice."""
LOCAL = "[flake8:local-plugins]\nextension = LAG = blocklint.hosts.flake8_plugin:Plugin\n"
FLAKE8_PLUGIN = "" if INSTALLED else LOCAL

REPOSITORY = Path(__file__).resolve().parents[2]

BLOCKING = """\
import time


async def handler():
    time.sleep(1)
"""

APPLICATION: Mapping[str, str] = {
    "pyproject.toml": "[tool.blocklint]\n",
    "app/__init__.py": "",
    "app/helpers.py": "import time\n\n\ndef pause():\n    time.sleep(1)\n",
    "app/main.py": (
        "import os\n"
        "\n"
        "from app.helpers import pause\n"
        "\n"
        "\n"
        "async def one():\n"
        "    pause()\n"
        "    pause()  # noqa: LAG104\n"
        "\n"
        "\n"
        "async def two():\n"
        "    os.stat('x')\n"
        "    open('x')\n"
    ),
    "app/other.py": BLOCKING,
    "tests/test_app.py": BLOCKING,
}
"""Default findings: app/main.py 7 and 13, app/other.py 5; LAG111 at app/main.py 12 if selected."""


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder and hand the folder back."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def run(
    folder: Path, *arguments: str, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments in a folder, with a cache of its own below it."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={
            **{key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")},
            "PYTHONPATH": str(REPOSITORY),
            "XDG_CACHE_HOME": str(folder / ".cache"),
            "PYTHONWARNINGS": "error::ResourceWarning",
            **environment,
        },
    )


class Outcome:
    """What a run left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def places(self) -> list[str]:
        """PATH:LINE of the findings."""
        return re.findall(r"^(\S+?:\d+):\d+: LAG\d+", self.out, re.MULTILINE)

    @property
    def document(self) -> Any:
        """The JSON that was printed."""
        return json.loads(self.out)


class Runner:
    """Runs the command line in this process."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def __call__(self, *arguments: str) -> Outcome:
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        return Outcome(code, *self._captured.readouterr())
