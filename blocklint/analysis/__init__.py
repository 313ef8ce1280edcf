"""In: paths, or texts in memory.
Out: a ``Report``: roots, settings, files, facts, findings, noqa, filters."""

from blocklint.analysis.pipeline import RootReport, analyze_paths, analyze_roots, analyze_sources, merge

__all__ = ["RootReport", "analyze_paths", "analyze_roots", "analyze_sources", "merge"]
