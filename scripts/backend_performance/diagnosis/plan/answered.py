"""Which checklist item each plan rule speaks to; a test holds that the items exist."""

_QUERY = "database/query-performance"
_UPKEEP = "database/postgresql-maintenance"
_SHAPE = f"{_QUERY}/index-the-querys-shape"
_PLAN = f"{_QUERY}/read-the-plan-of-the-top-statements"

ITEMS = {
    "estimate-off": f"{_UPKEEP}/refresh-planner-statistics-after-bulk-changes",
    "seq-scan-discards": _SHAPE,
    "index-discards": "database/indexing/build-one-composite-index-per-frequent-pattern",
    "index-only-heap-fetches": f"{_UPKEEP}/let-autovacuum-keep-up-on-large-tables",
    "bitmap-lossy": _PLAN,
    "offset-skips": f"{_QUERY}/page-large-results-by-key",
    "sort-for-limit": _SHAPE,
    "blocks-per-row": _SHAPE,
    "nested-loop-many": _SHAPE,
    "correlated-subplan": _PLAN,
    "sort-spill": _PLAN,
    "hash-spill": _PLAN,
    "temp-io": _PLAN,
    "workers-missing": _PLAN,
    "jit-cost": _PLAN,
    "serialization-time": f"{_QUERY}/fetch-only-the-columns-the-caller-uses",
    "planning-dominates": f"{_QUERY}/prepare-repeated-statements-and-watch-for-generic-plans",
    "trigger-time": "database/indexing/index-foreign-keys-that-are-joined-or-cascaded",
    "wrapped-column": f"{_QUERY}/keep-functions-and-casts-off-indexed-columns",
    "join-discards": _SHAPE,
    "full-index-scan": _SHAPE,
    "ordered-index-filter": "database/indexing/build-one-composite-index-per-frequent-pattern",
    "time-in-node": _PLAN,
    "cost-in-node": _SHAPE,
    # MySQL and MariaDB only
    "full-scan-discards": _SHAPE,
    "sort-or-temporary-table": _SHAPE,
    "join-buffer": _SHAPE,
}
