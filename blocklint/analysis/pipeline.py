"""The pipeline: which roots, their files, facts, findings, then what is shown of them."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from blocklint.analysis.linking import Linked, link
from blocklint.analysis.relocation import from_here
from blocklint.facts.source import encode, read_source
from blocklint.facts.store import Store, default_folder
from blocklint.model import Finding, Report, SourceError, Summary
from blocklint.project.files import LeftOut, Listing, Scope, list_files
from blocklint.project.globs import Globs
from blocklint.project.roots import NoSuchPath, canonical, find_root
from blocklint.rules.selection import Selection, UnknownCode, check_codes, combine
from blocklint.rules.suppression import unsuppressed
from blocklint.settings import (
    Overrides,
    Settings,
    SettingsError,
    UsageError,
    line_of,
    load_settings,
    settings_file,
)

_NO_OVERRIDES = Overrides()
_NO_SETTINGS = Settings()


class RootReport(msgspec.Struct, frozen=True):
    """What one root's analysis gives. Paths are relative to ``root``, which is absolute."""

    root: str
    findings: tuple[Finding, ...]
    errors: tuple[SourceError, ...]
    left_out: tuple[LeftOut, ...]
    summary: Summary


class RootSources(msgspec.Struct, frozen=True):
    """One root with everything that its analysis needs.

    ``contents`` are the texts by path relative to the root, ``errors`` the files that could not be
    read, ``named`` the given paths ("" for the whole root), ``search_path`` the folders of its environment.
    """

    root: Path
    settings: Settings
    listing: Listing
    contents: dict[str, bytes]
    errors: tuple[SourceError, ...]
    named: frozenset[str]
    search_path: tuple[str, ...] = ()

    def store(self) -> Store:
        """The cache that the settings name."""
        return Store(self.root / Path(self.settings.cache_dir or default_folder()).expanduser())

    def scope(self) -> Scope:
        """Which of its files are reported."""
        return Scope(self.named, self.listing.nested, self.settings.report_tests)


def analyze_paths(
    paths: Iterable[str | Path],
    *,
    overrides: Overrides = _NO_OVERRIDES,
    overlay: Mapping[Path, bytes] | None = None,
    cache: bool = True,
) -> Report:
    """Analyse the roots of the given files and folders; report what is in those.

    ``overlay`` holds texts that take the place of files on disk. Paths in the report are relative
    to the working directory. Raises UsageError (NoSuchPath, SettingsError, UnknownCode); what is
    wrong with a source file is in the report's errors instead.
    """
    started = time.perf_counter()
    reports = analyze_roots(paths, overrides=overrides, overlay=overlay, cache=cache)
    return merge(reports, time.perf_counter() - started)


def merge(reports: Collection[RootReport], seconds: float) -> Report:
    """One report of several roots, with paths relative to the working directory."""
    shown = [from_here(report.root, report.findings, report.errors) for report in reports]
    counts = [report.summary for report in reports]
    return Report(
        findings=_in_order(finding for findings, _ in shown for finding in findings),
        errors=tuple(sorted({error for _, errors in shown for error in errors})),
        summary=Summary(
            files=sum(count.files for count in counts),
            functions=sum(count.functions for count in counts),
            async_functions=sum(count.async_functions for count in counts),
            calls=sum(count.calls for count in counts),
            unresolved_calls=sum(count.unresolved_calls for count in counts),
            seconds=round(seconds, 3),
        ),
    )


def analyze_sources(sources: Mapping[str, str | bytes], settings: Settings = _NO_SETTINGS) -> Report:
    """Analyse texts in memory, by their path relative to an imagined root. No disk, no cache.

    Raises UnknownCode for settings that select one, KnowledgeError for wrong knowledge.
    """
    started = time.perf_counter()
    check_codes(settings)
    if settings.knowledge:
        from blocklint.knowledge.words import words_of

        words_of(settings)
    excluded = Globs(settings.exclude)
    contents = {
        path: encode(text) if isinstance(text, str) else text
        for path, text in sorted(sources.items())
        if not excluded.matches(path)
    }
    listing = Listing(files=tuple(contents), left_out=(), errors=(), nested=())
    linked = link(contents, settings, "", None)
    source = RootSources(Path(), settings, listing, contents, (), frozenset({""}))
    report = _report(source, linked, noqa=True)
    summary = msgspec.structs.replace(report.summary, seconds=round(time.perf_counter() - started, 3))
    return Report(report.findings, report.errors, summary)


def analyze_roots(
    paths: Iterable[str | Path],
    *,
    overrides: Overrides = _NO_OVERRIDES,
    overlay: Mapping[Path, bytes] | None = None,
    cache: bool = True,
) -> tuple[RootReport, ...]:
    """As :func:`analyze_paths`, one report a root, for hosts that ask file by file."""
    reports = []
    for source in read_roots(paths, overrides=overrides, overlay=overlay):
        store = source.store() if cache else None
        linked = link(source.contents, source.settings, str(source.root), store, source.search_path)
        reports.append(_report(source, linked, noqa=not overrides.disable_noqa))
    return tuple(reports)


def read_roots(
    paths: Iterable[str | Path],
    *,
    overrides: Overrides = _NO_OVERRIDES,
    overlay: Mapping[Path, bytes] | None = None,
    root_of: Callable[[Path], Path] = find_root,
) -> Iterator[RootSources]:
    """The roots of the given paths, one after the other, with the texts of all their files.

    Raises UsageError.
    """
    check_codes(overrides)
    texts = {canonical(path): text for path, text in (overlay or {}).items()}
    pending = _named_by_root(paths, texts, root_of)
    while pending:
        # From the outside in: a root tells of the roots inside, which may be asked for too.
        root = min(pending, key=lambda root: (len(root.parts), root))
        named = pending.pop(root)
        settings = _settings(root, overrides)
        inside = {_inside(root, path): text for path, text in texts.items() if path.is_relative_to(root)}
        files = inside.keys() | {path for path in named if (root / path).is_file()}
        listing = list_files(root, settings.exclude, settings.include, files)
        contents, errors = _read(root, listing, inside)
        folders = _search_path(root, settings, overrides)
        yield RootSources(root, settings, listing, contents, errors, frozenset(named), folders)
        for nested in _asked_for(listing.nested, named, settings.report_tests):
            pending[root / nested].add("")


def _named_by_root(
    paths: Iterable[str | Path], texts: Collection[Path], root_of: Callable[[Path], Path]
) -> defaultdict[Path, set[str]]:
    named: defaultdict[Path, set[str]] = defaultdict(set)
    for given in paths:
        path = canonical(given)
        if not str(given) or (path not in texts and not path.exists()):
            raise NoSuchPath(str(given))
        root = root_of(path)
        named[root].add(_inside(root, path))
    return named


def _inside(root: Path, path: Path) -> str:
    inner = path.relative_to(root).as_posix()
    return "" if inner == "." else inner


def _asked_for(nested: Iterable[str], named: Collection[str], report_tests: bool) -> Iterator[str]:
    """The roots inside this one that lie in a named folder, those among the tests only if asked for."""
    scope = Scope(named, (), report_tests)
    # As if the folder held a file: what names the folder names its files.
    return (folder for folder in nested if scope.covers(f"{folder}/_"))


def _settings(root: Path, overrides: Overrides) -> Settings:
    settings = load_settings(root, overrides.config)
    try:
        check_codes(settings)
    except UnknownCode as error:
        path = settings_file(root, overrides.config)
        raise SettingsError(path, line_of(path, error.setting), str(error)) from None
    check_knowledge(settings, settings_file(root, overrides.config))
    for folder in settings.source_roots or ():
        if not (root / folder).is_dir() or not canonical(root / folder).is_relative_to(root):
            path = settings_file(root, overrides.config)
            message = f'"source-roots" names "{folder}", which is no folder of {root}'
            raise SettingsError(path, line_of(path, "source-roots"), message)
    return combine(settings, overrides)


def _search_path(root: Path, settings: Settings, overrides: Overrides) -> tuple[str, ...]:
    """The folders of the environment that is named, () if none is. Raises UsageError."""
    if overrides.environment is None and settings.environment is None:
        return ()
    from blocklint.project.environments import NoEnvironment, search_path

    if overrides.environment is not None:
        try:
            return search_path(overrides.environment, root)
        except NoEnvironment as error:
            raise UsageError(f"--python: {error}") from None
    try:
        return search_path(root / Path(settings.environment or "").expanduser(), root)
    except NoEnvironment as error:
        path = settings_file(root, overrides.config)
        raise SettingsError(path, line_of(path, "environment"), f'"environment": {error}') from None


def check_knowledge(settings: Settings, path: Path) -> None:
    """Raise SettingsError for the first fault in the knowledge of settings that ``path`` holds."""
    if not settings.knowledge:
        return
    from blocklint.knowledge.tables import KnowledgeError
    from blocklint.knowledge.words import SETTINGS_PREFIX, line_of, words_of

    try:
        words_of(settings)
    except KnowledgeError as error:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        raise SettingsError(path, line_of(error, text, SETTINGS_PREFIX), str(error)) from None


def _read(
    root: Path, listing: Listing, texts: Mapping[str, bytes]
) -> tuple[dict[str, bytes], tuple[SourceError, ...]]:
    contents: dict[str, bytes] = {}
    errors = list(listing.errors)
    for file in listing.files:
        content = texts[file] if file in texts else read_source(os.path.join(root, file), file)
        if isinstance(content, bytes):
            contents[file] = content
        else:
            errors.append(content)
    return contents, tuple(errors)


def _report(source: RootSources, linked: Linked, *, noqa: bool) -> RootReport:
    """What is shown of all that was found: noqa, then the given paths, per-file-ignores and select."""
    scope, selection = source.scope(), Selection(source.settings)
    own = [count for file, count in linked.functions.items() if scope.is_own(file)]
    findings = unsuppressed(linked.findings, linked.directives) if noqa else linked.findings
    covered = {file for file in {finding.site.file for finding in findings} if scope.covers(file)}
    errors = (*source.errors, *linked.errors)
    return RootReport(
        root=str(source.root),
        findings=tuple([f for f in findings if f.site.file in covered and selection.shows(f)]),
        errors=tuple(sorted(e for e in errors if e.path == "." or scope.covers(e.path))),
        left_out=source.listing.left_out,
        summary=Summary(
            files=len(own),
            functions=sum(functions for functions, _ in own),
            async_functions=sum(async_functions for _, async_functions in own),
            calls=linked.calls,
            unresolved_calls=linked.unresolved_calls,
            seconds=0.0,
        ),
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (f.site.file, f.site.line, f.site.column, f.code)))
