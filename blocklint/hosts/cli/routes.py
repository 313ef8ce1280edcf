"""``blocklint routes``: every route with its dependencies, where they run, and what blocks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from blocklint.analysis.routes import routes_of
from blocklint.hosts.cli.check import wants_color
from blocklint.hosts.formats import routes as formats
from blocklint.hosts.formats.text import render_error
from blocklint.settings import Overrides


def routes(arguments: argparse.Namespace) -> int:
    """Print the routes; 1 if a file could not be read or parsed. Raises UsageError."""
    config = Path(arguments.config).absolute() if arguments.config else None
    found, errors = routes_of(
        arguments.paths or ["."], overrides=Overrides(config=config), cache=not arguments.no_cache
    )
    sys.stderr.writelines(f"{render_error(error)}\n" for error in errors)
    sys.stderr.flush()
    match arguments.format:
        case "json":
            sys.stdout.buffer.write(formats.json(found, errors))
        case "html":
            sys.stdout.buffer.write(formats.html(found, errors))
        case "mermaid":
            sys.stdout.buffer.write(formats.mermaid(found))
        case _:
            sys.stdout.write(formats.text(found, color=wants_color()))
    return int(bool(errors))
