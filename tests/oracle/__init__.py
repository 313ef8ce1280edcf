"""Runs constructs of real libraries, records where each blocking call runs, and compares with `check`.

    python -m tests.oracle            all constructs whose libraries are installed
    python -m tests.oracle fastapi    one of them

A construct is a folder in `constructs/`: `app.py` is what a user writes, each of its `time.sleep` a blocking
call; `drive.py` makes the library run all of them. `tox -e oracle` installs the libraries, `tox -e oracle-heavy`
those that are large, whose constructs are run only if they are named. Which rows of what frameworks and runners
do are run by which construct, and why others are not, stands in the tables of `tests/fixtures`.
"""
