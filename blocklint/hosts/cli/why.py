"""``blocklint why PATH:LINE``: why a line is reported, or why it is not."""

from __future__ import annotations

import argparse
import re
import sys

from blocklint.analysis.explanations import explain_line
from blocklint.hosts.cli.check import wants_color
from blocklint.hosts.cli.overrides import overrides
from blocklint.hosts.formats.explanation import render
from blocklint.settings import UsageError

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?:?")
"""A column, as ``check`` prints it, may follow."""


def why(arguments: argparse.Namespace) -> int:
    """Print the explanation; 1 if the file cannot be parsed. Raises UsageError."""
    place = _PLACE.fullmatch(arguments.place)
    if place is None:
        raise UsageError(f'"{arguments.place}" is no PATH:LINE, such as app/main.py:12')
    explanation = explain_line(
        place["path"], int(place["line"]), overrides=overrides(arguments), cache=not arguments.no_cache
    )
    if explanation.error:
        sys.stderr.write(explanation.error + "\n")
        return 1
    sys.stdout.write(render(explanation, color=wants_color()))
    return 0
