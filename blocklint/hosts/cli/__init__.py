"""In: command-line arguments.
Out: text or JSON, and an exit code."""

from blocklint.hosts.cli.main import main, run

__all__ = ["main", "run"]
