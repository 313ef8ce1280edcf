"""blocklint finds synchronous, blocking calls that run on Python's asyncio event loop."""
