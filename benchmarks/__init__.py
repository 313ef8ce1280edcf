"""Measurements of blocklint on real code: `python -m benchmarks.cold_check`."""
