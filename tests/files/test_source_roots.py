"""Where absolute imports start. The first cases are those that must stay silent."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from blocklint.project.source_roots import source_roots

SILENT = [
    pytest.param({"app/main.py": ["fastapi", "os"]}, id="libraries only"),
    pytest.param(
        {"app/main.py": ["redis"], "app/__init__.py": [], "app/redis.py": []}, id="a module in a package"
    ),
    pytest.param(
        {"clients/redis.py": ["redis"], "main.py": ["redis"]}, id="a wrapper named like its library"
    ),
    pytest.param(
        {"clients/redis/client.py": ["redis"], "main.py": ["clients.redis"]},
        id="a wrapper package, used as one",
    ),
    pytest.param(
        {
            "app/services/mail.py": ["stripe"],
            "app/services/stripe.py": [],
            "main.py": ["app.services.stripe"],
        },
        id="a sibling of a namespace package that is imported as one",
    ),
    pytest.param(
        {
            "home/__init__.py": [],
            "home/parts/__init__.py": [],
            "home/parts/zeroconf/__init__.py": [],
            "home/parts/usb/core.py": [],
            "home/parts/mqtt/__init__.py": ["zeroconf", "home.parts.usb"],
            "home/parts/other/a.py": ["usb.core", "mqtt", "zeroconf"],
        },
        id="a package of wrappers named like their libraries",
    ),
    pytest.param(
        {
            "llm/__init__.py": [".openai"],
            "llm/openai.py": [],
            "llm/stripe.py": [],
            "llm/base.py": ["openai", "stripe"],
        },
        id="the same, which uses relative imports only",
    ),
    pytest.param({"tools/types.py": [], "tools/run.py": ["types"]}, id="a standard module"),
    pytest.param(
        {"app/core/db.py": [], "app/main.py": ["app.core.db"], "tests/data/app/core/db.py": []},
        id="a copy in another place",
    ),
    pytest.param(
        {
            "app/__init__.py": [],
            "app/db.py": [],
            "app/main.py": ["app.db"],
            "app/test/x.py": ["test.util", "db", "main"],
            "app/test/util.py": [],
        },
        id="tests that are run inside a package",
    ),
    pytest.param({"pkg/__init__.py": ["pkg"], "pkg/a.py": ["pkg"]}, id="a package that imports itself"),
]


@pytest.mark.parametrize("imports", SILENT)
def test_only_the_root(imports: Mapping[str, list[str]]) -> None:
    assert roots(imports) == ("",)


FOUND = [
    pytest.param({"src/app/main.py": ["app.db"], "src/app/db.py": []}, ("", "src"), id="src"),
    pytest.param(
        {"src/__init__.py": [], "src/main.py": ["src.db"], "src/db.py": []}, ("",), id="src is a package"
    ),
    pytest.param(
        {"backend/app/main.py": ["app.models.user"], "backend/app/models/user.py": []},
        ("", "backend"),
        id="backend",
    ),
    pytest.param(
        {
            "backend/app/main.py": ["app.models.user"],
            "backend/app/models/user.py": [],
            "tests/test_x.py": ["backend.app.main"],
        },
        ("", "backend"),
        id="backend, which tests import as a package",
    ),
    pytest.param(
        {"server/src/main.py": ["database", "redis"], "server/src/database.py": []},
        ("", "server/src"),
        id="a script and its neighbour",
    ),
    pytest.param({"api/a.py": [], "api/test_a.py": ["a"]}, ("", "api"), id="a script and its test"),
    pytest.param(
        {"a/app/main.py": ["app.db"], "a/app/db.py": [], "b/app/main.py": ["app.db"], "b/app/db.py": []},
        ("", "a", "b"),
        id="two services of one name",
    ),
    pytest.param(
        {"packages/core/src/core/__init__.py": [], "packages/api/src/api/main.py": ["core"]},
        ("", "packages/core/src"),
        id="a package that only others import",
    ),
    pytest.param(
        {"libs/core/core/db.py": [], "services/api/main.py": ["core.db"]},
        ("", "libs/core"),
        id="a namespace package that only others import",
    ),
    pytest.param(
        {
            "backend/__init__.py": [],
            "backend/main.py": ["database", "models"],
            "backend/database.py": [],
            "backend/models.py": [],
        },
        ("", "backend"),
        id="a folder of scripts with an idle __init__",
    ),
]


@pytest.mark.parametrize(("imports", "expected"), FOUND)
def test_found(imports: Mapping[str, list[str]], expected: tuple[str, ...]) -> None:
    assert roots(imports) == expected


def test_ten_thousand_files() -> None:
    """The result is right; that it is also quick shows in the suite's time."""
    imports = {
        f"services/s{service}/app/m{module}.py": [f"app.m{(module + 1) % 33}", "redis"]
        for service in range(300)
        for module in range(33)
    }
    assert len(roots(imports)) == 301


def test_the_order_of_files_does_not_matter() -> None:
    imports = {"b/app/main.py": ["app.db"], "b/app/db.py": [], "a/x.py": ["y"], "a/y.py": []}
    assert roots(imports) == roots(dict(reversed(imports.items())))


def roots(imports: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The names that each file imports; leading dots are those of a relative import."""
    importers: dict[str, list[str]] = {}
    levels: dict[str, int] = {}
    for file, names in imports.items():
        for name in names:
            absolute = name.lstrip(".")
            if absolute == name:
                importers.setdefault(name, []).append(file)
            else:
                levels[file] = max(levels.get(file, 0), len(name) - len(absolute))
    return source_roots(list(imports), importers, levels)
