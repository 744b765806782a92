"""Rows of a plan as a program prints them: tuples of Python, hashes of Ruby, objects of Node."""

from __future__ import annotations

import re

_KEYED = re.compile(
    r"""["']?QUERY\ PLAN["']?\s*(?::|=>)\s*
    (?P<mark>["'`])(?P<line>(?:\\.|(?!(?P=mark))[^\\]){0,8000})(?P=mark)""",
    re.X,
)
_TUPLE = re.compile(
    r"""[(\[]\s*(?P<mark>["'])(?P<line>(?:\\.|(?!(?P=mark))[^\\]){0,8000})(?P=mark)\s*,?\s*[)\]]"""
)
_ESCAPES = {"n": "\n", "t": "\t", "r": ""}


def joined(text: str) -> str:
    """Return the lines in such rows, or the text as it is where it holds none."""
    for form in (_KEYED, _TUPLE):
        lines = [match["line"] for match in form.finditer(text)]
        if len(lines) > 1 and any("(cost=" in line or "(actual " in line for line in lines):
            return "\n".join(re.sub(r"\\(.)", _unescaped, line) for line in lines)
    return text


def _unescaped(escape: re.Match[str]) -> str:
    return _ESCAPES.get(escape[1], escape[1])
