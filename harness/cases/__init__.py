"""Cases that need more than running each fence in turn: two sessions, a load, a clock.

Each is a function from a `CaseRun` to its `Table`; the code under test still is on the page.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.cases import caching, connections, load, locks, writes
from harness.measuring.figures import Table
from harness.measuring.run import CaseRun

SPECIAL: dict[str, Callable[[CaseRun], Table]] = {
    "building-an-index-under-writes": locks.building_an_index,
    "lock-queue-behind-a-migration": locks.lock_queue,
    "index-write-cost": writes.index_write_cost,
    "connection-held-across-a-remote-call": connections.held_connection,
    "pool-larger-than-the-server": connections.large_pool,
    "cache-stampede": caching.stampede,
    "early-expiry": caching.early_expiry,
    "cache-aside-race": caching.race,
    "keys-and-big-deletes": caching.blocking_commands,
    "blocked-event-loop": load.event_loop,
    "retries-without-jitter": load.retries,
    "coordinated-omission": load.coordinated_omission,
    "long-transaction-and-vacuum": writes.long_transaction,
}
