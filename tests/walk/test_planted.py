"""Planted systems on three engines: every problem is found, and no look-alike fails."""

import pytest

from harness.booking import __main__ as booking
from harness.lens import __main__ as lens
from harness.servers.engines import require_or_skip

pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
pytest.importorskip("redis")

pytestmark = [pytest.mark.server, pytest.mark.slow]


@pytest.fixture
def digest_of(tmp_path, capsys):
    """Walk a planted system, and return the digest of the walk."""

    def walked(system):
        for engine in ("pg_stat_statements", "redis", "mariadb"):
            require_or_skip(engine)
        assert system.main(["--keep", str(tmp_path)]) == 0, capsys.readouterr()
        digest = (tmp_path / "digest.txt").read_text(encoding="utf-8")
        assert len(digest) <= 9_001
        return digest

    return walked


def test_a_booking_site_is_walked_without_a_false_alarm(digest_of):
    digest = digest_of(booking)
    for statement in (
        "run: CREATE INDEX CONCURRENTLY ON public.booking_extras (booking_id);",
        "run: ALTER TABLE public.holds RESET (autovacuum_enabled);",
    ):
        assert statement in digest
    assert "bookings_created_at_idx;" not in digest, "the index that stays is never dropped"


def test_an_analytics_service_as_post_mortems_describe_it_is_walked_without_one(digest_of):
    waits = [line for line in digest_of(lens).splitlines() if "metadata lock" in line]
    assert waits and "alter table currencies" in waits[0]
