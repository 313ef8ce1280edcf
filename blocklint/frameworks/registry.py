"""The frameworks blocklint follows values through. One line each."""

from __future__ import annotations

from blocklint.flow.base import ValueHook
from blocklint.frameworks.celery import Celery
from blocklint.frameworks.dependency_injector import DependencyInjector
from blocklint.frameworks.fastapi import FastApi
from blocklint.frameworks.loading import Loading
from blocklint.frameworks.mapping import Mapping
from blocklint.frameworks.responses import Responses
from blocklint.frameworks.routes import Routes
from blocklint.frameworks.sqlalchemy import SqlAlchemy
from blocklint.frameworks.starlette import Middlewares

_COMMON = (Middlewares(), Responses(), SqlAlchemy(), Mapping(), Loading(), DependencyInjector(), Celery())

HOOKS: tuple[ValueHook, ...] = (FastApi(), *_COMMON)

GRAPH_HOOKS: tuple[ValueHook, ...] = (Routes(), *_COMMON)
"""For the graph of all calls, which says whom an application calls."""
