"""A real package that the catalogue does not know, pinned, as a project's environment has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocklint.analysis import analyze_paths
from blocklint.settings import Overrides
from tests.ecosystem.projects import Project, fetch
from tests.hosts.support import write

PACKAGE = Project("hcloud", "2.27.0", 0)
APPLICATION = """\
import asyncio

from hcloud import Client
from hcloud.servers import BoundServer


async def everything():
    client = Client(token="x")
    return client.servers.get_all()


async def power(server: BoundServer):
    server.power_on()


async def threaded():
    return await asyncio.to_thread(Client(token="x").servers.get_all)
"""


@pytest.mark.ecosystem
def test_what_a_real_package_does_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site_packages = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    write(tmp_path, {"main.py": APPLICATION, "pyproject.toml": "[tool.blocklint]\n"})
    write(tmp_path / ".venv", {"pyvenv.cfg": "version = 3.12.1\n"})
    # What it is built on, requests, the catalogue knows: it need only be there.
    write(site_packages, {"requests/__init__.py": "", "hcloud.pth": f"{fetch(PACKAGE)}\n"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert analyze_paths(["."]).findings == ()
    overrides = Overrides(environment=tmp_path / ".venv")
    first, again = (analyze_paths(["."], overrides=overrides).findings for _ in range(2))
    assert first == again
    assert [(f.site.line, f.code, f.culprit) for f in first] == [
        (9, "LAG102", "requests.Session.request"),
        (9, "LAG104", "time.sleep"),
        (13, "LAG102", "requests.Session.request"),
        (13, "LAG104", "time.sleep"),
    ]
    assert [(hop.callee, hop.path) for hop in first[0].chain] == [
        ("hcloud.servers.client:ServersClient.get_all", "main.py"),
        ("hcloud.core.client:ResourceClientBase._iter_pages", "<site-packages>/hcloud/servers/client.py"),
        ("hcloud.servers.client:ServersClient.get_list", "<site-packages>/hcloud/core/client.py"),
        ("hcloud._client:ClientBase.request", "<site-packages>/hcloud/servers/client.py"),
        ("requests.Session.request", "<site-packages>/hcloud/_client.py"),
    ]
