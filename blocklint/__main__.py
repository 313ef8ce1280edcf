"""``python -m blocklint``, safe in any folder.

``python -m`` puts the current folder first on ``sys.path``, and the folder is the analysed project: its
``ast.py`` or ``msgspec.py`` would be imported, and run, in place of the real one.
"""

import os
import sys

if __name__ == "__main__":
    if sys.path[:1] in ([""], [os.getcwd()]):
        del sys.path[0]
    from blocklint.hosts.cli import run

    run()
