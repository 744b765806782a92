"""Who reads and writes the blocks: a view of PostgreSQL 16, which changed again in 18."""

import pytest

pytest.importorskip("psycopg")

from harness.servers.engines import require_or_skip
from harness.servers.postgres import installations
from tests.diagnosis.postgres.postgres_databases import QUIET, make_database, started

WRITE = "create table big as select g, md5(g::text) from generate_series(1, 200000) g"


@pytest.fixture(scope="module", params=[16, 18])
def database(request):
    found = [each for each in installations() if each.major == request.param]
    if not found:
        pytest.skip(f"PostgreSQL {request.param} is not installed")
    with started(QUIET | {"shared_buffers": "1MB"}, installation=found[0]) as server:
        yield make_database(server, WRITE, "update big set g = g + 1")


@pytest.mark.server
def test_sessions_that_write_blocks_themselves_are_a_question(database):
    thresholds = {"total_writes < 10000": "total_writes < 100"}
    evidence = database.ask("io-by-backend", thresholds=thresholds)
    assert evidence.verdict == "judge", evidence
    (row,) = [row for row in evidence.rows if row["verdict"] == "judge"]
    assert row["backend_type"] == "client_backend" and row["writes_pct"] >= 30


@pytest.mark.server
def test_checkpoints_that_write_the_blocks_pass(database):
    pattern = {"total_writes < 10000": "total_writes < 0", "writes_pct >= 30": "writes_pct > 100"}
    assert database.ask("io-by-backend", thresholds=pattern).verdict == "pass"


def test_a_server_of_15_says_what_the_probe_needs():
    require_or_skip("postgres")
    with started(QUIET) as server:
        evidence = make_database(server).ask("io-by-backend")
        if server.installation.major < 16:
            assert evidence.verdict == "unknown" and "16 or later" in evidence.reason
