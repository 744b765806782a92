"""What the headers of an answer let caches do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_DIRECTIVE = re.compile(r'([A-Za-z-]+)(?:\s*=\s*("[^"]*"|[^\s,]+))?')
#: Media types that shrink; a picture or an archive does not.
_TEXT = re.compile(
    r"(?i)(text/|application/(.*[+])?(json|xml|javascript|x-ndjson|graphql)|image/svg)"
)


@dataclass(frozen=True)
class Policy:
    """The parts of Cache-Control (RFC 9111) that decide who may keep an answer."""

    stated: bool
    storable: bool
    shared: bool
    max_age_s: int | None


def policy(headers: Mapping[str, str]) -> Policy:
    """Return who may store the answer; ``shared`` is a proxy's or a CDN's cache."""
    text = headers.get("cache-control", "")
    directives = {name.lower(): value.strip('"') for name, value in _DIRECTIVE.findall(text[:1000])}
    ages = [_seconds(directives.get(name)) for name in ("s-maxage", "max-age")]
    age = next((a for a in ages if a is not None), None)
    storable = "no-store" not in directives
    shared = storable and "private" not in directives and "no-cache" not in directives
    return Policy(
        stated=bool(directives) or "expires" in headers,
        storable=storable,
        shared=shared and ("public" in directives or bool(age)),
        max_age_s=age,
    )


def _seconds(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 12 else None


def varies_by(headers: Mapping[str, str], name: str) -> bool:
    """Whether Vary lists a request header, or all of them."""
    listed = {part.strip().lower() for part in headers.get("vary", "").split(",")}
    return name.lower() in listed or "*" in listed


def is_text(headers: Mapping[str, str]) -> bool:
    return bool(_TEXT.match(headers.get("content-type", "")))


def validators(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the request headers that ask whether the answer is still the same."""
    if etag := headers.get("etag"):
        return {"If-None-Match": etag}
    if modified := headers.get("last-modified"):
        return {"If-Modified-Since": modified}
    return {}


def idle_seconds(headers: Mapping[str, str]) -> int | None:
    """Return after how long the server says that it closes an idle connection."""
    match = re.search(r"(?i)\btimeout\s*=\s*(\d{1,6})\b", headers.get("keep-alive", ""))
    return int(match[1]) if match else None
