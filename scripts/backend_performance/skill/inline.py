"""Inline Markdown with positions: links, code spans and HTML of one block.

markdown-it gives inline tokens without positions. The rules that matter are wrapped so that each
token they push remembers the span it was read from. Inline content is parsed only where a link,
a code span or HTML can be: most paragraphs have none, and parsing them is most of the cost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import autolink, backtick, html_inline, image, link
from markdown_it.token import Token

Span = tuple[int, int]

#: Deep enough for any page a person writes, shallow enough for Python's stack.
MAX_NESTING = 60

_WORTH_PARSING = re.compile(r"[\[<`]|https?://|www\.", re.IGNORECASE)
_FORMATTED = re.compile(r"[\[<`*_~&\\!]")
# GFM 6.9, extended autolinks: a valid domain must follow the scheme or `www.`.
_BARE_URL = re.compile(r"(?<![\w/.@])(?:https?://|www\.)[^\s<\x00]+", re.IGNORECASE)
_HTML_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_HTML_LINK = re.compile(
    r"""<(a|img|source|video|audio|iframe|link|script)\b[^>]*?\s(href|src)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""",
    re.IGNORECASE | re.DOTALL,
)
_HTML_ANCHOR = re.compile(
    r"""<[a-z][a-z0-9]*\b[^>]*?\s(?:id|name)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""",
    re.IGNORECASE | re.DOTALL,
)
_HTML_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_HTML_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Found:
    """Something at ``offset`` of the block's content.

    ``kind`` is one of link, reference, autolink, bare, image, html, code, comment, anchor.
    ``value`` is the target, the code, the comment or the anchor; ``text`` what a reader sees.
    """

    kind: str
    value: str
    offset: int
    text: str = ""


def parser() -> MarkdownIt:
    """Return a CommonMark parser with GFM tables whose inline tokens carry ``meta["span"]``."""
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    for name, rule in (
        ("link", link),
        ("image", image),
        ("autolink", autolink),
        ("html_inline", html_inline),
        ("backticks", backtick),
    ):
        md.inline.ruler.at(name, _with_span(rule))
    return md


def _with_span(rule: Callable[[Any, bool], bool]) -> Callable[[Any, bool], bool]:
    def positioned(state: Any, silent: bool) -> bool:
        start, first = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            for token in state.tokens[first : first + 2]:
                if token.type != "text":
                    token.meta["span"] = (start, state.pos)
                    break
        return matched

    return positioned


def parse(md: MarkdownIt, content: str, env: dict[str, Any]) -> list[Token]:
    """Return the inline tokens of ``content``."""
    tokens: list[Token] = []
    md.inline.parse(content, md, env, tokens)
    return tokens


def find(md: MarkdownIt, content: str, env: dict[str, Any]) -> tuple[Found, ...]:
    """Return every link, code span, comment and anchor of one block, in reading order."""
    if not _WORTH_PARSING.search(content):
        return ()
    tokens = parse(md, content, env)
    found = list(_from_tokens(tokens, content))
    taken = [token.meta["span"] for token in tokens if "span" in token.meta]
    found.extend(_bare_urls(content, taken))
    return tuple(sorted(found, key=lambda item: item.offset))


def plain_text(md: MarkdownIt, content: str, env: dict[str, Any]) -> str:
    """Return the text a reader sees: without markup, images and tags."""
    if not _FORMATTED.search(content):
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
            yield Found(
                _link_style(token, content[start:end]),
                _target(token.attrGet("href")),
                start,
                _text(tokens[index + 1 : _closing(tokens, index)]),
            )
        elif token.type == "image":
            start, _ = token.meta["span"]
            yield Found("image", _target(token.attrGet("src")), start, token.content)
        elif token.type == "code_inline":
            yield Found("code", token.content, token.meta["span"][0])
        elif token.type == "html_inline":
            yield from html(token.content, token.meta["span"][0])


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
    # markdown-it percent-encodes what it reads; the file on disk has the decoded name.
    return unquote(str(value or ""))


def _bare_urls(content: str, taken: list[Span]) -> Iterator[Found]:
    for match in _BARE_URL.finditer(content):
        if any(start <= match.start() < end for start, end in taken):
            continue
        url = match.group().rstrip("?!.,:*_~'\"")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1]
        yield Found("bare", url, match.start(), url)


def html(source: str, offset: int = 0) -> Iterator[Found]:
    """Yield comments, links and anchors of raw HTML; nothing inside a comment counts."""
    for match in _HTML_COMMENT.finditer(source):
        yield Found("comment", match.group(1).strip(), offset + match.start())
    visible = _HTML_COMMENT.sub(lambda match: " " * len(match.group()), source)
    for match in _HTML_LINK.finditer(visible):
        kind = "image" if match.group(1).lower() == "img" else "html"
        yield Found(kind, unquote(match.group(3).strip("\"'")), offset + match.start())
    for match in _HTML_ANCHOR.finditer(visible):
        yield Found("anchor", match.group(1).strip("\"'"), offset + match.start())


def html_headings(source: str) -> Iterator[tuple[int, int, str]]:
    """Yield (offset, level, text) of headings written as HTML."""
    visible = _HTML_COMMENT.sub(lambda match: " " * len(match.group()), source)
    for match in _HTML_HEADING.finditer(visible):
        yield match.start(), int(match.group(1)), _HTML_TAG.sub("", match.group(2)).strip()
