"""In: the bytes of one file.
Out: its ``ModuleFacts``, a pure function of those bytes."""
