"""JSON as a program prints it: Python's dictionaries, and JSON inside a string with its escapes."""

from __future__ import annotations

import ast
import json
import re

_KEY = r"(?:Plan|Node Type|query_block|query_plan)"
_PYTHON = re.compile(rf"'{_KEY}'\s*:")
_PYTHON_START = re.compile(r"[\[({][\[({\s]*'[A-Za-z_][\w -]*'\s*:")
_STRING = r"(?:'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\")"
#: A string, which Python prints in pieces if it is long; a word; or a bracket of a tuple.
_PYTHON_TOKEN = re.compile(rf"{_STRING}(?:\s+{_STRING})*+|\b(?:True|False|None)\b|\(|,?\s*\)")
_WORDS = {"True": "true", "False": "false", "None": "null", "(": "["}
_ESCAPED = re.compile(rf'\\"{_KEY}\\+"\s*:|"{_KEY}"\s*:.*\\\'', re.S)
_ESCAPE = re.compile(r"\\([\"'\\/nrt])")
_CHARACTERS = {"n": "\n", "r": "", "t": "\t"}


def as_json(text: str) -> str:
    """Return the text with such JSON in plain form, or as it is where it holds none."""
    if text.lstrip().startswith('"') and (value := _string(text)):
        return value
    if _PYTHON.search(text) and (start := _PYTHON_START.search(text)):
        return text[: start.start()] + _PYTHON_TOKEN.sub(_of_python, text[start.start() :])
    if _ESCAPED.search(text):
        return _ESCAPE.sub(lambda match: _CHARACTERS.get(match[1], match[1]), text)
    return text


def _string(text: str) -> str:
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _of_python(token: re.Match[str]) -> str:
    if token[0].endswith(")"):
        return "]"
    if token[0] in _WORDS:
        return _WORDS[token[0]]
    try:
        return json.dumps(ast.literal_eval(f"({token[0]})"))
    except (ValueError, SyntaxError):
        return json.dumps(token[0][1:-1])
