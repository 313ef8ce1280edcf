from gradio.state_holder import SessionState


async def drive(app):
    for function in list(app.demo.fns.values()):
        await app.demo.process_api(function, ["text"], SessionState(app.demo))
