"""A handful of requests to each address, and what their answers look like beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from ..web.client import Exchange, get, session
from ..web.target import Target
from . import caching
from .body import Shape, shape

#: Plain, compressed, conditional and without credentials, each perhaps redirected once.
REQUESTS_EACH = 5
IDENTITY = {"Accept-Encoding": "identity"}
COMPRESSED = {"Accept-Encoding": "gzip, br"}


@dataclass(frozen=True)
class Answers:
    """The answers of one address."""

    target: Target
    plain: Exchange
    compressed: Exchange
    conditional: Exchange | None
    anonymous: Exchange | None


async def ask(
    targets: Sequence[Target], credentials: Mapping[str, str], deadline: float
) -> tuple[Answers, ...]:
    """Ask every address a few times, one request at a time, until ``deadline``."""
    found = []
    for target in targets:
        async with session(credentials) as client:
            plain = await get(client, target, IDENTITY, deadline)
            compressed = conditional = anonymous = None
            if plain.succeeded:
                compressed = await get(client, target, COMPRESSED, deadline)
                if asked := caching.validators(plain.headers):
                    conditional = await get(client, target, IDENTITY | asked, deadline)
        if plain.succeeded and credentials:
            async with session({}) as client:
                anonymous = await get(client, target, IDENTITY, deadline)
        found.append(Answers(target, plain, compressed or plain, conditional, anonymous))
    return tuple(found)


def row(answers: Answers, credentials_given: bool) -> dict[str, Any]:
    """Return everything the probes of form ask about, in one row."""
    plain = answers.plain
    return {
        "address": answers.target.number,
        "path_untrusted": answers.target.path,
        "status": plain.status or None,
        "trouble_untrusted": plain.trouble or None,
        "succeeded": plain.succeeded and answers.compressed.succeeded,
        **_sizes(answers),
        **_caching(answers),
        **_leaks(answers, credentials_given),
        **_connection(answers),
        **_json(shape(plain.body, dict(plain.headers)) if not plain.cut else None),
        "fastest_ms": round(min(plain.took_ms, answers.compressed.took_ms), 1),
    }


def _sizes(answers: Answers) -> dict[str, Any]:
    plain, compressed = answers.plain, answers.compressed
    saving = 100 * (1 - compressed.size / plain.size) if plain.size else 0.0
    return {
        "text": caching.is_text(plain.headers),
        "identity_bytes": plain.size,
        "transferred_bytes": compressed.size,
        "at_least": plain.cut or compressed.cut,
        "saving_pct": round(saving, 1),
        "encoding": _known_encoding(compressed.headers),
        "is_local": answers.target.is_local,
    }


def _known_encoding(headers: Mapping[str, str]) -> str:
    name = headers.get("content-encoding", "identity").strip().lower()
    return name if name in ("gzip", "br", "deflate", "zstd", "identity") else "other"


def _caching(answers: Answers) -> dict[str, Any]:
    plain, conditional = answers.plain, answers.conditional
    policy = caching.policy(plain.headers)
    changed = revalidates = None
    if conditional is not None:
        again = caching.validators(conditional.headers)
        changed = conditional.status == 200 and again != caching.validators(plain.headers)
        revalidates = conditional.status == 304
    return {
        "cache_control": policy.stated,
        "storable": policy.storable,
        "max_age_s": policy.max_age_s,
        "validator": bool(caching.validators(plain.headers)),
        "validator_changed": bool(changed),
        "revalidates": revalidates,
    }


def _leaks(answers: Answers, credentials_given: bool) -> dict[str, Any]:
    plain, compressed = answers.plain, answers.compressed
    return {
        "shared_caches_keep": caching.policy(plain.headers).shared,
        "set_cookie": plain.cookies > 0,
        "encoding_varies": compressed.headers.get("content-encoding", "") not in ("", "identity"),
        "vary_names_encoding": caching.varies_by(compressed.headers, "accept-encoding"),
        "vary_names_credentials": any(
            caching.varies_by(plain.headers, name) for name in ("authorization", "cookie")
        ),
        "credentials_given": credentials_given,
        "without_credentials": _without_credentials(answers),
    }


def _without_credentials(answers: Answers) -> str:
    anonymous = answers.anonymous
    if anonymous is None:
        return "not asked"
    if anonymous.status in (401, 403, 404) or 300 <= anonymous.status < 400:
        return "refused"
    if not anonymous.succeeded:
        return "no answer"
    same = _digest(anonymous.body) == _digest(answers.plain.body)
    return "same" if same else "differs"


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


def _connection(answers: Answers) -> dict[str, Any]:
    return {
        "http_version": answers.plain.http_version or "none",
        "reused": answers.compressed.reused if answers.compressed is not answers.plain else None,
        "idle_timeout_s": caching.idle_seconds(answers.plain.headers),
    }


def _json(found: Shape | None) -> dict[str, Any]:
    if found is None:
        found = Shape(0, 0, 0, 0, 0, 0, 0)
        is_json = False
    else:
        is_json = True
    leaves = max(found.leaves, 1)
    return {
        "json": is_json,
        "leaves": found.leaves,
        "null_pct": round(100 * found.nulls / leaves, 1),
        "depth": found.depth,
        "largest_array": found.largest_array,
        "page_markers": found.page_markers,
        "unsafe_integers": found.unsafe_integers,
        "numeric_string_pct": round(100 * found.numeric_strings / leaves, 1),
    }
