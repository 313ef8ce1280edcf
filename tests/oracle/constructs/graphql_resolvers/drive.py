from ariadne import graphql


async def drive(app):
    found = await app.schema.execute("{ byResolver user { name friend friendAsync } }")
    assert found.errors is None, found.errors
    found = await app.schema.execute('mutation { rename(name: "a") }')
    assert found.errors is None, found.errors
    for text in ("{ account { name } accountAsync { name } }", "mutation { close }"):
        success, result = await graphql(app.executable, {"query": text})
        assert success and "errors" not in result, result
