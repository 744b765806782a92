"""What HTML and Markdown put around and into the text of a plan, undone."""

from __future__ import annotations

import html
import re

_TAGS = "pre|code|table|tbody|thead|tr|t[dh]|p|div|span|li|[ou]l|b|i|a|strong|em|h[1-6]|blockquote"
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>", re.I)
_LINE_BREAK = re.compile(r"<br\s*/?>\n?", re.I)
_CELL_END = re.compile(r"</t[dh]>\s{0,200}<t[dh](?:\s[^<>]{0,300})?>", re.I)
_ROW_END = re.compile(r"</t[dh]>\s{0,200}</tr>\s{0,200}", re.I)
#: What only a page has; MySQL's own <temporary> and <union1,2> are none of it.
_IS_PAGE = re.compile(rf"<br\s*/?>|{_TAG.pattern}|&(?:gt|quot|nbsp|#39)\b", re.I)
_IS_ESCAPED = re.compile(r"\\\((?:cost|actual)|select\\_type")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!<>|=-])")


def removed(text: str) -> str:
    """Return the text without tags, entities and Markdown's backslashes, cells between bars."""
    if _IS_PAGE.search(text) and "<explain" not in text:  # PostgreSQL's XML is no page
        text = _CELL_END.sub(" | ", _ROW_END.sub("\n", _LINE_BREAK.sub("\n", text)))
        text = html.unescape(_TAG.sub("", text)).replace("\xa0", " ")
    return _ESCAPE.sub(r"\1", text) if _IS_ESCAPED.search(text) else text
