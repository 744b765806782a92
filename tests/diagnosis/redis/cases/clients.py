"""Probes of clients: who is connected, waits, or is turned away."""

from tests.diagnosis.redis.cases.planting import (
    Case,
    after,
    connected,
    load,
    monitored,
    turned_away,
    used,
    waiting,
)

CASES = (
    Case("client-families", "fail", "monitor", during=monitored, first={"monitors": 1}),
    Case("client-families", "pass", "clean", during=connected),
    Case("client-families", "pass", "nobody"),
    Case("blocked-clients", "fail", "planted", during=waiting, role="cache",
         first={"blocked": 12}),
    Case("blocked-clients", "judge", "workers", during=waiting, role="store"),
    Case("blocked-clients", "judge", "unknown-role", during=waiting),
    Case("blocked-clients", "pass", "clean", during=connected, role="cache"),
    Case("blocked-clients", "unknown", "nobody", says="under load"),
    Case("connection-churn", "fail", "planted", window_s=1.5, during=load(
        *[("GET", "a")] * 3, reconnect=True), thresholds={"window >= 1000": "window >= 20"}),
    Case("connection-churn", "judge", "since-start", thresholds={"commands < 1000": "commands < 3"},
         setup=after(*[used(("GET", "a"), times=2)] * 5)),
    Case("connection-churn", "pass", "clean", setup=used(("GET", "a"), times=1200)),
    Case("connection-churn", "unknown", "idle", says="usual load"),
    Case("connection-budget", "fail", "planted", {"maxclients": "30"}, during=turned_away,
         window_s=0.5, says="refused now"),
    Case("connection-budget", "fail", "pools", parameters={"pool_total": 20000}),
    Case("connection-budget", "judge", "tight", parameters={"pool_total": 8500}),
    Case("connection-budget", "pass", "clean", parameters={"pool_total": 100}),
    Case("connection-budget", "unknown", "no-budget", says="--pool-size"),
)  # fmt: skip
