"""Credentials in pages, scripts and configuration.

A skill is copied to many machines; a secret in it is public. Formats with a fixed prefix are
recognised; placeholders and the examples of manuals are not secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...credentials import KINDS, PASSWORD_IN_ADDRESS, PRIVATE_KEY
from ...diagnostic import Diagnostic, note, warning
from ...inspection import Inspection
from ...links import paths
from ...markdown.document import Document
from ...markdown.place import line_column
from ...sources import Source

CODES = {
    "secret-in-text": (
        "The text holds what looks like a live credential. Revoke it, then read it from the "
        "environment; removing the text does not remove it from history."
    ),
}

_SCHEME = re.compile(r"[a-z+]{0,40}\Z")
#: `api_key = "…"`: a random value after a name for secrets. The value is searched first, since
#: few texts contain one.
_VALUE = re.compile(r"[\"']([A-Za-z0-9+/_=-]{24,100})[\"']")
_NAME_BEFORE = re.compile(
    r"(?:api[_-]?key|secret(?:[_-]?key)?|(?<!next)(?<!page)(?<!cursor)(?<!continuation)(?<!next_)"
    r"(?<!page_)(?<!sync)token|passw(?:or)?d)[\"']?\s{0,4}[:=]\s{0,4}\Z",
    re.IGNORECASE,
)
_MAX_BEFORE = 40
#: Words, runs and sequences of made-up examples, which no generator produces.
_MADE_UP_WORD = re.compile(r"example|sample|placeholder|dummy|redacted|\.\.\.", re.IGNORECASE)
_MADE_UP = re.compile(
    _MADE_UP_WORD.pattern + r"|(.)\1{4}|your|test|fake|xxx|changeme|secret"
    r"|abcdef|123456|987654|abc123",
    re.IGNORECASE,
)
_MIN_DIFFERENT = 12
#: The public address of an account or contract on a chain; its private key is longer.
_CHAIN_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per credential; the message shows only how it starts."""
    for written in inspection.written:
        yield from _of_one(written)


def _of_one(written: Document | Source) -> Iterator[Diagnostic]:
    taken: list[range] = []
    for kind in KINDS:
        for match in kind.matches(written.text):
            group = match.lastindex or 0
            if not _is_made_up(match.group(group), kind is PRIVATE_KEY):
                start, end = match.span(group)
                if kind is PASSWORD_IN_ADDRESS:
                    start -= len(_before(_SCHEME, written.text, start))
                taken.append(range(start, end))
                yield _finding(written, start, end, kind.what)
    for match in _VALUE.finditer(written.text):
        start, end = match.span(1)
        known = any(start in span for span in taken)
        is_named = _before(_NAME_BEFORE, written.text, match.start())
        if is_named and not known and _is_generated(match[1]):
            yield _finding(written, start, end, "a credential")


def _before(pattern: re.Pattern[str], text: str, end: int) -> str:
    """Return the text before ``end`` that ``pattern`` matches, or an empty text."""
    match = pattern.search(text[max(end - _MAX_BEFORE, 0) : end])
    return match.group() if match else ""


def _is_made_up(value: str, is_key: bool) -> bool:
    # Real keys contain repeated letters: their headers encode zeros.
    words = _MADE_UP_WORD if is_key else _MADE_UP
    parts = (value, re.sub(r"\D", "", value), re.sub(r"[^A-Za-z]", "", value))
    return any(words.search(part) for part in parts) or len(set(value)) < _MIN_DIFFERENT


def _is_generated(value: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    if not all(any(kind(c) for c in value) for kind in kinds) or _is_made_up(value, False):
        return False
    if _CHAIN_ADDRESS.fullmatch(value):
        return False
    # Names consist of long words; in random values digits break the letters up.
    runs = re.findall(r"[A-Za-z]+", value)
    return len(set(value)) >= _MIN_DIFFERENT and max(map(len, runs)) <= len(value) // 4


def _finding(written: Document | Source, start: int, end: int, what: str) -> Diagnostic:
    value = written.text[start:end].split("\n", 1)[0]
    line, column = line_column(written.text, start)
    # Nobody but its owner knows whether it is live; in tests it is planted.
    report = note if paths.is_for_developers(written.path) else warning
    return report(
        "secret-in-text",
        written.path,
        line,
        f"`{value[:8]}…` looks like {what}",
        "revoke it and read it from the environment",
        column=column,
        length=len(value),
    )
