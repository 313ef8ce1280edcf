"""Tools that are run by hand: they write files of the repository."""
