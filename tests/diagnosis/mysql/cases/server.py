"""Probes of the server as a whole: memory, temporary tables and settings."""

from tests.diagnosis.mysql.cases.planting import CHILD, WIDE, times, to_disk
from tests.probe_cases import Case

CASES = (
    Case("temporary-tables", "fail", "planted", (CHILD,), traffic=to_disk, thresholds={
        "created < 1000": "created < 10", "pct >= 25": "pct >= 1", "hour >= 3600": "hour >= 1"}),
    Case("temporary-tables", "judge", "few", (CHILD,), traffic=to_disk, thresholds={
        "created < 1000": "created < 10", "pct >= 25": "pct >= 1",
        "hour >= 3600": "hour >= 1000000000"}),
    Case("temporary-tables", "pass", "clean", thresholds={
        "created < 1000": "created < 1", "pct >= 25": "pct >= 101"}),
    Case("temporary-tables", "unknown", "idle", thresholds={"< 1000": "< 100000000"},
         says="usual load"),
    Case("buffer-pool-hit-ratio", "fail", "planted", (WIDE,),
         thresholds={"requested < 100000": "requested < 10", "hit_pct < 95": "hit_pct < 101"}),
    Case("buffer-pool-hit-ratio", "pass", "clean", (WIDE,), thresholds={
        "requested < 100000": "requested < 10", "pct < 95": "pct < 1", "pct < 99": "pct < 1"}),
    Case("buffer-pool-hit-ratio", "unknown", "idle", thresholds={"100000": "100000000000"},
         says="usual load"),
    Case("read-write-ratio", "judge", "planted", (WIDE,), first={"table_name": "wide"},
         traffic=times(60, "select count(note) from wide")),
    Case("read-write-ratio", "pass", "clean", (WIDE,),
         traffic=times(1, "select count(note) from wide")),
    Case("read-write-ratio", "unknown", "idle", says="usual load"),
    Case("settings", "fail", "planted", says="torn pages",
         first={"name": "innodb_doublewrite", "value": "OFF"}),
)  # fmt: skip
