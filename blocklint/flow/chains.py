"""Small parts of chains: what a link is applied to, and which arguments are displays."""

from __future__ import annotations

from typing import TypeGuard

from blocklint.facts import records as r

INERT = frozenset({r.Name, r.Constant})
"""Expressions whose evaluation calls nothing."""


def is_list(expression: r.Expression) -> TypeGuard[r.Collection]:
    """A list or tuple display of known length."""
    return (
        type(expression) is r.Collection
        and expression.kind in ("list", "tuple")
        and not any(type(item) is r.Starred for item in expression.items)
    )


def spelled_out(expression: r.Expression) -> tuple[str, ...]:
    """``("self", "jobs")`` for ``self.jobs``; () for anything but names and attributes."""
    names: list[str] = []
    while isinstance(expression, r.Attribute):
        names.append(expression.name)
        expression = expression.value
    return (expression.name, *reversed(names)) if isinstance(expression, r.Name) else ()
