"""Sources in, everything that is found in them out; what was linked before comes from the cache."""

from __future__ import annotations

import gc
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from blocklint.digest import digest
from blocklint.facts.records import Directive, Import, ModuleFacts
from blocklint.facts.source import is_package
from blocklint.facts.store import RootResult, Store, decode_facts, encode_facts, facts_key, version_stamp
from blocklint.model import Finding, SourceError
from blocklint.project.installed import NO_TRACE, Installed, Trace
from blocklint.project.source_roots import source_roots
from blocklint.rules.codes import INTERNAL_ERROR, ON_DEMAND
from blocklint.rules.selection import Selection
from blocklint.rules.suppression import noqa_only
from blocklint.settings import Settings
from blocklint.stack import with_room

NO_KEYS: Mapping[str, bytes] = {}


class Linked(msgspec.Struct, frozen=True):
    """What was found in a set of sources, before anything is filtered: the form that is cached."""

    findings: tuple[Finding, ...]
    errors: tuple[SourceError, ...]
    directives: dict[str, tuple[Directive, ...]]
    functions: dict[str, tuple[int, int]]
    """How many functions each file has, and how many of them are async."""
    calls: int
    unresolved_calls: int
    installed: Trace = NO_TRACE
    """What it rests on beside the sources: what was asked of the environment."""


@with_room
def link(
    contents: Mapping[str, bytes],
    settings: Settings,
    root: str,
    store: Store | None,
    search_path: Sequence[str] = (),
) -> Linked:
    """All that is found in these sources, by their path relative to ``root``. Never raises.

    A file that makes blocklint fail is an error among the errors; the others are linked without it.
    ``search_path`` are the folders of the project's environment.
    """
    if store is None:
        with without_gc():
            modules, _, errors = read_facts(contents)
            return _find(modules, errors, settings, installed_for(search_path, modules, settings, root))[0]
    keys = facts_keys(contents)
    parts = keys, settings.source_roots, settings.knowledge, settings.allow, on_demand(settings)
    told = (*parts, search_path) if search_path else parts
    whole = digest(msgspec.msgpack.encode(told), 20, version_stamp())
    linked = _decode_linked(store.result(whole))
    if linked is not None and search_path:
        before = Installed(search_path, linked.installed.packages, _own(contents, root))
        linked = linked if before.confirms(linked.installed) else None
    if linked is None:
        with without_gc():
            modules, new, errors = read_facts(contents, store, keys)
            installed = installed_for(search_path, modules, settings, root, store)
            linked, complete = _find(modules, errors, settings, installed)
        if installed is not None:
            new |= installed.new
        encoded = msgspec.msgpack.encode(linked)
        store.add(new, RootResult(root, whole, encoded) if complete else None)
    return linked


def installed_for(
    search_path: Sequence[str],
    modules: Mapping[str, ModuleFacts],
    settings: Settings,
    root: str,
    store: Store | None = None,
) -> Installed | None:
    """What is installed of what a project imports, None if its environment is not told.

    What the catalogue, the settings or the engine itself knows is left to them.
    """
    if not search_path:
        return None
    from blocklint.flow import special
    from blocklint.frameworks.registry import HOOKS
    from blocklint.knowledge.catalog import catalogued_names

    names = [*special.FUNCTIONS, *special.METHODS, *(name for hook in HOOKS for name in hook.names)]
    tables = (settings.knowledge.get(kind, ()) for kind in ("module", "class", "runner", "handler"))
    names += [table["name"] for listed in tables for table in listed]
    understood = {name.partition(".")[0] for name in names}
    imported = {name.partition(".")[0] for facts in modules.values() for name in facts.imported}
    packages = imported.difference(understood, catalogued_names(), sys.stdlib_module_names)
    return Installed(search_path, packages, _own(modules, root), store)


def _own(files: Collection[str], root: str) -> Callable[[str], str | None]:
    """What tells which of the project's files lies at an absolute path."""
    folder = os.path.join(os.path.realpath(root), "")

    def own(path: str) -> str | None:
        inner = path.removeprefix(folder).replace(os.sep, "/")
        return inner if inner != path and inner in files else None

    return own


def on_demand(settings: Settings) -> list[str]:
    """The codes wanted of those that are looked for only then, sorted."""
    selection = Selection(settings)
    return sorted(code for code in ON_DEMAND if selection.selects(code))


def facts_keys(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Under what the cache holds the facts of each file."""
    return {file: facts_key(content, is_package(file)) for file, content in contents.items()}


def read_facts(
    contents: Mapping[str, bytes], store: Store | None = None, keys: Mapping[str, bytes] = NO_KEYS
) -> tuple[dict[str, ModuleFacts], dict[bytes, bytes], list[SourceError]]:
    """The facts of every file, those that the cache lacks (encoded), and the files that failed."""
    from blocklint.facts.lower import lower

    known = store.facts(set(keys.values())) if store is not None else {}
    modules: dict[str, ModuleFacts] = {}
    new: dict[bytes, bytes] = {}
    errors: list[SourceError] = []
    for file, content in contents.items():
        key = keys.get(file, b"")
        # Equal files get facts of their own: records are known by identity.
        facts = decode_facts(known[key]) if key in known else None
        if facts is None:
            try:
                facts = lower(content, is_package(file))
            except Exception as error:
                errors.append(_internal_error(file, error))
                continue
            if store is not None and key not in new:
                encoded = encode_facts(facts)
                if encoded is not None:
                    new[key] = encoded
        modules[file] = facts
    return modules, new, errors


def _find(
    modules: Mapping[str, ModuleFacts],
    failed: Iterable[SourceError],
    settings: Settings,
    installed: Installed | None,
) -> tuple[Linked, bool]:
    """Link the facts. The second item tells whether all went well, so that it may be cached."""
    errors = [*failed]
    complete = not errors
    errors += [SourceError(file, *facts.error) for file, facts in modules.items() if facts.error]
    findings: tuple[Finding, ...] = ()
    calls = unresolved_calls = 0
    try:
        from blocklint.knowledge.words import words_of
        from blocklint.project.index import Project
        from blocklint.rules.comments import wrong_comments
        from blocklint.rules.engine import find

        project = Project(modules, roots_of(modules, settings), installed)
        errors += wrong_comments(project)
        result = find(project, words_of(settings), on_demand=on_demand(settings))
        findings, calls, unresolved_calls = result.findings, result.calls, result.unresolved_calls
        errors += [_internal_error(file, error) for file, error in result.failures]
        complete = complete and not result.failures
    except Exception as error:
        complete = False
        errors.append(_internal_error(".", error))
    linked = Linked(
        findings=findings,
        errors=tuple(sorted(errors)),
        directives={file: found for file, facts in modules.items() if (found := noqa_only(facts.directives))},
        functions={file: (facts.functions, facts.async_functions) for file, facts in modules.items()},
        calls=calls,
        unresolved_calls=unresolved_calls,
        installed=NO_TRACE if installed is None else installed.trace(),
    )
    return linked, complete


def roots_of(modules: Mapping[str, ModuleFacts], settings: Settings) -> tuple[str, ...]:
    """The source roots: those of the settings, else what the modules' imports tell."""
    given = settings.source_roots
    return _source_roots(modules) if given is None else _plain(given)


def _plain(folders: Iterable[str]) -> tuple[str, ...]:
    """Folders as modules name them: "" for the root itself."""
    return tuple("" if folder in (".", "./") else folder.removeprefix("./").strip("/") for folder in folders)


def _source_roots(modules: Mapping[str, ModuleFacts]) -> tuple[str, ...]:
    importers: defaultdict[str, list[str]] = defaultdict(list)
    levels: dict[str, int] = {}
    for file, facts in modules.items():
        for name in facts.imported:
            importers[name].append(file)
        levels[file] = max([line.level for line in facts.body.body if type(line) is Import], default=0)
    return source_roots(tuple(modules), importers, levels)


def _internal_error(path: str, error: Exception) -> SourceError:
    # Imported here because it is slow to import and hardly ever needed.
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return SourceError(path, 1, f"{INTERNAL_ERROR} internal error, please report it: {error!r}{place}")


def _decode_linked(value: bytes | None) -> Linked | None:
    try:
        return None if value is None else msgspec.msgpack.decode(value, type=Linked)
    except msgspec.DecodeError:
        return None


@contextmanager
def without_gc() -> Iterator[None]:
    """Nothing that is built here dies before the end: collecting made linking two to three times slower."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
