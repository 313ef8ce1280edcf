"""The routes of a pinned release, against what was counted by hand in its source.

Counted with grep: the decorators of each file in `routers/` and of `main.py`, the prefixes in the
calls of `include_router`, and the handlers that depend on each `get_…_user` (one under two decorators counts twice).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ecosystem.findings import REPOSITORY
from tests.ecosystem.projects import PROJECTS, fetch

PREFIXES = {
    "": 19, "/ollama": 39, "/openai": 8, "/api/v1/pipelines": 8, "/api/v1/tasks": 9, "/api/v1/images": 7,
    "/api/v1/audio": 6, "/api/v1/retrieval": 22, "/api/v1/configs": 11, "/api/v1/auths": 18,
    "/api/v1/users": 13, "/api/v1/channels": 13, "/api/v1/chats": 32, "/api/v1/models": 8,
    "/api/v1/knowledge": 11, "/api/v1/prompts": 6, "/api/v1/tools": 13, "/api/v1/memories": 8,
    "/api/v1/folders": 7, "/api/v1/groups": 5, "/api/v1/files": 10, "/api/v1/functions": 14,
    "/api/v1/evaluations": 11, "/api/v1/utils": 7,
}  # fmt: skip
ROUTERS = {"main": "", "ollama": "/ollama", "openai": "/openai"}
DEPENDENTS = {"get_verified_user": 176, "get_admin_user": 103, "get_current_user": 6}


@pytest.fixture(scope="module")
def open_webui() -> Any:
    """What `blocklint routes --format json` says of open-webui."""
    folder = fetch(next(project for project in PROJECTS if project.name == "open-webui"))
    command = [sys.executable, "-m", "blocklint", "routes", "--format", "json", "--no-cache", "."]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return json.loads(run.stdout)


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node and all below it."""
    yield node
    for below in node["dependencies"]:
        yield from nodes(below)


@pytest.mark.ecosystem
def test_every_route_has_its_prefix(open_webui: Any) -> None:
    found: Counter[str] = Counter()
    for route in open_webui["routes"]:
        file = route["handler"]["path"].rpartition("/")[2].removesuffix(".py")
        prefix = ROUTERS.get(file, f"/api/v1/{file}")
        assert route["path"].startswith(prefix + "/") or route["path"] == prefix, route
        assert route["included"], route
        found[prefix] += 1
    assert found == PREFIXES
    assert open_webui["summary"]["routes"] == 305
    paths = {(",".join(route["methods"]), route["path"]) for route in open_webui["routes"]}
    assert len(paths) == 305
    assert ("GET", "/api/v1/chats/all/archived") in paths
    assert ("DELETE,GET,POST,PUT", "/openai/{path:path}") in paths


@pytest.mark.ecosystem
def test_the_users_of_requests_are_found_in_threads(open_webui: Any) -> None:
    direct = Counter(
        node["function"].rpartition(":")[2]
        for route in open_webui["routes"]
        for node in route["handler"]["dependencies"]
    )
    assert direct == DEPENDENTS
    for route in open_webui["routes"]:
        for node in nodes(route["handler"]):
            if node["function"].startswith("open_webui.utils.auth:get_"):
                assert (node["runs"], node["blocks"]) == ("worker-thread", []), node
    verified = next(n for r in open_webui["routes"] for n in nodes(r["handler"]) if n["function"].endswith(":get_verified_user"))
    assert [below["function"] for below in verified["dependencies"]] == ["open_webui.utils.auth:get_current_user"]


@pytest.mark.ecosystem
def test_the_audit_middleware_that_asks_for_the_user_itself(open_webui: Any) -> None:
    audit = next(n for n in open_webui["middlewares"] if n["function"].endswith("AuditLoggingMiddleware.__call__"))
    blocks = [open_webui["findings"][number] for number in audit["blocks"]]
    assert [(f["path"], f["line"], f["code"]) for f in blocks] == [("open_webui/utils/audit.py", 197, "LAG101")]
    assert "get_current_user -> UsersTable.get_user_by_id" in blocks[0]["message"]
    assert [entry["kind"] for entry in blocks[0]["entry_points"]] == ["middleware"]
