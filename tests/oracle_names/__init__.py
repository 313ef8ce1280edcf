"""Looks up every name of the catalogue in the real libraries.

    python -m tests.oracle_names databases            those of the group that are installed here
    python -m tests.oracle_names databases --write    the same, and notes in the catalogue what was found

A group is a file in `requirements/`, with the versions that are looked at; `tox -e names-databases` installs
it. A library that no group has is not verified; what a group cannot see of a library its catalogue file lists
as `unverified`. Both are in the table of docs/reference/libraries.md. The names of the standard library are
looked up in every test run (`tests/knowledge/test_standard_library.py`).
"""
