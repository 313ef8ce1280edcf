"""In: TOML files, one a library, and the names a project imports.
Out: a ``Catalog`` that says what library names do, return and run."""
