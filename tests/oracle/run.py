"""Runs one construct, in a process of its own: `python -m tests.oracle.run NAME`.

Prints as JSON where every line that slept did so, by line.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import sys
import warnings
from pathlib import Path
from types import ModuleType

from tests.oracle.detector import Detector

CONSTRUCTS = Path(__file__).resolve().parent / "constructs"
SECONDS = 60
"""A construct that takes longer has got stuck."""


def load(name: str, file: Path) -> ModuleType:
    """Import a file under a name."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def run(name: str) -> dict[int, list[str]]:
    """Where each sleep of a construct ran."""
    folder = CONSTRUCTS / name
    detector = Detector(folder / "app.py")
    detector.install()
    application = load("app", folder / "app.py")
    driver = folder / "drive.py"
    drive = load("drive", driver).drive(application) if driver.is_file() else application.main()

    async def main() -> None:
        detector.serving = asyncio.get_running_loop()
        await asyncio.wait_for(drive, SECONDS)

    asyncio.run(main())
    return {line: sorted(places) for line, places in sorted(detector.seen.items())}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable()
    found = run(sys.argv[1])
    print(json.dumps(found))
