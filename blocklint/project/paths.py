"""How near source roots are."""

from __future__ import annotations


def shared(root: str, importer: str) -> int:
    """How much of its path a source root shares with the importer; the nearest comes first."""
    if not root:
        return 0
    count = 0
    for left, right in zip(root.split("/"), importer.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
