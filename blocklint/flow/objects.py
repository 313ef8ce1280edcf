"""Objects whose state is followed along a body: how they are named, and what is known at one place."""

from __future__ import annotations

from blocklint.facts import records as r

Key = tuple[str, ...]
"""An object by where it is found: a name and attributes. A name that a body binds has its place behind it."""

Named = tuple[Key, r.Expression]
"""An object, and how it is written."""

INITIAL = 1
"""The bit of an object with which nothing has happened; further bits are the subject's. One that may be in
several states has the bits of all."""


class State:
    """What is known at one place.

    ``objects`` are the bits of objects, INITIAL for those that are left out; ``names`` what local names
    stand for; ``built`` the object of which the value of a name was asked: a query's session; ``parts`` that
    with which another was made: a repository's session. ``unsure``: only an exception leads here.
    """

    __slots__ = ("built", "names", "objects", "parts", "unsure")

    def __init__(self) -> None:
        self.objects: dict[Key, int] = {}
        self.names: dict[str, Key] = {}
        self.built: dict[str, tuple[Named, ...]] = {}
        self.parts: dict[Key, tuple[Named, ...]] = {}
        self.unsure = False

    def copy(self) -> State:
        """The same, to be changed independently."""
        other = State()
        other.objects, other.names = self.objects.copy(), self.names.copy()
        other.built, other.parts = self.built.copy(), self.parts.copy()
        other.unsure = self.unsure
        return other

    def of(self, key: Key) -> int:
        """The bits of an object."""
        return self.objects.get(key, INITIAL)

    def is_same(self, other: State) -> bool:
        """Whether the objects and names are those of another state."""
        return (
            self.objects == other.objects
            and self.names == other.names
            and self.built == other.built
            and self.parts == other.parts
        )


def join(left: State | None, right: State | None) -> State | None:
    """What is known where two ways meet; None is a way that leads nowhere."""
    if left is None or right is None:
        return right if left is None else left
    found = left.copy()
    for key in (*left.objects, *right.objects):
        found.objects[key] = left.of(key) | right.of(key)
    found.names.update(right.names)
    found.built.update(right.built)
    found.parts.update(right.parts)
    found.unsure = left.unsure and right.unsure
    return found


def path_of(state: State, node: r.Expression) -> Key | None:
    """The object that a name or an attribute stands for, None for any other expression."""
    attributes: list[str] = []
    while type(node) is r.Attribute:
        attributes.append(node.name)
        node = node.value
    if type(node) is not r.Name:
        return None
    root = state.names.get(node.name, (node.name,))
    return (*root, *reversed(attributes))


def fresh(state: State, name: str, line: int, column: int) -> Key:
    """Bind a name to an object of its own; what it stood for goes on under other names only."""
    key = (f"{name}@{line}:{column}",)
    for known in [known for known in state.objects if known[0] == key[0]]:
        del state.objects[known]  # the one that the loop has bound there before is gone
    state.names[name] = key
    state.built.pop(name, None)
    state.parts.pop(key, None)
    return key
