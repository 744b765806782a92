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
    "PRIVATE KEY-----": (
        "a private key",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+(?:[\w-]+: .*\s+)*[A-Za-z0-9+/=]{60,}"),
    ),
}
#: What examples are made of: runs, sequences and words no generator would give.
_MADE_UP = re.compile(
    r"(.)\1{4}|example|sample|placeholder|your|test|dummy|fake|xxx|redacted|changeme|secret"
    r"|abcdef|123456|987654|abc123|\.\.\.",
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
    for beginning, (what, pattern) in _KINDS.items():
        if beginning not in text:
            continue
        for match in pattern.finditer(text):
            value = match.group()
            if _MADE_UP.search(value) or len(set(value)) < _MIN_DIFFERENT:
                continue
            yield error(
                "secret-in-text",
                file,
                text.count("\n", 0, match.start()) + 1,
                f"`{value[:8]}…` looks like {what}",
                "revoke it and read it from the environment",
                match.start() - text.rfind("\n", 0, match.start()),
                len(value.split("\n", 1)[0]),
            )
