"""Answers that are found once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Memo(dict[Key, Answer]):
    """Answers by their questions: each is found when first asked for, and is one look-up from then on.

    For what depends on nothing that may still change; what does is a query (``flow.queries``).
    """

    def __init__(self, find: Callable[[Key], Answer]) -> None:
        self._find = find

    def __missing__(self, key: Key) -> Answer:
        answer = self[key] = self._find(key)
        return answer
