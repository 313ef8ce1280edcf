"""What git ignores below a folder, asked of git without letting the repository run anything."""

from __future__ import annotations

import os
from pathlib import Path

_SECONDS = 30
# A repository's own configuration can name programs: the file system monitor, hooks, transports.
_COMMAND = (
    *("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
    *("-c", "safe.bareRepository=explicit", "-c", "protocol.allow=never"),
    *("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"),
)
_LOCATION = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX"}
)


def ignored_paths(folder: Path) -> frozenset[str]:
    """The ignored files and folders below ``folder``, relative to it, folders without their "/".

    An ignored folder stands for all it holds. Nothing is ignored outside a checkout (git is not
    even started), without git, or when git refuses (a checkout that belongs to someone else).
    """
    if not any(os.path.lexists(parent / ".git") for parent in (folder, *folder.parents)):
        return frozenset()
    import subprocess

    # Inside a git hook these point to another repository than the one that is looked at.
    environment = {key: value for key, value in os.environ.items() if key not in _LOCATION}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    environment |= {"GIT_TERMINAL_PROMPT": "0"}
    try:
        answer = subprocess.run(
            _COMMAND,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    if answer.returncode != 0:
        return frozenset()
    paths = (os.fsdecode(path).rstrip("/") for path in answer.stdout.split(b"\0"))
    # "./" means that the folder itself is ignored: who asks for it by name wants it analysed.
    return frozenset(path for path in paths if path not in ("", "."))
