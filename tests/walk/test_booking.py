"""A booking site on three engines: everything planted is found, and no look-alike fails."""

import pytest

from harness.booking import __main__ as booking
from harness.engines import require_or_skip

pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
pytest.importorskip("redis")


@pytest.mark.server
@pytest.mark.slow
def test_every_planted_problem_is_found_and_nothing_is_a_false_alarm(tmp_path, capsys):
    for engine in ("pg_stat_statements", "redis", "mariadb"):
        require_or_skip(engine)
    assert booking.main(["--keep", str(tmp_path)]) == 0, capsys.readouterr().out
    digest = (tmp_path / "digest.txt").read_text(encoding="utf-8")
    assert len(digest) <= 9_001
    for statement in (
        "run: CREATE INDEX CONCURRENTLY ON public.booking_extras (booking_id);",
        "run: ALTER TABLE public.holds RESET (autovacuum_enabled);",
    ):
        assert statement in digest
    assert "bookings_created_at_idx;" not in digest, "the index that stays is never dropped"
