"""Whole projects, for the commands that ask more of them than their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from blocklint.analysis.linking import (
    NO_KEYS,
    facts_keys,
    installed_for,
    read_facts,
    roots_of,
    without_gc,
)
from blocklint.analysis.pipeline import RootSources, read_roots
from blocklint.knowledge.words import Words, words_of
from blocklint.model import SourceError
from blocklint.project.index import Project
from blocklint.project.roots import find_root
from blocklint.settings import Overrides

_NO_OVERRIDES = Overrides()


class OpenProject(msgspec.Struct, frozen=True):
    """A root's sources, linked. ``errors`` are the files that could not be read or parsed."""

    source: RootSources
    project: Project
    errors: tuple[SourceError, ...]

    def words(self) -> Words:
        """What its settings say of libraries and of its own functions."""
        return words_of(self.source.settings)


def open_projects(
    paths: Iterable[str | Path],
    *,
    overrides: Overrides = _NO_OVERRIDES,
    overlay: Mapping[Path, bytes] | None = None,
    cache: bool = True,
    root_of: Callable[[Path], Path] = find_root,
) -> Iterator[OpenProject]:
    """The projects of the given files and folders, one after the other. Raises UsageError."""
    for source in read_roots(paths, overrides=overrides, overlay=overlay, root_of=root_of):
        with without_gc():
            yield _open(source, cache)


def _open(source: RootSources, cache: bool) -> OpenProject:
    contents, store = source.contents, source.store() if cache else None
    keys = facts_keys(contents) if store is not None else NO_KEYS
    modules, new, errors = read_facts(contents, store, keys)
    if store is not None:
        store.add(new)
    errors += [SourceError(file, *facts.error) for file, facts in modules.items() if facts.error]
    installed = installed_for(source.search_path, modules, source.settings, str(source.root), store)
    project = Project(modules, roots_of(modules, source.settings), installed)
    return OpenProject(source, project, tuple(sorted((*source.errors, *errors))))
