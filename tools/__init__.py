"""Programs for those who work on blocklint; no part of what is installed."""
