"""Probes of sessions: connections, transactions and locks."""

from tests.diagnosis.mysql.cases.planting import (
    COUNTER,
    ONE,
    ROW_QUEUE,
    TABLE_QUEUE,
    old_versions_kept,
    open_transaction,
    other_session,
)
from tests.probe_cases import Case

SESSIONS = ("long-transactions", "idle-in-transaction", "lock-waits")
CASES = (
    *(Case(name, "unknown", "no-privilege", (ONE,), during=other_session, role="alone",
           says="GRANT PROCESS") for name in SESSIONS),
    *(Case(name, "unknown", "no-session", (ONE,), says="under load") for name in SESSIONS),
    *(Case(name, "pass", "clean", (ONE,), during=other_session) for name in SESSIONS),
    Case("connection-budget", "fail", "planted", parameters={"pool_total": 500},
         first={"pool_total": 500, "max_connections": 151}),
    Case("connection-budget", "judge", "tight", parameters={"pool_total": 130}),
    Case("connection-budget", "pass", "clean", parameters={"pool_total": 40}),
    Case("connection-budget", "unknown", "no-budget", says="--pool-size"),
    Case("long-transactions", "fail", "planted", (ONE,), during=open_transaction,
         thresholds={">= 3600": ">= 1"}),
    Case("long-transactions", "judge", "shorter", (ONE,), during=open_transaction,
         thresholds={">= 300": ">= 1"}),
    Case("long-transactions", "judge", "old-versions", (ONE, COUNTER), during=old_versions_kept,
         thresholds={">= 60 and history_length >= 100000": ">= 0 and history_length >= 200"},
         says="1 of 2", first={"is_oldest": 1}),
    Case("long-transactions", "pass", "few-old-versions", (ONE, COUNTER), during=old_versions_kept),
    Case("idle-in-transaction", "fail", "planted", (ONE,), during=open_transaction,
         thresholds={">= 60": ">= 1"}, first={"command": "Sleep"}),
    Case("idle-in-transaction", "judge", "shorter", (ONE,), during=open_transaction,
         thresholds={">= 5": ">= 1"}),
    Case("lock-waits", "judge", "planted", (ONE,), during=ROW_QUEUE,
         first={"waits_for": "row", "blocking_command": "Sleep"}),
    Case("lock-waits", "fail", "longer", (ONE,), during=ROW_QUEUE, thresholds={">= 10": ">= 1"}),
    Case("lock-waits", "judge", "metadata", (ONE,), during=TABLE_QUEUE,
         first={"waits_for": "metadata"}),
)  # fmt: skip
