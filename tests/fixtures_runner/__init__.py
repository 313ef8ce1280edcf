"""Runs the small projects under tests/fixtures against the expectations written in their comments.

`comments` reads the expectations, `cases` loads a project, `matching` compares, `transforms` rewrites
the source for the metamorphic passes, `engine` is the only part that calls blocklint.
"""
