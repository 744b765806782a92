"""How evidence about HTTP addresses and statement logs is worded."""

from __future__ import annotations

from ..sketch import TIME, Costs, Sketch, Sketches

_PATH = ("path_untrusted", "route", "address")


def _route(title: str, also: str, cost: Costs | None = None) -> Sketch:
    return Sketch("route", "route", _PATH, f"`{{path_untrusted}}` {title}", also, cost or {})


def _logged(title: str, also: str) -> Sketch:
    return Sketch(
        "statement", "statement", ("query_untrusted",), f"`{{query_untrusted}}` {title}", also, TIME
    )


HTTP: Sketches = {
    "latency-p95": _route(
        "answers in {p95_ms:,} ms at the 95th percentile",
        "p95 {p95_ms:,} ms",
        {"ms_per_call": ("p95_ms", 1.0)},
    ),
    "latency-p99": _route(
        "answers in {p99_ms:,} ms at the 99th percentile",
        "p99 {p99_ms:,} ms",
        {"ms_per_call": ("p99_ms", 1.0)},
    ),
    "long-operations": _route(
        "keeps its caller waiting {fastest_ms:,} ms",
        "{fastest_ms:,} ms at best",
        {"ms_per_call": ("fastest_ms", 1.0)},
    ),
    "pagination": _route(
        "returns {largest_array:,} elements at once", "{largest_array:,} elements at once"
    ),
    "response-size": _route(
        "sends {transferred_bytes:,} bytes",
        "{transferred_bytes:,} bytes",
        {"bytes": ("transferred_bytes", 1.0)},
    ),
    "compression": _route(
        "sends {identity_bytes:,} bytes of text uncompressed",
        "not compressed",
        {"bytes": ("identity_bytes", 1.0)},
    ),
    "nesting": _route("nests {depth} levels of relations", "{depth} levels deep"),
    "null-share": _route("is {null_pct} % null", "{null_pct} % of it is null"),
    "large-integers": _route(
        "returns integers that JavaScript rounds", "integers that JavaScript rounds"
    ),
}
LOGS: Sketches = {
    "n-plus-one": _logged(
        "runs {repeats:,} times in one request, once per row of another statement",
        "{repeats:,} times in one request",
    ),
    "repeated-statements": _logged(
        "repeats {repeats:,} times in one request", "{repeats:,} identical queries"
    ),
    "write-loops": _logged(
        "writes row by row: {repeats:,} times in one request", "{repeats:,} single writes"
    ),
    "time-by-statement": _logged(
        "takes {share_pct} % of the logged time ({mean_ms:,} ms × {calls:,})",
        "{share_pct} % of the logged time",
    ),
}
