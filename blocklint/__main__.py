"""``python -m blocklint``."""

import sys

from blocklint.hosts.cli import main

if __name__ == "__main__":
    sys.exit(main())
