"""What was planted, and what only looks like a problem."""

from __future__ import annotations

from harness.planted import Planted

PROBLEMS = (
    Planted("foreign key without an index", "postgres", ("booking_extras", "booking_id")),
    Planted("generic plans forced for a role", "postgres", ("plan_cache_mode", "booking_web")),
    Planted("tiny work_mem for a role", "postgres", ("work_mem", "booking_report")),
    Planted("analyze scale factor of 50", "postgres", ("availability", "analyze_scale_factor")),
    Planted("autovacuum off for a table", "postgres", ("holds", "enabled")),
    Planted("dead rows", "postgres", ("holds", "dead_rows")),
    Planted("walk through an index", "postgres", ("hotel_id = ", "order by created_at")),
    Planted("cast hides an indexed column", "postgres", ("loyalty_number", "bigint")),
    Planted("function hides an indexed column", "postgres", ("lower(email)",)),
    Planted("one query per row", "postgres", ("from rooms where id", "calls_per_parent_call")),
    Planted("deep OFFSET", "postgres", ("from bookings", "offset")),
    Planted("the same index twice", "postgres", ("bookings_created_again_idx",)),
    Planted("index covered by a longer one", "postgres", ("bookings_guest_id_idx",)),
    Planted("index that failed half-way", "postgres", ("guests_lower_email_key",)),
    Planted("session that holds a lock", "postgres", ("head_of_queue", "hotels")),
    Planted("update that waits for locks", "postgres", ("update hotels set views", "waits")),
    Planted("slot that keeps WAL", "postgres", ("old_standby",)),
    Planted("sequence near its end", "postgres", ("bookings_id_seq", "used_pct")),
    Planted("two pools larger than the server", "postgres", ("pool_total", "140")),
    Planted("cache that refuses writes at its limit", "redis", ("noeviction", "cache")),
    Planted("sessions that never expire", "redis", ("session", "expir")),
    Planted("KEYS in the request path", "redis", ("keys", "usec_per_call")),
    Planted("one giant key", "redis", ("inventory", "size_kb")),
    Planted("commands that fail", "redis", ("WRONGTYPE",)),
    Planted("full scan of a large table", "mysql", ("reviews", "examined_per_call")),
)
#: Evidence that fails with these words is a false alarm.
LOOKALIKES = (
    Planted("foreign key to a tiny table that never changes", "postgres", ("guests_country",)),
    Planted("unique index that only guards", "postgres", ("holds_token_key",)),
    Planted("scale factor below the default", "postgres", ("bookings", "vacuum_scale_factor")),
    Planted("small table read from end to end", "postgres", ("site_settings",)),
    Planted("idle session without a transaction", "postgres", ("booking_idle",)),
    Planted("time-out set for a role", "postgres", ("booking_web", "statement_timeout")),
    Planted("report that returns what it reads", "postgres", ("select id, what from booking",)),
    Planted("keys that expire", "redis", ("page",)),
)
