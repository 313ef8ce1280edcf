async def drive(app):
    await app.main()
