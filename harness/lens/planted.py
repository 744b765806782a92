"""What was planted, and what only looks like a problem.

The problems are those that public post-mortems and manuals describe: a forgotten logical slot, an
integer key near its end, a trigger that makes one row hot, a policy that calls a function for each
row, scripts that a restart of Redis forgot, a schema change that waits behind an open transaction.
"""

from __future__ import annotations

from harness.planted import Planted

PROBLEMS = (
    Planted("logical slot that nobody reads", "postgres", ("warehouse_feed",)),
    Planted("integer key near its end", "postgres", ("event_tags",)),
    Planted("console left open blocks the rollup", "postgres", ("lens-console",)),
    Planted("numeric parameter hides a bigint index", "postgres", ("events_device_idx",)),
    Planted("one query per dashboard", "postgres", ("from widgets", "calls_per_parent")),
    Planted("no index for a JSON filter", "postgres", ("from events where payload", "blocks")),
    Planted("deep OFFSET", "postgres", ("from members", "offset")),
    Planted("queue polled without SKIP LOCKED", "postgres", ("from rollup_jobs", "lock")),
    Planted("total counted on every page", "postgres", ("count(*)", "from events")),
    Planted("1 GB of work_mem for a role", "postgres", ("work_mem", "lens_batch")),
    Planted("updates never HOT", "postgres", ("usage_counters", "hot")),
    Planted("policy calls a function per row", "postgres", ("documents", "current_tenant")),
    Planted("foreign key without an index", "postgres", ("report_rows", "report_id")),
    Planted("connection per request", "postgres", ("churn", "transactions_per_session")),
    Planted("one hot row behind a trigger", "postgres", ("clicks", "lock")),
    Planted("prepared transaction left behind", "postgres", ("prepared_xid", "lens_app")),
    Planted("checkpoints forced by a small WAL", "postgres", ("max_wal_size",)),
    Planted("report sorts on disk", "postgres", ("order by payload", "temp")),
    Planted("table never analyzed after its load", "postgres", ("imports",)),
    Planted("autovacuum slowed down", "postgres", ("cost_delay",)),
    Planted("index that serves nothing", "postgres", ("members_deleted_idx",)),
    Planted("KEYS in the request path", "redis", ("keys", "usec")),
    Planted("volatile-lru though nothing expires", "redis", ("volatile-lru",)),
    Planted("reports that never expire", "redis", ("report...", "expir")),
    Planted("one giant hash", "redis", ("usage...", "size_kb")),
    Planted("queue that nobody empties", "redis", ("jobs",)),
    Planted("scripts forgotten by the server", "redis", ("NOSCRIPT",)),
    Planted("MONITOR left running", "redis", ("client-families", "monitor")),
    Planted("connection per command", "redis", ("churn", "connections")),
    Planted("slow script", "redis", ("eval",)),
    Planted("number compared with text", "mysql", ("invoices", "number")),
    Planted("index covered by another", "mysql", ("invoice_lines_invoice_idx",)),
    Planted("table without a primary key", "mysql", ("usage_log",)),
    Planted("temporary tables on disk", "mysql", ("disk",)),
    Planted("transaction left open", "mysql", ("idle_in_transaction_s",)),
    Planted("schema change that waits", "mysql", ("metadata", "alter table")),
    Planted("update that waits for a row", "mysql", ("update invoices", "waited_s", "row")),
    Planted("table that locks as a whole", "mysql", ("page_counters", "myisam")),
    Planted("limit of connections reached", "mysql", ("peak_pct",)),
    Planted("buffer pool far too small", "mysql", ("buffer_pool",)),
    Planted("ORDER BY RAND", "mysql", ("rand",)),
)
#: Evidence that fails with these words is a false alarm.
LOOKALIKES = (
    Planted("foreign key to six regions", "postgres", ("tenants", "regions")),
    Planted("tiny table read from end to end", "postgres", ("`plans`",)),
    Planted("unique index that only guards", "postgres", ("invites_code_key",)),
    Planted("scale factor below the default", "postgres", ("archive_lines",)),
    Planted("asynchronous commits of the loader", "postgres", ("lens_loader", "synchronous")),
    Planted("pool of idle sessions", "postgres", ("lens-pool",)),
    Planted("partial index beside a full one", "postgres", ("members_present_idx",)),
    Planted("slot that is read", "postgres", ("standby_live",)),
    Planted("flags that live forever", "redis", ("flag",)),
    Planted("SCAN in steps", "redis", ('"command": "scan"',)),
    Planted("limits that expire", "redis", ("rate",)),
    Planted("two indexes in two orders", "mysql", ("invoice_lines_product",)),
    Planted("tiny table read from end to end", "mysql", ("currencies", "examined_per_call")),
    Planted("unique index that only guards", "mysql", ("invoices_guid",)),
)
