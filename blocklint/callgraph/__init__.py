"""In: entry points and their activations.
Out: a ``CallGraph`` and, for every function, the effects that reach the thread of its caller."""
