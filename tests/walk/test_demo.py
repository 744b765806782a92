"""The demo on a real server: every planted problem is found, and none where there is none."""

import io
import json
import os
import re
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness import demo, demo_walk
from harness.publishing import readme
from harness.servers import browser
from harness.servers.engines import require_or_skip
from harness.servers.postgres import PostgresServer, postgres_server
from harness.shop.planted import GAINS, PROBLEMS
from tests.walk.report.page_questions import SIZES, VIOLATIONS

README = readme.README.read_text(encoding="utf-8")

pytest.importorskip("psycopg")
pytest.importorskip("jinja2")


@pytest.fixture(scope="module")
def installation():
    return require_or_skip("postgres")


@pytest.fixture(scope="module")
def loop(installation):
    """The shop as it was walked before its repair, and after it."""
    return demo_walk.repaired(installation)


@dataclass(frozen=True)
class Ran:
    """The demo as people call it: where it ran, what it printed, which servers it started."""

    code: int
    folder: Path
    out: str
    servers: list[PostgresServer]


@pytest.fixture(scope="module")
def ran(installation, tmp_path_factory):
    started = []

    @contextmanager
    def watched(*arguments, **options):
        with postgres_server(*arguments, **options) as server:
            started.append(server)
            yield server

    folder, out = tmp_path_factory.mktemp("demo"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out):
        patch.setattr(demo_walk, "postgres_server", watched)
        patch.chdir(folder)
        code = demo.main([])
    return Ran(code, folder, out.getvalue(), started)


def without_figures(text):
    return re.sub(r"[\d.,]+(ms)?", "N", re.sub(r" +", " ", text))


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_demo_finds_everything_and_leaves_only_its_report(installation, ran):
    assert ran.code == 0
    assert [path.name for path in sorted(ran.folder.iterdir())] == ["report.html", "report.md"]
    (server,) = ran.servers
    assert not server.directory.exists() and not is_running(server.pid)
    out = ran.out
    assert "NOT AS PLANTED" not in out
    assert "CAUSES, the most expensive first" in out
    report = (ran.folder / "report.md").read_text(encoding="utf-8")
    assert "## What is wrong" in report and "## Leads to judge" in report
    assert "Not listed: 1 pass" in report and " open" not in report.rpartition("Not listed")[2]
    if installation.has_pg_stat_statements:
        told = without_figures(readme.block(README))
        assert told.startswith(without_figures(readme.problems(out))), "run: make readme"


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.probe)
def test_each_planted_problem_is_found_with_its_evidence(problem, loop, installation):
    (found,) = (
        each
        for each in demo.found(loop.before, installation.has_pg_stat_statements)
        if each.problem == problem
    )
    assert found.is_as_planted, f"{found.verdict}: {found.reason}"


def test_without_pg_stat_statements_its_probes_are_unknown_and_say_why(installation):
    bare = replace(installation, has_pg_stat_statements=False)
    with demo_walk.started_walk(False, bare) as walk:
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
    with demo_walk.started_walk(True, installation) as walk:
        report = walk.report()
    failing = {r["probe"]: r["reason"] for r in demo.readings_of(report) if r["verdict"] == "fail"}
    assert failing == {}
    passed = {r["probe"] for r in demo.readings_of(report) if r["verdict"] == "pass"}
    assert {f"postgres/{p.probe}" for p in PROBLEMS if p.verdict == "fail"} <= passed


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_the_demo_stands_in_a_browser(width, theme, ran, open_page, axe):
    page = ran.folder / "report.html"
    open_page.open(page.as_uri(), browser.View(width, theme=theme))
    content, room = open_page.evaluate(SIZES)
    assert content <= room
    assert (open_page.complaints, open_page.requests) == ([], [page.as_uri()])
    assert open_page.evaluate("document.querySelectorAll('table.chart').length") > 0
    open_page.evaluate(axe + "; true")
    assert open_page.evaluate(VIOLATIONS) == []


def test_nothing_of_the_shops_rows_reaches_the_report(loop):
    assert "@example.org" not in json.dumps(loop.before)


def test_the_repairs_the_report_proposes_close_every_failure(loop):
    summary = loop.comparison["summary"]
    kinds = {kind: summary[kind] for kind in ("new", "unchanged", "lost")}
    assert kinds == {"new": 0, "unchanged": 0, "lost": 0}, loop.comparison["changes"]
    assert summary["fixed"] >= 6
    assert loop.after["summary"]["failures"] == 0


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.probe)
def test_each_planted_problem_is_gone_after_its_repair(problem, loop, installation):
    if problem.needs_statements and not installation.has_pg_stat_statements:
        pytest.skip("only pg_stat_statements shows it")
    (before,), (after,) = (
        [
            r["verdict"]
            for r in demo.readings_of(report)
            if r["probe"] == f"postgres/{problem.probe}"
        ][:1]
        for report in (loop.before, loop.after)
    )
    assert (before, after) == (problem.verdict, "pass")


@pytest.mark.parametrize("gain", GAINS, ids=lambda gain: gain.what)
def test_the_repairs_pay(gain, loop):
    """Far less than what they bring on an idle machine; a busy one must not fail the test."""
    (item,) = (item for item in loop.after["items"] if item["id"] == gain.item)
    assert item["ratio"] > 2, (item["before"], item["after"])
    assert f"measured `{item['before']}` → `{item['after']}`" in loop.comparison_text


def test_the_loop_is_told_problem_by_problem(loop, installation, capsys):
    assert demo._tell_loop(loop, installation)
    out = capsys.readouterr().out
    assert "STILL THERE" not in out
    assert all(problem.what in out for problem in PROBLEMS)
    assert all(gain.what in out for gain in GAINS)
    assert "walk.py compare: 0 new, " in out
    assert without_figures(readme.gains(out)) in without_figures(readme.block(README))
