"""``blocklint graph``: the call graph as data and as a picture."""

from __future__ import annotations

import argparse
import sys

import msgspec

from blocklint.analysis.graphs import graph_paths
from blocklint.hosts.cli.overrides import overrides
from blocklint.hosts.formats import graphs
from blocklint.hosts.formats.text import render_error

FORMATS = {"json": graphs.json, "dot": graphs.dot, "mermaid": graphs.mermaid}


def graph(arguments: argparse.Namespace) -> int:
    """Print the graph; 1 if a file could not be read or parsed. Raises UsageError."""
    found, errors = graph_paths(
        arguments.paths or ["."],
        overrides=msgspec.structs.replace(overrides(arguments), report_tests=True),
        start=arguments.start,
        end=arguments.end,
        cache=not arguments.no_cache,
    )
    sys.stderr.writelines(f"{render_error(error)}\n" for error in errors)
    sys.stderr.flush()
    sys.stdout.buffer.write(FORMATS[arguments.format](found))
    return int(bool(errors))
