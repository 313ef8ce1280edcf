"""Proposes catalogue entries for an installed package: `python -m tools.derive PACKAGE --python PATH`.

What blocks is what `check` finds in the package's source, with the way down as a comment. It is a
proposal: read every line before it becomes knowledge. How sure a wait is for an ordinary call nobody can
tell from the source alone.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from blocklint.analysis.linking import read_facts
from blocklint.callgraph.effects import Effect, Kind, Sites, effects
from blocklint.callgraph.graph import CallGraph, Entry, explore
from blocklint.facts import records as r
from blocklint.flow.binding import activation
from blocklint.flow.classes import bind
from blocklint.flow.edges import NO_ARGUMENTS
from blocklint.flow.inference import Inference
from blocklint.model import Phase
from blocklint.project.environments import search_path
from blocklint.project.index import Project
from blocklint.project.installed import INSTALLED, Installed
from blocklint.project.values import Activation, ClassObject, FunctionObject, Instance
from blocklint.rules.chains import Chains, brief
from blocklint.rules.engine import inference_of
from blocklint.settings import UsageError

_IMPLICIT = frozenset(
    {"__init__", "__call__", "__enter__", "__exit__", "__iter__", "__next__", "__getitem__"}
)


class Owner(msgspec.Struct, frozen=True, order=True):
    """A module or class under its shortest public name, with its others."""

    kind: str
    name: str
    aliases: tuple[str, ...] = ()


class Proposal(msgspec.Struct, frozen=True, order=True):
    """One function or method that blocks; a coroutine does when it is awaited."""

    owner: Owner
    blocks: str
    certainty: str
    name: str
    chain: str
    is_async: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the proposal; 1 if there is nothing to propose, 2 if there is no such package."""
    parser = argparse.ArgumentParser(prog="python -m tools.derive", description=__doc__)
    parser.add_argument("package", help="the name by which the package is imported")
    parser.add_argument("--python", required=True, metavar="PATH", help="an environment, or an interpreter")
    given = parser.parse_args(arguments)
    try:
        folders = search_path(Path(os.path.abspath(given.python)), Path.cwd())
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    project = opened(given.package, folders)
    if project.find_module(given.package, "") is None:
        sys.stderr.write(f"{given.package} is not installed as source in {given.python}\n")
        return 2
    found = propose(project, given.package)
    sys.stdout.write(render(given.package, version_of(given.package, folders), found))
    return int(not found)


def opened(package: str, folders: Sequence[str]) -> Project:
    """A project that does nothing but import the package."""
    modules, _, _ = read_facts({"main.py": f"import {package}\n".encode()})
    return Project(modules, ("",), Installed(folders, {package}))


def propose(project: Project, package: str) -> list[Proposal]:
    """What of a package blocks, by its public functions and methods, sorted."""
    inference = inference_of(project)
    entries = dict(_public(inference, package))
    edges, _ = explore(inference, [Entry(each, Phase.SERVING) for each in entries], frozenset())
    graph = CallGraph(edges, {})
    found = effects(graph, Sites(graph))
    proposals: dict[tuple[Owner, str], tuple[tuple[int, int, str], Proposal]] = {}
    for each, (owner, name) in entries.items():
        waits = [(kind, effect) for kind, known in found.items() if (effect := known.get(each)) is not None]
        if waits:
            kind, effect = nearest = min(waits, key=_rank)
            chain = Chains(found[kind], project.show).of(each, effect.edge)
            way = " -> ".join(brief(hop.callee) for hop in chain)
            certainty, is_async = effect.certainty.name.lower(), each.function.is_async
            proposal = Proposal(owner, kind.blocks.value, certainty, name, way, is_async)
            ranked = _rank(nearest), proposal
            # A decorator may give several functions for one name.
            proposals[owner, name] = min(ranked, proposals.get((owner, name), ranked))
    return sorted(proposal for _, proposal in proposals.values())


def _rank(wait: tuple[Kind, Effect]) -> tuple[int, int, str]:
    return -wait[1].certainty, wait[1].distance, wait[0].blocks.value


def _public(inference: Inference, package: str) -> Iterator[tuple[Activation, tuple[Owner, str]]]:
    """The public functions and methods of a package, as they are called with nothing but defaults."""
    names: defaultdict[r.Function | r.Class, list[str]] = defaultdict(list)
    values: dict[r.Function | r.Class, FunctionObject | ClassObject] = {}
    for file in _modules(inference.project, package):
        module = inference.project.module_name(file)
        for name in sorted(_names(inference.project, file)):
            for value in inference.module_name(file, name):
                if not isinstance(value, FunctionObject | ClassObject):
                    continue
                made = value.function if isinstance(value, FunctionObject) else value.definition
                if _is_of(inference.project, value, package):
                    names[made].append(f"{module}.{name}")
                    values[made] = value
    for made, listed in names.items():
        first, *others = sorted(set(listed), key=lambda name: (name.count("."), name))
        value, shown = values[made], Owner("class", first, tuple(others))
        if isinstance(value, FunctionObject):
            owner, _, name = first.rpartition(".")
            yield activation(inference, value, NO_ARGUMENTS), (Owner("module", owner), name)
        else:
            for method, name in _methods(inference, value):
                yield activation(inference, method, NO_ARGUMENTS), (shown, name)


def _names(project: Project, file: str) -> Iterator[str]:
    """What a module offers: what ``__all__`` lists, else what it defines, and a package what it imports."""
    exported = project.exported(file)
    if exported is not None:
        yield from exported
        return
    for name, listed in project.bindings[file].items():
        is_imported = any(isinstance(binding.statement, r.Import) for binding in listed)
        if not name.startswith("_") and (file.endswith("/__init__.py") or not is_imported):
            yield name


def _methods(inference: Inference, cls: ClassObject) -> Iterator[tuple[FunctionObject, str]]:
    for name in inference.project.class_bindings[cls.definition]:
        if not name.startswith("_") or name in _IMPLICIT:
            values = inference.class_member(cls, name)
            for method in bind(values, Instance(cls), cls):
                if isinstance(method, FunctionObject):
                    yield method, name


def _is_of(project: Project, value: FunctionObject | ClassObject, package: str) -> bool:
    return f"{project.module_name(value.file)}.".startswith(f"{package}.")


def _modules(project: Project, package: str) -> Iterator[str]:
    """The public modules of a package, tests left out."""
    pending, seen = [package], set[str]()
    assert project.installed is not None
    while pending:
        dotted = pending.pop()
        file = project.find_module(dotted, INSTALLED)
        if file is None or dotted in seen:
            continue
        seen.add(dotted)
        yield file
        inside = project.installed.submodules(dotted.replace(".", "/"))
        pending += [f"{dotted}.{name}" for name in inside if not name.startswith("_") and name != "tests"]


def version_of(package: str, folders: Sequence[str]) -> str:
    """The version that the package's `.dist-info` folder names, "" if there is none of its name."""
    form = re.compile(rf"{re.escape(package)}-([^-]+)\.dist-info", re.IGNORECASE)
    listed = (entry for folder in folders for entry in sorted(os.listdir(folder)))
    return next((found[1] for entry in listed if (found := form.fullmatch(entry))), "")


def render(package: str, version: str, found: Sequence[Proposal]) -> str:
    """The proposal as a document in the catalogue's format."""
    lines = [
        f"# Proposed by tools/derive from the source of {f'{package} {version}'.strip()}: not yet judged.",
        "[library]",
        f'name = "{package}"',
    ]
    tables: defaultdict[tuple[Owner, str], list[Proposal]] = defaultdict(list)
    for each in found:
        if not each.is_async:
            tables[each.owner, each.blocks].append(each)
    aliased = set[Owner]()
    for (owner, blocks), proposals in tables.items():
        lines += ["", f"[[{owner.kind}]]", f'name = "{owner.name}"']
        if owner.aliases and owner not in aliased:
            aliased.add(owner)
            lines.append(f"aliases = [{', '.join(map(_quoted, owner.aliases))}]")
        lines.append(f'blocks = "{blocks}"')
        for certainty in ("certain", "likely", "possible"):
            listed = [p for p in proposals if p.certainty == certainty]
            if listed:
                lines += [f"{certainty} = [", *(f'    "{p.name}", # {p.chain}' for p in listed), "]"]
    waiting = [each for each in found if each.is_async]
    if waiting:
        lines += ["", "# Coroutines that block when they are awaited, which the format has no words for:"]
        lines += [f"# {p.owner.name}.{p.name} ({p.blocks}, {p.certainty}): {p.chain}" for p in waiting]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return f'"{text}"'


if __name__ == "__main__":
    sys.exit(main())
