"""``python -m blocklint``, safe in any folder.

``python -m`` puts the current folder first on ``sys.path``, and the folder is the analysed project: its
``ast.py`` or ``msgspec.py`` would be imported, and run, in place of the real one.
"""

import gc
import os
import sys


def main() -> None:
    """The process of the console scripts, too. Nothing that lives as short needs its garbage collected."""
    gc.disable()
    from blocklint.hosts.cli import run

    run()


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # It has been removed.
        return ""


if __name__ == "__main__":
    if sys.path[0] in ("", _current_folder()):
        del sys.path[0]
    main()
