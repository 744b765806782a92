"""The demo on a real server: every planted problem is found, and none where there is none."""

import json
import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from harness import demo
from harness.engines import require_or_skip
from harness.postgres_server import postgres_server
from harness.shop.planted import PROBLEMS

pytest.importorskip("psycopg")


@pytest.fixture(scope="module")
def installation():
    return require_or_skip("postgres")


@pytest.fixture(scope="module")
def shop_report(installation):
    with demo.started_walk(False, installation) as walk:
        yield walk.report()


@pytest.fixture
def servers(monkeypatch):
    """Return the servers that the demo starts, in a list that fills as it does."""
    started = []

    @contextmanager
    def watched(*arguments, **options):
        with postgres_server(*arguments, **options) as server:
            started.append(server)
            yield server

    monkeypatch.setattr(demo, "postgres_server", watched)
    return started


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_demo_finds_everything_and_leaves_only_its_report(
    installation, servers, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert demo.main([]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]
    (server,) = servers
    assert not server.directory.exists() and not is_running(server.pid)
    out = capsys.readouterr().out
    assert "NOT AS PLANTED" not in out
    assert "Findings, worst first" in out
    report = Path("report.md").read_text(encoding="utf-8")
    assert "## Findings" in report and "## To judge" in report
    assert "## Not looked at yet" not in report, "every item was walked"


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.probe)
def test_each_planted_problem_is_found_with_its_evidence(problem, shop_report, installation):
    (found,) = (
        each
        for each in demo.found(shop_report, installation.has_pg_stat_statements)
        if each.problem == problem
    )
    assert found.is_as_planted, f"{found.verdict}: {found.reason}"


def test_without_pg_stat_statements_its_probes_are_unknown_and_say_why(installation):
    bare = replace(installation, has_pg_stat_statements=False)
    with demo.started_walk(False, bare) as walk:
        report = walk.report()
    assert all(each.is_as_planted for each in demo.found(report, has_statements=False))
    unknown = {
        reading["probe"]: reading["reason"]
        for reading in demo.readings_of(report)
        if reading["verdict"] == "unknown" and "pg_stat_statements" in reading["reason"]
    }
    assert {"postgres/n-plus-one-suspects", "postgres/statements-by-total-time"} <= set(unknown)
    assert all("CREATE EXTENSION" in reason for reason in unknown.values())


def test_a_clean_shop_of_the_same_shape_shows_no_failure(installation):
    with demo.started_walk(True, installation) as walk:
        report = walk.report()
    failing = {r["probe"]: r["reason"] for r in demo.readings_of(report) if r["verdict"] == "fail"}
    assert failing == {}
    passed = {r["probe"] for r in demo.readings_of(report) if r["verdict"] == "pass"}
    assert {f"postgres/{p.probe}" for p in PROBLEMS if p.verdict == "fail"} <= passed


def test_nothing_of_the_shops_rows_reaches_the_report(shop_report):
    assert "@example.org" not in json.dumps(shop_report)


def test_the_repairs_the_report_proposes_close_every_failure(installation):
    comparison = demo.repaired(installation)
    kinds = {kind: comparison["summary"][kind] for kind in ("new", "unchanged", "lost")}
    assert kinds == {"new": 0, "unchanged": 0, "lost": 0}, comparison["changes"]
    assert comparison["summary"]["fixed"] >= 6
