"""The registry: every kind of system that can be asked. Adding one is adding its name here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .engine import Engine

#: In the order of help texts. Each is a package here with `engine.py` in it.
NAMES = (
    "postgres",
    "mysql",
    "redis",
    "sqllog",
    "process",
    "prometheus",
    "http",
    "config",
    "code",
)


@cache
def load(name: str) -> Engine:
    """Return the declaration of a kind of system.

    Raises:
        KeyError: there is no such kind.
    """
    if name not in NAMES:
        raise KeyError(name)
    engine: Engine = import_module(f".{name}.engine", __package__).ENGINE
    return engine


def title(name: str) -> str:
    """Return what people call a kind of system; where there is no such kind, its name."""
    return load(name).title if name in NAMES else name


def all_engines() -> tuple[Engine, ...]:
    """Return every kind of system, in the order of help texts."""
    return tuple(load(name) for name in NAMES)
