"""Python as configuration: assignments of literals are read from the syntax tree, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import Entry, Part, Place
from . import environment


def gunicorn(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of a ``gunicorn.conf.py``; a computed one has no value.

    Raises:
        SyntaxError: the text is not Python.
    """
    entries = tuple(
        Entry("gunicorn", name, _written(value), value.lineno) for name, value in _assigned(text)
    )
    yield Part("gunicorn", "file", Place(file, 1), "gunicorn", entries)


def django(text: str, file: str) -> Iterator[Part]:
    """Yield what ``DATABASES['default']`` of a settings module says about its pool.

    Raises:
        SyntaxError: the text is not Python.
    """
    for name, value in _assigned(text):
        if name != "DATABASES" or not isinstance(value, ast.Dict):
            continue
        databases = dict(_pairs(value))
        default = databases.get("default")
        if not isinstance(default, ast.Dict):
            continue
        entries: list[Entry] = []
        options = dict(_pairs(default)).get("OPTIONS")
        given = dict(_pairs(options)) if isinstance(options, ast.Dict) else {}
        pool = given.get("pool")
        for key, inner in _pairs(pool) if isinstance(pool, ast.Dict) else ():
            entries.append(Entry("django", f"pool.{key}", _written(inner), inner.lineno))
        if isinstance(given.get("options"), ast.Constant):
            line = given["options"].lineno
            entries += environment.of_address(f"?options={_written(given['options'])}", line)
        yield Part("django", "file", Place(file, value.lineno), "django", tuple(entries))


def _assigned(text: str) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def _pairs(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _written(node: ast.expr) -> str:
    """The literal, or the default of ``os.getenv(NAME, default)``; otherwise what is written."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Call) and node.args:
        return _written(node.args[-1]) if len(node.args) <= 2 else "computed"
    return "computed"
