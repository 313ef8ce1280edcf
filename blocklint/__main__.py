"""``python -m blocklint``."""

from blocklint.hosts.cli import run

if __name__ == "__main__":
    run()
