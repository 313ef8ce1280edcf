"""In: the calls and decorators of a project.
Out: what frameworks hand to its functions, and which of them they call, and where."""
