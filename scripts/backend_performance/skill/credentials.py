"""What credentials with a known format look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Kind(NamedTuple):
    """Every match contains ``literal``, so texts without it need no pattern."""

    literal: str
    what: str
    pattern: re.Pattern[str]

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches; the value is the first group, or the whole match."""
        return self.pattern.finditer(text) if self.literal in text else iter(())


def _kind(literal: str, what: str, pattern: str) -> Kind:
    return Kind(literal, what, re.compile(pattern, re.ASCII))


def _aws_secret(name: str) -> Kind:
    value = r"[\"']?\s*[=:]\s*[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
    return Kind(name, "an AWS secret key", re.compile(name + value))


PRIVATE_KEY = Kind(
    "PRIVATE KEY-----",
    "a private key",
    re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n|[\w-]+: [^\n]*\n)+[A-Za-z0-9+/=]{60,}"
    ),
)
PASSWORD_IN_ADDRESS = Kind(
    "://",
    "a password in a connection string",
    re.compile(
        r"://[\w.-]*:(?=[^\s@/]{0,80}[a-z])(?=[^\s@/]{0,80}[A-Z])(?=[^\s@/]{0,80}\d)"
        r"[\w!#%^&*+=~-]{12,80}@(?!localhost|127\.|example)[\w.-]+"
    ),
)
KINDS = (
    _kind("AKIA", "an AWS access key", r"\bAKIA[0-9A-Z]{16}\b"),
    _kind("ASIA", "an AWS session key", r"\bASIA[0-9A-Z]{16}\b"),
    _kind("ghp_", "a GitHub token", r"\bghp_[A-Za-z0-9]{36}\b"),
    _kind("gho_", "a GitHub token", r"\bgho_[A-Za-z0-9]{36}\b"),
    _kind("ghs_", "a GitHub token", r"\bghs_[A-Za-z0-9]{36}\b"),
    _kind("github_pat_", "a GitHub token", r"\bgithub_pat_[A-Za-z0-9_]{60,}\b"),
    _kind("glpat-", "a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    _kind("sk-", "an API key", r"\bsk-(?:ant-|proj-|or-v1-)?[A-Za-z0-9_-]{32,}\b"),
    _kind("k_live_", "a Stripe key", r"\b[sr]k_live_[A-Za-z0-9]{20,}\b"),
    _kind("xox", "a Slack token", r"\bxox[abprs]-[A-Za-z0-9-]{20,}\b"),
    _kind("AIza", "a Google API key", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    _kind("npm_", "an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _kind("hf_", "a Hugging Face token", r"\bhf_[A-Za-z]{34}\b"),
    _kind("pypi-", "a PyPI token", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    _kind("SG.", "a SendGrid key", r"\bSG\.[\w-]{20,}\.[\w-]{40,}"),
    _kind(
        "hooks.slack.com",
        "a Slack webhook",
        r"https://hooks\.slack\.com/services/T\w{7,}/B\w{7,}/\w{20,}",
    ),
    PRIVATE_KEY,
    _kind(
        "eyJ",
        "a signed token",
        r"\beyJ[\w-]{15,500}\.(?!eyJzdWIiOiIxMjM0)eyJ[\w-]{20,}\.[\w-]{32,}",
    ),
    PASSWORD_IN_ADDRESS,
    _aws_secret("SECRET_ACCESS_KEY"),
    _aws_secret("secret_access_key"),
    _aws_secret("SecretAccessKey"),
)
