import asyncio

import pytest


async def drive(app):
    options = "-q -c /dev/null -W ignore -p no:cacheprovider -o python_files=app.py".split()
    code = await asyncio.to_thread(pytest.main, [*options, app.__file__])
    assert code == 0, code
