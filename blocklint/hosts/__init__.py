"""In: a ``Report``.
Out: what a host shows: a terminal, JSON, flake8, pylint."""
