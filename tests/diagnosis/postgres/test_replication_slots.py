"""A slot keeps WAL; whether anybody reads it only shows on a server that may have standbys."""

import pytest

pytest.importorskip("psycopg")

from harness.engines import require_or_skip
from tests.diagnosis.postgres.postgres_databases import QUIET, Database, make_database, started

SLOT = "select pg_create_physical_replication_slot('old_standby', true)"


@pytest.fixture(scope="module")
def primary():
    require_or_skip("postgres")
    settings = QUIET | {
        "wal_level": "replica",
        "max_wal_senders": "2",
        "max_replication_slots": "2",
    }
    with started(settings) as server:
        yield make_database(server, SLOT)


def asked(primary: Database, **thresholds: str):
    return primary.ask("replication-slots", thresholds=thresholds)


def test_a_slot_that_nobody_reads_is_a_question(primary):
    evidence = asked(primary)
    assert evidence.verdict == "judge"
    assert evidence.rows[0]["slot_name"] == "old_standby" and evidence.rows[0]["active"] is False


def test_much_wal_for_nobody_fails(primary):
    primary.execute("create table t as select generate_series(1, 50000) n")
    assert asked(primary, **{"retained_mb >= 1024": "retained_mb >= 1"}).verdict == "fail"


def test_a_slot_that_is_read_passes(primary):
    assert asked(primary, **{"not active": "active"}).verdict == "pass"
