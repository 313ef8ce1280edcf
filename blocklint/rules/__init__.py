"""In: a call graph with effects.
Out: findings, one per (site, code)."""
