"""Inline Markdown with positions: links, code spans and HTML of one block."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from . import html
from .html import Found
from .positions import positions

#: Deep enough for any page a person writes, shallow enough for Python's stack.
MAX_NESTING = 60
#: How much of a page is parsed for links, in characters. None of 8,000 public pages needs a
#: quarter of it.
MAX_PARSED = 150_000
#: How much of a paragraph is read, in characters.
MAX_LENGTH = 500_000
#: How many links, code spans and comments a page may have. None of these pages has 1,000.
MAX_FOUND = 20_000
_MARKS_OF_A_PATH = re.compile(r"%(23|3F)", re.IGNORECASE)
#: Marks that readers do not see as such. An underscore between letters belongs to the word.
_MARKED = re.compile(r"[\[<`*\\~&_\n]")
_FORMATTED = re.compile(r"[\[<`*\\]|~~|&[#\w]|_(?![^\W_])|(?<![^\W_])_|\n[ \t]|[ \t]\n")
# GFM 6.9, extended autolinks: a valid domain must follow the scheme or `www.`.
_BARE_URL = re.compile(r"(?<![\w/.@])(?:https?://|www\.)[^\s<\x00]+", re.IGNORECASE)


def parser() -> MarkdownIt:
    """Return a CommonMark parser with GFM tables whose inline tokens carry ``meta["span"]``."""
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["strikethrough", "table"])
    # markdown-it takes `file:` and `javascript:` for text; GFM and this model see links.
    md.validateLink = _is_link  # type: ignore[method-assign]  # as its documentation says
    # A target is kept as written: the file on disk has no percent-encoded name.
    md.normalizeLink = str.strip  # type: ignore[method-assign,assignment]  # the same
    return md.use(positions)


def _is_link(url: str) -> bool:
    return True


def is_exhausted(env: dict[str, Any]) -> bool:
    """Return whether a page has had more to parse than is allowed."""
    return bool(env.get("parsed", 0) > MAX_PARSED or env.get("found", 0) > MAX_FOUND)


def parse(md: MarkdownIt, content: str, env: dict[str, Any]) -> list[Token]:
    """Return the inline tokens of ``content``; none when the page has had its share."""
    tokens: list[Token] = []
    env["parsed"] = env.get("parsed", 0) + len(content)
    if is_exhausted(env):
        return tokens
    md.inline.parse(content, md, env, tokens)
    return tokens


def find(md: MarkdownIt, content: str, env: dict[str, Any]) -> list[Found]:
    """Return every link, code span, comment and anchor of one block, in reading order."""
    if len(content) > MAX_LENGTH:
        content = content[:MAX_LENGTH]
        env["parsed"] = MAX_PARSED + 1
    # Most blocks have none of these marks and need no parsing. The box of a task is no link.
    may_link = "](" in content or ("[" in content and "references" in env)
    has_marks = may_link or "`" in content or "<" in content
    has_url = "://" in content or "www." in content
    if not has_marks and not has_url:
        return []
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    if has_marks:
        tokens = parse(md, content, env)
        found = list(_from_tokens(tokens, content))
        taken = [token.meta["span"] for token in tokens if "span" in token.meta]
    if has_url:
        found.extend(_bare_urls(content, taken))
    found.sort(key=lambda item: item.offset)
    return _counted(found, env)


def _counted(found: list[Found], env: dict[str, Any]) -> list[Found]:
    env["found"] = env.get("found", 0) + len(found)
    return found if env["found"] <= MAX_FOUND else []


def plain_text(md: MarkdownIt, content: str, env: dict[str, Any]) -> str:
    """Return the text a reader sees: without markup, images and tags."""
    if not _MARKED.search(content) or not _FORMATTED.search(content) or is_exhausted(env):
        return content
    return _text(parse(md, content, env))


def _text(tokens: list[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type in ("text", "text_special", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)


def _from_tokens(tokens: list[Token], content: str) -> Iterator[Found]:
    for index, token in enumerate(tokens):
        if token.type == "link_open":
            start, end = token.meta["span"]
            if content.startswith("[^", start) and content[end - 1] == "]":
                continue  # GFM: a footnote, whose definition looks like that of a label
            text = _text(tokens[index + 1 : _closing(tokens, index)])
            yield Found(
                _link_style(token, content[start:end]), _target(token.attrGet("href")), start, text
            )
        elif token.type == "image":
            start, _ = token.meta["span"]
            yield Found("image", _target(token.attrGet("src")), start, token.content)
        elif token.type == "code_inline":
            yield Found("code", token.content, token.meta["span"][0])
        elif token.type == "html_inline":
            yield from html.find(token.content, token.meta["span"][0])


def _closing(tokens: list[Token], start: int) -> int:
    level = tokens[start].level
    for index in range(start + 1, len(tokens)):
        if tokens[index].type == "link_close" and tokens[index].level == level:
            return index
    return len(tokens)


def _link_style(token: Token, source: str) -> str:
    if token.markup == "autolink":
        return "autolink"
    return "link" if source.endswith(")") else "reference"


def _target(value: str | int | float | None) -> str:
    # `%23` and `%3F` stay: decoded they would start an anchor or a query.
    return unquote(_MARKS_OF_A_PATH.sub(r"%25\1", str(value or "")))


def _bare_urls(content: str, taken: list[tuple[int, int]]) -> Iterator[Found]:
    taken.sort()
    starts = [start for start, _ in taken]
    for match in _BARE_URL.finditer(content):
        before = bisect_right(starts, match.start()) - 1
        if before >= 0 and match.start() < taken[before][1]:
            continue
        url = match.group().rstrip("?!.,:*_~'\"")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1]
        yield Found("bare", url, match.start(), url)
