"""In: a ``Project``, a ``Catalog``, value hooks.
Out: activations: one ordered body interpreted for abstract arguments, with its values and edges."""
