"""``blocklint --version``."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

_CONFLICT = """\
warning: the distribution "blocklint" {version} is installed too. It is another project with the same
package and command, and one of the two has overwritten files of the other. To repair:
  pip uninstall blocklint blocklint-async && pip install blocklint-async
"""


def describe_version() -> str:
    """Our version and Python's; a warning when the unrelated distribution is installed as well."""
    ours = _version("blocklint-async") or "(not installed: running from its source)"
    text = f"blocklint-async {ours} (Python {platform.python_version()})\n"
    other = _version("blocklint")
    return text + _CONFLICT.format(version=other) if other else text


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
