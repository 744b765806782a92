"""Slots, lag, and what a hot standby can be asked, on a primary with a real standby."""

import pytest

pytest.importorskip("psycopg")

from backend_performance.diagnosis.probes import catalog

from harness.servers.engines import require_or_skip
from harness.servers.standby import postgres_standby
from harness.servers.waiting import until
from tests.diagnosis.postgres.postgres_databases import QUIET, Database, make_database, started

SLOT = "select pg_create_physical_replication_slot('old_standby', true)"


@pytest.fixture(scope="module")
def primary():
    require_or_skip("postgres")
    settings = QUIET | {
        "wal_level": "replica",
        "hot_standby": "on",
        "max_wal_senders": "4",
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


@pytest.fixture(scope="module")
def standby(primary):
    with postgres_standby(primary.server, "reader") as server:
        yield Database(server, primary.name)


def paused(standby: Database, action: str) -> None:
    standby.execute(f"select pg_wal_replay_{action}()")
    wanted = "paused" if action == "pause" else "not paused"
    with standby.session() as connection:
        state = "select pg_get_wal_replay_pause_state()"
        until(lambda: connection.execute(state).fetchone() == (wanted,), f"replay to be {wanted}")


def test_a_standby_that_keeps_up_passes_on_both_sides(primary, standby):
    until(
        lambda: (
            primary.ask("replication-lag").rows or primary.ask("replication-lag").verdict == "pass"
        ),
        "the standby to stream",
    )
    assert primary.ask("replication-lag").verdict == "pass"
    assert standby.ask("standby-lag").verdict == "pass"


def test_a_standby_whose_replay_is_paused_fails_and_is_behind(primary, standby):
    paused(standby, "pause")
    try:
        primary.execute("create table behind as select generate_series(1, 60000) n")
        late = {"behind_mb >= 100": "behind_mb >= 1"}
        until(
            lambda: primary.ask("replication-lag", thresholds=late).verdict == "judge",
            "the primary to see the lag",
        )
        found = primary.ask("replication-lag", thresholds=late).rows[0]
        assert (found["application_untrusted"], found["state"]) == ("reader", "streaming")
        evidence = standby.ask("standby-lag")
        assert evidence.verdict == "fail" and "paused" in evidence.reason
        assert evidence.observed["received_not_replayed_mb"] > 1
    finally:
        paused(standby, "resume")


def test_every_probe_answers_on_a_standby_or_says_what_is_missing(standby):
    evidence = standby.run("reader").evidence
    assert len(evidence) == len(catalog.load("postgres"))
    for each in evidence:
        assert "SQLSTATE" not in each.reason, each
        if each.verdict == "unknown":
            assert "To find out" in each.reason or each.reason, each
