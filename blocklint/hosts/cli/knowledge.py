"""``blocklint knowledge``: what is believed about a name, and whether a file of knowledge is right."""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from blocklint.hosts.formats.text import plural, printable
from blocklint.knowledge.beliefs import believed
from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.words import ORIGIN, SETTINGS_PREFIX, faults, line_of, words_of
from blocklint.project.roots import canonical, find_root
from blocklint.settings import Settings, UsageError, load_settings, nearest, settings_file

_WIDTH = 12


def knowledge(arguments: argparse.Namespace) -> int:
    """Run one of its commands; the exit code. Raises UsageError."""
    return _show(arguments) if arguments.action == "show" else _check(Path(arguments.file))


def _show(arguments: argparse.Namespace) -> int:
    """Print what is believed about a name; 1 if nothing is."""
    root = find_root(canonical("."))
    config = Path(arguments.config).absolute() if arguments.config else None
    settings, path = load_settings(root, config), settings_file(root, config)
    catalog = _catalog(arguments.name, settings, path)
    belief = believed(catalog, arguments.name)
    if belief is None:
        hint = nearest(arguments.name, sorted(catalog.names()))
        sys.stderr.write(f"blocklint: nothing is known about {arguments.name}{hint}\n")
        return 1
    lines = [f"{belief.name} ({belief.kind})"]
    lines += [f"  {word:<{_WIDTH}}{text}" for word, text in belief.facts]
    for origin, verified in belief.sources:
        if origin == ORIGIN:
            lines.append(f"  {'from':<{_WIDTH}}{path.name}, [tool.blocklint.knowledge]")
        else:
            how = f"verified by {verified}" if verified else "not verified by a run of the library"
            lines.append(f"  {'from':<{_WIDTH}}{origin}, built in, {how}")
    lines += [f"  {'seen':<{_WIDTH}}{text}" for text in _seen(belief.name)]
    sys.stdout.write("\n".join(map(printable, lines)) + "\n")
    return 0


def _seen(name: str) -> Iterator[str]:
    """What runs of the library showed of a name."""
    from blocklint.knowledge.evidence import evidence_for

    run = evidence_for(name.partition(".")[0])
    told = run.names.get(name) if run is not None else None
    if run is None or told is None:
        return
    if told.since:
        until = f" to {told.until}" if told.until else " and later"
        yield f"in {told.since}{until} (looked for in {', '.join(run.versions)})"
    if told.unverified:
        yield f"not verified: {told.unverified}"
    elif told.verdict == "may":
        does = f"raise {told.raises} in a coroutine" if told.raises else "wait"
        yield f"may {does}: it does in the states {told.waits}; it does not in {told.rests}"
    elif told.raises:
        yield f"{told.verdict} raises {told.raises} in a coroutine"
    else:
        yield f"{told.verdict} waits"


def _catalog(name: str, settings: Settings, path: Path) -> Catalog:
    from blocklint.analysis.pipeline import check_knowledge

    check_knowledge(settings, path)
    known = words_of(settings).knowledge
    return Catalog.for_packages([name.partition(".")[0]], () if known is None else (known,))


def _check(path: Path) -> int:
    """Print what is wrong with a file of knowledge, or settings that hold some; 1 if anything is."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8") from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = line[1] if line else str(text.count("\n") + 1)
        sys.stdout.write(f"{path}:{number}: is no valid TOML: {error}\n")
        return 1
    prefix = ""
    if "tool" in document:
        prefix = SETTINGS_PREFIX
        tool = document["tool"]
        ours = tool.get("blocklint", {}) if isinstance(tool, dict) else {}
        document = ours.get("knowledge", {}) if isinstance(ours, dict) else {}
        if not document or not isinstance(document, dict):
            raise UsageError(f"{path} has no [tool.blocklint.knowledge]")
    found = sorted({(line_of(fault, text, prefix), str(fault)) for fault in faults(document, str(path))})
    for number, message in found:
        sys.stdout.write(printable(f"{path}:{number}: {message.removeprefix(f'{path}: ')}") + "\n")
    if not found:
        tables = sum(len(tables) for tables in document.values() if isinstance(tables, list))
        sys.stdout.write(f"{path}: {plural(tables, 'table')}, nothing wrong\n")
    return int(bool(found))
