"""What the options that all commands share say differently from the settings."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from blocklint.settings import Overrides


def overrides(arguments: argparse.Namespace) -> Overrides:
    """The overrides of ``--config`` and ``--python``; both are relative to the working directory."""
    return Overrides(
        config=Path(arguments.config).absolute() if arguments.config else None,
        # Not resolved: an interpreter that is a link belongs to the environment in which the link stands.
        environment=Path(os.path.abspath(arguments.python)) if arguments.python else None,
    )
