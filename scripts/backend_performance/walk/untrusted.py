"""Text that came out of the audited system, made harmless before anybody reads it.

A table name or an application name can hold Markdown, HTML, terminal escapes or a sentence
addressed to the agent. Here it becomes one short line of inert text; meaning is never read
out of it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

MAX_TEXT = 300
#: Other characters that reorder, hide or break a line although they are not controls.
_SPACES = re.compile(r"\s+")
_CODE = re.compile(r"(`[^`]*`)")
#: Several backticks in a row open a span that a single one does not close.
_BACKTICKS = re.compile(r"``+")
#: What Markdown, GitHub or a browser would act on outside of code. An underscore between two
#: letters is only an underscore, and identifiers are full of them.
_ACTIVE = re.compile(r"[<>&|\\\[\]#@*~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_SCHEME = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(value: Any, limit: int = MAX_TEXT) -> str:
    """Return ``value`` as one line without control, bidi or zero-width characters."""
    text = value if isinstance(value, str) else _written(value)
    # A bound before the work: a hostile value can be megabytes long.
    text = text[: limit * 8 + 8]
    kept = "".join(
        " " if c in "\t\n\r\v\f\x85\u2028\u2029" else c
        for c in text
        if c in "\t\n\r\v\f\x85\u2028\u2029" or unicodedata.category(c) not in _DROPPED_CATEGORIES
    )
    line = _SPACES.sub(" ", kept).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def hides_nothing(text: str) -> bool:
    """Return whether a statement reads as it runs: no bidi, invisible or line-breaking character.

    Such a name is left to a person, since a statement with another name would not run.
    """
    return all(c == "\n" or unicodedata.category(c) not in _DROPPED_CATEGORIES for c in text)


def unescaped(text: str) -> str:
    """Return text without the escapes of redaction, for a renderer that escapes on its own."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#96;", "'")


def code(value: Any, limit: int = MAX_TEXT) -> str:
    """Return ``value`` as a Markdown code span; nothing inside it is read as markup."""
    text = unescaped(plain(value, limit)).replace("`", "'")
    return f"`{text}`" if text else "—"


def cell(value: Any, limit: int = MAX_TEXT) -> str:
    """Return ``value`` as a code span that also keeps the columns of a table apart."""
    # A backslash before a pipe would escape the escape on GitHub: it is dropped.
    return re.sub(r"\\*\|", r"\\|", code(value, limit))


def sentence(value: Any) -> str:
    """Return a sentence that may quote the system: its code spans stay, other markup does not.

    Reasons and caveats come from fixed templates, but a template can hold a table's name.
    """
    parts = _CODE.split(_BACKTICKS.sub("'", plain(value, 2 * MAX_TEXT)))
    return "".join(
        part if index % 2 else _inert(part.replace("`", "'")) for index, part in enumerate(parts)
    )


def _inert(text: str) -> str:
    escaped = _ACTIVE.sub(lambda match: f"&#{ord(match.group())};", text)
    return _SCHEME.sub(
        lambda match: f"{match.group()[0]}&#{ord(match.group()[1])};{match.group()[2:]}", escaped
    )


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(each, 80) for each in value[:20])
    if isinstance(value, dict):
        return ", ".join(f"{plain(k, 60)}={plain(v, 80)}" for k, v in list(value.items())[:20])
    return str(value)
