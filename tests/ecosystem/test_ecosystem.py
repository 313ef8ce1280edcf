"""The pinned releases, downloaded: `tox -e ecosystem`. Not part of the fast suite."""

from __future__ import annotations

import pytest

from tests.ecosystem.__main__ import run
from tests.ecosystem.projects import PROJECTS, Project


@pytest.mark.ecosystem
@pytest.mark.parametrize("project", PROJECTS, ids=[project.name for project in PROJECTS])
def test_findings_are_those_stored_and_labelled(project: Project) -> None:
    assert run(project) == []
