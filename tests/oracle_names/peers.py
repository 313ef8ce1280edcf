"""Which library names other tools take for blocking, by asking the installed tools themselves.

blockbuster has a table of the functions that it replaces. flake8-async and ruff have their names in code: so they
are given a program that calls every public name of the modules that their rules are about (flake8-async's
documentation of ASYNC210 to ASYNC251, ruff's "flake8-async" pages), and what they report counts.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

MODULES = ("builtins", "io", "os", "os.path", "subprocess", "time", "urllib.request")
PACKAGES = {
    "httpx": ("delete", "get", "head", "options", "patch", "post", "put", "request", "stream"),
    "requests": ("delete", "get", "head", "options", "patch", "post", "put", "request"),
    "urllib3": ("request",),
}
"""Packages that need not be installed: the names that their own documentation has."""

CLASSES = {
    "httpx.Client": ("close", "delete", "get", "head", "options", "patch", "post", "put", "request", "send", "stream"),
    "urllib3.HTTPConnectionPool": ("request", "urlopen"),
    "urllib3.PoolManager": ("request", "urlopen"),
}


def of_blockbuster() -> list[str]:
    """The functions and methods that blockbuster replaces, by public names."""
    from blockbuster import BlockBuster  # type: ignore[import-not-found]

    own = {"os.scandir": "os.ScandirIterator.__next__"}
    return sorted(own.get(name, name) for name in BlockBuster().functions)


def program() -> tuple[str, dict[int, str]]:
    """A program that calls each name in a line of its own, and the names by line."""
    imports = [f"import {name}" for name in (*MODULES, *PACKAGES, "asyncio", "pathlib") if name != "builtins"]
    lines, names = [*imports, "async def main(path: pathlib.Path):"], {}
    for call, name in _calls():
        lines.append(f"    {call}")
        names[len(lines)] = name
    return "\n".join(lines) + "\n", names


def _calls() -> Iterator[tuple[str, str]]:
    for module in MODULES:
        for name in sorted(dir(importlib.import_module(module))):
            if not name.startswith("_") and callable(getattr(importlib.import_module(module), name)):
                yield (f"{name}()" if module == "builtins" else f"{module}.{name}()"), f"{module}.{name}"
    for package, functions in PACKAGES.items():
        yield from ((f"{package}.{name}()", f"{package}.{name}") for name in functions)
    for name, found in inspect.getmembers(importlib.import_module("pathlib").Path, callable):
        if not name.startswith("_") and found is not None:
            yield f"path.{name}()", f"pathlib.Path.{name}"
    for cls, methods in CLASSES.items():
        for name in methods:
            yield f"client = {cls}(); client.{name}()", f"{cls}.{name}"


def of_flake8_async() -> list[str]:
    """The names that flake8-async's ASYNC2xx rules report."""
    text, names = program()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "flake8_async", "--enable=ASYNC2", "main.py"]
        process = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    rows = re.findall(r"^main\.py:(\d+):\d+: ASYNC2", process.stdout, re.MULTILINE)
    return sorted({names[int(row)] for row in rows if int(row) in names})


def of_ruff() -> list[str]:
    """The names that ruff's ASYNC2xx rules report, those in preview included."""
    text, names = program()
    command = [
        sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--select", "ASYNC2", "--output-format",
        "json", "--exit-zero", "--stdin-filename", "main.py", "-",
    ]  # fmt: skip
    process = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    rows = {finding["location"]["row"] for finding in json.loads(process.stdout)}
    return sorted({names[row] for row in rows if row in names})
