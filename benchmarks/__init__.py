"""Measurements: `benchmarks.cold_check` on real code, `benchmarks.scaling` on generated code."""
