"""Credentials in pages, scripts and configuration.

A skill is copied to many machines; a secret in it is public. Formats with a fixed prefix are
recognised; placeholders and the examples of manuals are not secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostic import Diagnostic, error
from ..inspection import Inspection

CODES = {
    "secret-in-text": (
        "The text holds what looks like a live credential. Revoke it, then read it from the "
        "environment; removing the text does not remove it from history."
    ),
}

_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n|[\w-]+: [^\n]*\n)+[A-Za-z0-9+/=]{60,}"
)
_AWS_SECRET = re.compile(
    r"(?:SECRET_ACCESS_KEY|secret_access_key|SecretAccessKey)[\"']?\s*[=:]\s*[\"']?"
    r"([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
)
#: Literal beginnings, searched first because that is cheap → (what it is, the whole pattern).
_KINDS: dict[str, tuple[str, re.Pattern[str]]] = {
    "AKIA": ("an AWS access key", re.compile(r"\bAKIA[0-9A-Z]{16}\b")),
    "ASIA": ("an AWS session key", re.compile(r"\bASIA[0-9A-Z]{16}\b")),
    "ghp_": ("a GitHub token", re.compile(r"\bghp_[A-Za-z0-9]{36}\b")),
    "gho_": ("a GitHub token", re.compile(r"\bgho_[A-Za-z0-9]{36}\b")),
    "ghs_": ("a GitHub token", re.compile(r"\bghs_[A-Za-z0-9]{36}\b")),
    "github_pat_": ("a GitHub token", re.compile(r"\bgithub_pat_[A-Za-z0-9_]{60,}\b")),
    "glpat-": ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b")),
    "sk-": ("an API key", re.compile(r"\bsk-(?:ant-|proj-|or-v1-)?[A-Za-z0-9_-]{32,}\b")),
    "sk_live_": ("a Stripe key", re.compile(r"\b[sr]k_live_[A-Za-z0-9]{20,}\b")),
    "xox": ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}\b")),
    "AIza": ("a Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    "npm_": ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    "hf_": ("a Hugging Face token", re.compile(r"\bhf_[A-Za-z]{34}\b")),
    "pypi-": ("a PyPI token", re.compile(r"\bpypi-AgE[A-Za-z0-9_-]{50,}")),
    "SG.": ("a SendGrid key", re.compile(r"\bSG\.[\w-]{20,}\.[\w-]{40,}")),
    "hooks.slack.com": (
        "a Slack webhook",
        re.compile(r"https://hooks\.slack\.com/services/T\w{7,}/B\w{7,}/\w{20,}"),
    ),
    "PRIVATE KEY-----": ("a private key", _PRIVATE_KEY),
    "SECRET_ACCESS_KEY": ("an AWS secret key", _AWS_SECRET),
    "secret_access_key": ("an AWS secret key", _AWS_SECRET),
    "SecretAccessKey": ("an AWS secret key", _AWS_SECRET),
    "eyJ": (
        "a signed token",
        re.compile(r"\beyJ[\w-]{15,}\.(?!eyJzdWIiOiIxMjM0)eyJ[\w-]{20,}\.[\w-]{32,}"),
    ),
    "://": (
        "a password in a connection string",
        re.compile(
            r"://[\w.-]*:(?=[^\s@/]{0,80}[a-z])(?=[^\s@/]{0,80}[A-Z])(?=[^\s@/]{0,80}\d)"
            r"[\w!#%^&*+=~-]{12,80}@(?!localhost|127\.|example)[\w.-]+"
        ),
    ),
}
_SCHEME = re.compile(r"[a-z+]*\Z")
#: `api_key = "…"`: a value as only a generator gives, behind any name of a secret. The names'
#: beginnings are searched first: looking for the value everywhere costs more than all other kinds.
_NAMES = ("apikey", "api_key", "api-key", "secret", "token", "passw")
_NAMED = re.compile(
    r"(?:api[_-]?key|secret(?:[_-]?key)?|token|passw(?:or)?d)[\"']?\s{0,4}"
    r"[:=]\s{0,4}[\"']([A-Za-z0-9+/_=-]{24,100})[\"']",
    re.IGNORECASE,
)
#: What examples are made of: words, runs and sequences that no generator would give.
_MADE_UP_WORD = re.compile(r"example|sample|placeholder|dummy|redacted|\.\.\.", re.IGNORECASE)
_MADE_UP = re.compile(
    _MADE_UP_WORD.pattern + r"|(.)\1{4}|your|test|fake|xxx|changeme|secret"
    r"|abcdef|123456|987654|abc123",
    re.IGNORECASE,
)
_MIN_DIFFERENT = 12


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per credential; the message shows only how it starts."""
    for page in inspection.skill.documents.values():
        yield from _of_text(page.path, page.text)
    for name, text in inspection.sources:
        yield from _of_text(name, text)


def _of_text(file: str, text: str) -> Iterator[Diagnostic]:
    taken: list[range] = []
    for beginning, (what, pattern) in _KINDS.items():
        if beginning in text:
            for match in _matches(beginning, pattern, text):
                group = match.lastindex or 0
                if not _is_made_up(match.group(group), pattern is _PRIVATE_KEY):
                    start, end = match.span(group)
                    if beginning == "://":
                        start -= len(_before(_SCHEME, text, start))
                    taken.append(range(start, end))
                    yield _finding(file, text, (start, end), what)
    for start, end in sorted(_named_values(text)):
        known = any(start in span for span in taken)
        if not known and _is_generated(text[start:end]):
            yield _finding(file, text, (start, end), "a credential")


def _named_values(text: str) -> set[tuple[int, int]]:
    """Return where values stand that a name says to be secret."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two
        return {match.span(1) for match in _NAMED.finditer(text)}
    found = set()
    for name in _NAMES:
        at = lowered.find(name)
        while at >= 0:
            match = _NAMED.match(text, at)
            if match:
                found.add(match.span(1))
            at = lowered.find(name, at + len(name))
    return found


def _matches(beginning: str, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches; a pattern that starts with its beginning is asked only where that is."""
    if not pattern.pattern.removeprefix(r"\b").startswith((beginning, re.escape(beginning))):
        yield from pattern.finditer(text)
        return
    at = text.find(beginning)
    while at >= 0:
        match = pattern.match(text, at)
        if match:
            yield match
        at = text.find(beginning, match.end() if match else at + 1)


def _before(pattern: re.Pattern[str], text: str, end: int) -> str:
    """Return what ``pattern`` finds right before ``end``."""
    match = pattern.search(text[max(end - 40, 0) : end])
    return match.group() if match else ""


def _is_made_up(value: str, is_key: bool) -> bool:
    # The body of a real key is full of repeated letters: its header is encoded zeros.
    words = _MADE_UP_WORD if is_key else _MADE_UP
    parts = (value, re.sub(r"\D", "", value), re.sub(r"[^A-Za-z]", "", value))
    return any(words.search(part) for part in parts) or len(set(value)) < _MIN_DIFFERENT


def _is_generated(value: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    if not all(any(kind(c) for c in value) for kind in kinds) or _is_made_up(value, False):
        return False
    # Words joined by capitals or hyphens are names; digits all over are not.
    runs = re.findall(r"[A-Za-z]+", value)
    return len(set(value)) >= _MIN_DIFFERENT and max(map(len, runs)) <= len(value) // 4


def _finding(file: str, text: str, span: tuple[int, int], what: str) -> Diagnostic:
    start, end = span
    value = text[start:end].split("\n", 1)[0]
    return error(
        "secret-in-text",
        file,
        text.count("\n", 0, start) + 1,
        f"`{value[:8]}…` looks like {what}",
        "revoke it and read it from the environment",
        start - text.rfind("\n", 0, start),
        len(value),
    )
