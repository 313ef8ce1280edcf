"""In: ``ModuleFacts`` by path, and the source roots.
Out: a ``Project``: names, imports, classes and scopes across modules, and the domain of values."""
