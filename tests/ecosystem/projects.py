"""The pinned releases: getting one, and only its Python files, into a cached folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Project(NamedTuple):
    """A release that is pinned by name and version.

    ``unresolved`` is the share of calls from its coroutines into itself that may stay unresolved.
    """

    name: str
    version: str
    unresolved: float

    @property
    def folder(self) -> Path:
        """Where its Python files are kept between runs."""
        base = os.environ.get("BLOCKLINT_ECOSYSTEM") or Path.home() / ".cache" / "blocklint-ecosystem"
        return Path(base) / f"{self.name}-{self.version}"

    @property
    def expected(self) -> Path:
        """Where its stored findings stand."""
        return HERE / "expected" / f"{self.name}-{self.version}.jsonl"


PROJECTS = (Project("open-webui", "0.5.20", 0.03), Project("conda-store-server", "2024.3.1", 0.16))


def fetch(project: Project) -> Path:
    """Return the folder with a project's Python files, downloading its wheel if need be."""
    if not project.folder.exists():
        with tempfile.TemporaryDirectory() as scratch:
            wheel = _download(project, Path(scratch))
            project.folder.parent.mkdir(parents=True, exist_ok=True)
            unpacked = Path(tempfile.mkdtemp(dir=project.folder.parent))
            _extract(wheel, unpacked)
            _publish(unpacked, project.folder)
    return project.folder


def reachable() -> bool:
    """Whether every project is here already, or the package registry answers."""
    missing = [project for project in PROJECTS if not project.folder.exists()]
    if not missing:
        return True
    command = [sys.executable, "-m", "pip", "index", "versions", missing[0].name, "--retries", "0"]
    try:
        run = subprocess.run(command, capture_output=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def _download(project: Project, folder: Path) -> Path:
    # Wheels only: a source distribution would have to be run to be unpacked by pip.
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "-d", str(folder), f"{project.name}=={project.version}"], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _extract(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith(".py")])
    # A root of its own, wherever the cache lies.
    (folder / "pyproject.toml").write_text("[tool.blocklint]\n")


def _publish(unpacked: Path, folder: Path) -> None:
    unpacked.chmod(0o755)
    try:
        unpacked.rename(folder)
    except OSError:
        # Another run was faster.
        shutil.rmtree(unpacked)
