"""The frameworks blocklint follows values through. One line each."""

from __future__ import annotations

from blocklint.flow.base import ValueHook
from blocklint.frameworks.dependency_injector import DependencyInjector
from blocklint.frameworks.fastapi import FastApi
from blocklint.frameworks.routes import Routes
from blocklint.frameworks.sqlalchemy import SqlAlchemy

HOOKS: tuple[ValueHook, ...] = (FastApi(), SqlAlchemy(), DependencyInjector())

GRAPH_HOOKS: tuple[ValueHook, ...] = (Routes(), SqlAlchemy(), DependencyInjector())
"""For the graph of all calls, which says whom an application calls."""
