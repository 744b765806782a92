"""What credentials with a known format look like, and which of them can stand in a text at all.

Of the texts of a skill few hold any: cheap looks at the bytes tell which are worth a pattern.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import NamedTuple

PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n|[\w-]+: [^\n]*\n)+[A-Za-z0-9+/=]{60,}"
)
_AWS_SECRET = re.compile(
    r"(?:SECRET_ACCESS_KEY|secret_access_key|SecretAccessKey)[\"']?\s*[=:]\s*[\"']?"
    r"([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
)
_PASSWORD = re.compile(
    r"://[\w.-]*:(?=[^\s@/]{0,80}[a-z])(?=[^\s@/]{0,80}[A-Z])(?=[^\s@/]{0,80}\d)"
    r"[\w!#%^&*+=~-]{12,80}@(?!localhost|127\.|example)[\w.-]+"
)


class Kind(NamedTuple):
    """``beginning`` is literal, and searched first.

    ``row``: a match has at least so many letters, digits, hyphens and underscores in a row, which
    is ``_LEAST_ROW`` or more, or 0. The beginning stands there if it is made of the same.
    """

    beginning: str
    what: str
    row: int
    pattern: re.Pattern[str]

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches; where a pattern starts with the beginning, only that is looked at."""
        start = self.pattern.pattern.removeprefix(r"\b")
        if not start.startswith((self.beginning, re.escape(self.beginning))):
            yield from self.pattern.finditer(text)
            return
        at = text.find(self.beginning)
        while at >= 0:
            match = self.pattern.match(text, at)
            if match:
                yield match
            at = text.find(self.beginning, match.end() if match else at + 1)


def _kind(beginning: str, what: str, row: int, pattern: str) -> Kind:
    return Kind(beginning, what, row, re.compile(pattern, re.ASCII))


_KINDS = (
    _kind("AKIA", "an AWS access key", 20, r"\bAKIA[0-9A-Z]{16}\b"),
    _kind("ASIA", "an AWS session key", 20, r"\bASIA[0-9A-Z]{16}\b"),
    _kind("ghp_", "a GitHub token", 32, r"\bghp_[A-Za-z0-9]{36}\b"),
    _kind("gho_", "a GitHub token", 32, r"\bgho_[A-Za-z0-9]{36}\b"),
    _kind("ghs_", "a GitHub token", 32, r"\bghs_[A-Za-z0-9]{36}\b"),
    _kind("github_pat_", "a GitHub token", 32, r"\bgithub_pat_[A-Za-z0-9_]{60,}\b"),
    _kind("glpat-", "a GitLab token", 25, r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    _kind("sk-", "an API key", 32, r"\bsk-(?:ant-|proj-|or-v1-)?[A-Za-z0-9_-]{32,}\b"),
    _kind("k_live_", "a Stripe key", 25, r"\b[sr]k_live_[A-Za-z0-9]{20,}\b"),
    _kind("xox", "a Slack token", 25, r"\bxox[abprs]-[A-Za-z0-9-]{20,}\b"),
    _kind("AIza", "a Google API key", 32, r"\bAIza[0-9A-Za-z_-]{35}\b"),
    _kind("npm_", "an npm token", 32, r"\bnpm_[A-Za-z0-9]{36}\b"),
    _kind("hf_", "a Hugging Face token", 32, r"\bhf_[A-Za-z]{34}\b"),
    _kind("pypi-", "a PyPI token", 32, r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    _kind("SG.", "a SendGrid key", 32, r"\bSG\.[\w-]{20,}\.[\w-]{40,}"),
    _kind(
        "hooks.slack.com",
        "a Slack webhook",
        20,
        r"https://hooks\.slack\.com/services/T\w{7,}/B\w{7,}/\w{20,}",
    ),
    Kind("PRIVATE KEY-----", "a private key", 0, PRIVATE_KEY),
    _kind(
        "eyJ",
        "a signed token",
        32,
        r"\beyJ[\w-]{15,500}\.(?!eyJzdWIiOiIxMjM0)eyJ[\w-]{20,}\.[\w-]{32,}",
    ),
    Kind("://", "a password in a connection string", 0, _PASSWORD),
)
#: The same of texts in which the word "secret" stands.
_SECRET_KINDS = tuple(
    Kind(beginning, "an AWS secret key", 0, _AWS_SECRET)
    for beginning in ("SECRET_ACCESS_KEY", "secret_access_key", "SecretAccessKey")
)
_LEAST_ROW = 20
_QUOTED_VALUE = b'"' + b"x" * 24


def _shape(marks: str) -> bytes:
    """Return a table for ``bytes.translate``: "x" for what a value is made of, `"` for a quote."""
    shapes = dict.fromkeys(string.ascii_letters + string.digits + marks, "x")
    shapes |= dict.fromkeys("\"'", '"')
    return "".join(shapes.get(chr(byte), " ") for byte in range(256)).encode()


_ROW_BYTES = (string.ascii_letters + string.digits + "_-").encode()
_LONG_ROW = b"x" * _LEAST_ROW


def _look(kind: Kind) -> tuple[bytes, bool, Kind]:
    """Return the beginning in bytes, whether it is part of the row, and the kind."""
    beginning = kind.beginning.encode()
    return beginning, bool(kind.row and not beginning.translate(None, _ROW_BYTES)), kind


_LOOKS = tuple(map(_look, _KINDS))
_WORDS, _VALUES = _shape("_-"), _shape("_-+/=")


def possible(data: bytes, lowered: bytes) -> Iterator[Kind]:
    """Yield the kinds whose beginnings stand in ``data``; ``lowered`` is it in lower case."""
    rows = _rows(data)
    longest = max(map(len, rows), default=0)
    joined = b" ".join(rows)
    for beginning, is_in_row, kind in _LOOKS:
        if kind.row <= longest and beginning in (joined if is_in_row else data):
            yield kind
    if b"secret" in lowered:
        yield from (kind for kind in _SECRET_KINDS if kind.beginning.encode() in data)


def _rows(data: bytes) -> list[bytes]:
    """Return what stands in long rows of letters, digits, hyphens and underscores."""
    shape = data.translate(_WORDS)
    found = []
    at = shape.find(_LONG_ROW)
    while at >= 0:
        end = shape.find(b" ", at + _LEAST_ROW)
        end = len(data) if end < 0 else end
        found.append(data[at:end])
        at = shape.find(_LONG_ROW, end)
    return found


def may_hold_value(data: bytes) -> bool:
    """Return whether a quoted value of 24 characters or more, as a generator gives, can stand."""
    return _QUOTED_VALUE in data.translate(_VALUES)
