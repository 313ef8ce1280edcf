"""In: the bytes of one module.
Out: its facts. The only reader of ``ast``."""

from blocklint.facts.lower.module import VERSION, lower

__all__ = ["VERSION", "lower"]
