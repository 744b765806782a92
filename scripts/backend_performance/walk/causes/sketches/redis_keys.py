"""How evidence about families of keys and about streams is worded."""

from __future__ import annotations

from functools import partial

from ...statements import redis as run
from ...statements.model import Row
from ..sketch import BYTES_PER_KB, Sketch, Sketches, has

_of_family = partial(Sketch, "key-family", "key_family", ("key_family",))


def _is_pending(row: Row) -> bool:
    """Return whether the row is about entries that were delivered, not about the backlog."""
    pending, deliveries = row.get("pending"), row.get("oldest_deliveries")
    many = isinstance(pending, int) and pending >= 100
    return many or (isinstance(deliveries, int) and deliveries >= 10)


SKETCHES: Sketches = {
    "streams": (
        _of_family(
            "the group `{group}` of the stream `{key_family}` has not acknowledged {pending:,} "
            "entries (consumers: {consumers:,}; the oldest was last delivered {oldest_idle_s:,} s "
            "ago, deliveries: {oldest_deliveries:,})",
            "the group `{group}` has not acknowledged {pending:,} entries",
            {"rows": ("pending", 1.0)},
            when=_is_pending,
        ),
        _of_family(
            "the group `{group}` of the stream `{key_family}` is {lag:,} entries behind",
            "the group `{group}` is {lag:,} entries behind",
            {"rows": ("lag", 1.0)},
            when=lambda row: row.get("group") is not None,
        ),
        _of_family(
            "nothing was ever removed from the stream `{key_family}`, which holds {entries:,} "
            "entries",
            "nothing was ever removed of its {entries:,} entries",
            {"rows": ("entries", 1.0)},
            when=has("removed", 0),
        ),
        _of_family(
            "the stream `{key_family}` holds {entries:,} entries",
            "the stream holds {entries:,} entries",
            {"rows": ("entries", 1.0)},
        ),
    ),
    "key-families": (
        _of_family(
            "the keys `{key_family}` take {size_pct} % of the measured memory ({keys_measured:,} "
            "keys, {size_kb:kB}), and {never_expire_pct} % of them never expire",
            "{size_pct} % of the measured memory",
            {"bytes": ("size_kb", 1024.0), "keys": ("keys_measured", 1.0)},
            item="caching/cache-invalidation/give-every-cached-key-a-ttl-with-jitter",
            when=lambda row: row.get("never_expire_pct") is not None,
        ),
        _of_family(
            "the keys `{key_family}` take {size_pct} % of the measured memory ({keys_measured:,} "
            "keys, {size_kb:kB}), and {without_expiry_pct} % of all keys never expire",
            "{size_pct} % of the measured memory",
            {"bytes": ("size_kb", 1024.0), "keys": ("keys_measured", 1.0)},
            item="caching/cache-invalidation/give-every-cached-key-a-ttl-with-jitter",
        ),
    ),
    "big-keys": _of_family(
        "a key of the family `{key_family}` takes {size_kb:kB}",
        "one of its keys takes {size_kb:kB}",
        {"bytes": ("size_kb", BYTES_PER_KB)},
        run.unlink,
    ),
}
