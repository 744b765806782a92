"""Variables in configuration values: the default that a file states is what holds here."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: `${NAME:-default}` of Compose, `${NAME:default}` of Spring, `${NAME:?message}`, `$NAME`.
_VARIABLE = re.compile(
    r"\$\{([\w.]+)(?::?[?+][^{}]*|(?::[-=]|[-=:])(?P<default>[^${}]*))?\}|\$(\w+)"
)
#: `ENV.fetch("NAME", 5)`, `ENV.fetch("NAME") { 5 }` and `ENV["NAME"] || 5` of Ruby.
_FETCHED = re.compile(
    r"ENV(?:\.fetch\(|\[)\s*['\"]\w+['\"]\s*[\])]?(?:\s*(?:,|\|\||\{)\s*['\"]?(?P<default>\d+))?"
)


def filled(value: str) -> str:
    """Return the value with ``${NAME:-default}`` replaced by its default.

    A variable without one stays as it is written, so that no figure is made up.
    """
    return _VARIABLE.sub(lambda match: match["default"] or match[0], value)


def ruby_figure(code: str, named: Mapping[str, str]) -> str:
    """Return the first figure of a Ruby expression, a variable's default, or ``variable``."""
    text = _FETCHED.sub(lambda match: match["default"] or "", code)
    figure = re.search(r"(?<!\w)\d+", text)
    return figure[0] if figure else named.get(text.strip(), "variable")
