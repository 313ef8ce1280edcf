"""From an ``ast`` tree to records: the only reader of ``ast``."""
