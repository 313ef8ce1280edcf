"""In: entry points and their activations.
Out: a ``CallGraph`` and, for every function, the effects that reach the thread of its caller.
For ``blocklint graph``: a project; out: all its calls, described by function."""
