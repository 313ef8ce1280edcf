async def drive(app):
    for name in ("tool", "tool_async"):
        await app.server.call_tool(name, {})
    await app.server.read_resource("data://one")
    await app.server.get_prompt("prompt_async")
    for name in ("fast_tool", "fast_tool_async"):
        await app.fast.call_tool(name, {})
    await app.fast.read_resource("data://two")
    await app.fast.render_prompt("fast_prompt")
