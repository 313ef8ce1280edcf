"""``blocklint files``: what is analysed, what is left out, and why."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from blocklint.hosts.formats.text import printable, render_error
from blocklint.project.files import list_files
from blocklint.project.roots import NoSuchPath, canonical, find_root
from blocklint.settings import load_settings


def files(arguments: argparse.Namespace) -> int:
    """Print the files of the given paths' roots; 1 if something could not be read. Raises UsageError."""
    config = Path(arguments.config).absolute() if arguments.config else None
    failed = False
    lines: list[str] = []
    for root, given in _roots(arguments.paths or ["."]).items():
        settings = load_settings(root, config)
        listing = list_files(root, settings.exclude, settings.include)
        found = dict.fromkeys(listing.files, "")
        found |= {left.path: f": left out, {left.reason}" for left in listing.left_out}
        for path in sorted(found):
            absolute = root / path
            if any(absolute.is_relative_to(folder) or folder.is_relative_to(absolute) for folder in given):
                lines.append(printable(os.path.relpath(absolute) + found[path]))
        sys.stderr.writelines(f"{render_error(error)}\n" for error in listing.errors)
        failed = failed or bool(listing.errors)
    sys.stdout.write("\n".join([*lines, ""]))
    return int(failed)


def _roots(paths: list[str]) -> dict[Path, list[Path]]:
    roots: dict[Path, list[Path]] = {}
    for given in paths:
        path = canonical(given)
        if not path.exists():
            raise NoSuchPath(given)
        roots.setdefault(find_root(path), []).append(path)
    return roots
