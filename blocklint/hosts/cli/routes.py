"""``blocklint routes``: every route with its dependencies, where they run, and what blocks."""

from __future__ import annotations

import argparse
import sys

from blocklint.analysis.routes import routes_of
from blocklint.hosts.cli.check import wants_color
from blocklint.hosts.cli.overrides import overrides
from blocklint.hosts.formats import routes as formats
from blocklint.hosts.formats.text import render_error


def routes(arguments: argparse.Namespace) -> int:
    """Print the routes; 1 if a file could not be read or parsed. Raises UsageError."""
    found, errors = routes_of(
        arguments.paths or ["."], overrides=overrides(arguments), cache=not arguments.no_cache
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
