"""Variables in configuration values: the default that a file states is what holds here."""

from __future__ import annotations

import re

#: `${NAME:-default}` of Compose, `${NAME:default}` of Spring, `${NAME:?message}`, `$NAME`.
_VARIABLE = re.compile(
    r"\$\{([\w.]+)(?::?[?+][^{}]*|(?::[-=]|[-=:])(?P<default>[^${}]*))?\}|\$(\w+)"
)


def filled(value: str) -> str:
    """Return the value with ``${NAME:-default}`` replaced by its default.

    A variable without one stays as it is written, so that no figure is made up.
    """

    return _VARIABLE.sub(lambda match: match["default"] or match[0], value)
