"""What managed services give instead of a superuser, and what Aurora leaves out.

A server of this machine is made like them: the roles as the services grant them, and the functions
that answer "not supported" there. The services themselves are not asked.
"""

from __future__ import annotations

import pytest

pytest.importorskip("psycopg")

from harness.servers.engines import require_or_skip
from harness.servers.standby import postgres_standby
from tests.diagnosis.postgres.postgres_databases import QUIET, Database, make_database, started

pytestmark = pytest.mark.server
#: The administrator that each service hands out: no superuser, with these memberships.
ADMINISTRATORS = {
    "rds_superuser": "pg_monitor, pg_signal_backend, pg_read_all_data",
    "cloudsqlsuperuser": "pg_monitor, pg_signal_backend",
    "azure_pg_admin": "pg_monitor, pg_signal_backend, pg_read_all_data",
}
#: Functions that end with SQLSTATE 0A000 on Aurora, with the type of their result.
ABSENT_ON_AURORA = {
    "pg_current_wal_lsn": "pg_lsn",
    "pg_last_wal_receive_lsn": "pg_lsn",
    "pg_last_wal_replay_lsn": "pg_lsn",
    "pg_last_xact_replay_timestamp": "timestamptz",
}
ABSENT = """
alter function pg_catalog.{name}() rename to {name}_of_postgres;
create function pg_catalog.{name}() returns {result} language plpgsql as $$ begin
  raise exception 'Function {name}() is currently not supported for Aurora' using errcode = '0A000';
end $$
"""


@pytest.fixture(scope="module")
def primary():
    require_or_skip("postgres")
    with started(QUIET | {"wal_level": "replica", "max_wal_senders": "4"}) as server:
        database = make_database(server, "create table kept (id int primary key)")
        with database.session() as superuser:
            for name, groups in ADMINISTRATORS.items():
                superuser.execute(f"create role {name} createrole createdb in role {groups}")
                superuser.execute(f"create role admin_of_{name} login in role {name}")
            for name, result in ABSENT_ON_AURORA.items():
                superuser.execute(ABSENT.format(name=name, result=result))
        yield database


@pytest.fixture(scope="module")
def reader(primary):
    """A hot standby of the same kind, as Aurora's reader endpoint looks."""
    with postgres_standby(primary.server, "aurora") as server:
        yield Database(server, primary.name)


@pytest.mark.parametrize("administrator", ADMINISTRATORS)
def test_a_services_administrator_lacks_no_privilege(primary, administrator):
    run = primary.run(f"admin_of_{administrator}")
    assert not [one for one in run.evidence if "42501" in one.reason]


@pytest.mark.parametrize("probe, at", [("replication-lag", "primary"), ("standby-lag", "reader")])
def test_what_aurora_leaves_out_is_unknown_with_the_reason(primary, reader, probe, at):
    asked = {"primary": primary, "reader": reader}[at]
    evidence = asked.ask(probe, "admin_of_rds_superuser")
    assert evidence.verdict == "unknown"
    assert "0A000" in evidence.reason and "aurora_replica_status()" in evidence.reason


def test_the_other_probes_answer_on_aurora(primary, reader):
    for database in (primary, reader):
        run = database.run("admin_of_rds_superuser")
        refused = {one.probe for one in run.evidence if "SQLSTATE" in one.reason}
        assert refused <= {"postgres/replication-lag", "postgres/standby-lag"}
