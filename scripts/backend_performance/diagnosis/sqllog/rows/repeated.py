"""Statements that repeat inside a request, a transaction or a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..digest import Digest
from ..groups import Repeat
from .row import TOP, Row, Rows, tagged


def repeats(kind: str) -> Callable[[Digest], Rows]:
    def read(digest: Digest) -> Rows:
        found = [one for one in digest.repeats.found.values() if one.kind == kind]
        found.sort(key=lambda one: (-one.calls, one.template))
        shown = [_repeat(digest, one) for one in found[: TOP * 5]] or [_NO_REPEAT]
        return shown, digest.repeats.groups

    return read


_NO_REPEAT: Row = {
    "repeats": 0,
    "groups": 0,
    "calls": 0,
    "run_ms": 0,
    "key": "none",
    "parameters": "none",
    "source_found": False,
    "query_untrusted": None,
    "source_query_untrusted": None,
}


def _repeat(digest: Digest, found: Repeat) -> Row:
    return {
        "repeats": found.repeats,
        "groups": found.groups,
        "calls": found.calls,
        "run_ms": None if found.run_ms is None else round(found.run_ms, 2),
        "key": found.key,
        "parameters": found.parameters,
        "source_found": found.source is not None,
        "query_untrusted": tagged(digest, found.template),
        "source_query_untrusted": found.source,
    }


def per_request(digest: Digest) -> Rows:
    counts = digest.repeats.per_request
    requests = sum(counts.values())
    row = {
        "requests": requests,
        "statements_p50": _at(counts, requests, 0.5),
        "statements_p95": _at(counts, requests, 0.95),
        "statements_max": max(counts, default=None),
    }
    return [row], requests


def _at(counts: Mapping[int, int], total: int, share: float) -> int | None:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= share * total:
            return value
    return None
