from tests.oracle.asgi import request, serving


async def drive(app):
    async with serving(app.app):
        for path in ("/query?name=a", "/header", "/enum?kind=b", "/filters?name=b", "/adapter", "/in-thread"):
            status, body = await request(app.app, path)
            assert status == 200, (path, status, body)
        for path, sent in (
            ("/root", b'["a"]'), ("/dataclass", b'{"x": 1}'), ("/generic", b'{"item": {"name": "a"}}'),
            ("/defaults", b"{}"), ("/union", b'{"kind": "cat"}'), ("/union", b'{"kind": "dog"}'),
            ("/secret", b'{"secret": "a"}'),
        ):  # fmt: skip
            status, body = await request(app.app, path, "POST", sent)
            assert status == 200, (path, status, body)
