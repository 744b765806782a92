"""An analytics service on three engines: what post-mortems describe is found, and nothing else."""

import pytest

from harness.engines import require_or_skip
from harness.lens import __main__ as lens

pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
pytest.importorskip("redis")


@pytest.mark.server
@pytest.mark.slow
def test_every_planted_problem_is_found_and_nothing_is_a_false_alarm(tmp_path, capsys):
    for engine in ("pg_stat_statements", "redis", "mariadb"):
        require_or_skip(engine)
    assert lens.main(["--keep", str(tmp_path)]) == 0, capsys.readouterr().out
    digest = (tmp_path / "digest.txt").read_text(encoding="utf-8")
    assert len(digest) <= 9_001
    waits = [line for line in digest.splitlines() if "metadata lock" in line]
    assert waits and "alter table currencies" in waits[0]
