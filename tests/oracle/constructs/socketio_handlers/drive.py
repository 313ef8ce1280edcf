async def drive(app):
    server = app.server
    await server._trigger_event("connect", "/", "sid", {})
    await server._trigger_event("message", "/", "sid", {})
    await server._trigger_event("other", "/", "sid", {})
    await server._trigger_event("talk", "/room", "sid", {})
    await server._trigger_event("listen", "/room", "sid", {})
