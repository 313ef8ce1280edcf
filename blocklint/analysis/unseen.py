"""``check --unresolved``: what cannot be seen in the async code of the given paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from blocklint.analysis.projects import open_projects
from blocklint.analysis.relocation import mover
from blocklint.callgraph.entries import build
from blocklint.callgraph.unresolved import Unresolved, UnresolvedCall, unresolved
from blocklint.rules.engine import inference_of
from blocklint.settings import Overrides


def unresolved_in(
    paths: Iterable[str | Path],
    *,
    overrides: Overrides,
    overlay: Mapping[Path, bytes] | None = None,
    cache: bool = True,
) -> Unresolved:
    """The unresolved calls in the reported files, paths relative to the working directory.

    Raises UsageError. The projects are linked again: this is asked for seldom, and results that
    come from the cache need not carry it.
    """
    parts: list[Unresolved] = []
    found: list[UnresolvedCall] = []
    for opened in open_projects(paths, overrides=overrides, overlay=overlay, cache=cache):
        inference, scope = inference_of(opened.project, opened.words()), opened.source.scope()
        files = [file for file in opened.project.modules if scope.covers(file)]
        part = unresolved(inference, build(inference), files)
        moved = mover(str(opened.source.root))
        replace = msgspec.structs.replace
        found += [replace(call, site=replace(call.site, file=moved(call.site.file))) for call in part.found]
        parts.append(part)
    return Unresolved(
        sum(part.calls for part in parts), sum(part.project_calls for part in parts), tuple(sorted(found))
    )
