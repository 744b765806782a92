"""Each probe of a statement log, on logs that real servers wrote."""

from __future__ import annotations

import json

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.sqllog.readers import readers
from backend_performance.diagnosis.sqllog.run import run_sqllog

from tests.diagnosis.sqllog.logged_servers import SECRET, Traffic

PLANTED = [
    ("n-plus-one", "n_plus_one"),
    ("repeated-statements", "repeated"),
    ("write-loops", "write_loop"),
]


def ask(file, **options):
    run = run_sqllog(file, **options)
    return {evidence.probe.partition("/")[2]: evidence for evidence in run.evidence} | {"run": run}


def text_of(found):
    return json.dumps([e.to_json() for e in found["run"].evidence] + [dict(found["run"].server)])


@pytest.mark.parametrize(
    ("suffix", "kind"), [("csv", "csvlog"), ("json", "jsonlog"), ("log", "stderr")]
)
@pytest.mark.parametrize(("probe", "traffic"), PLANTED)
def test_faults_are_found_in_postgresql_logs(postgres_log, tmp_path, suffix, kind, probe, traffic):
    planted = getattr(Traffic("postgres"), traffic)
    found = ask(postgres_log.record(suffix, planted, tmp_path / "a"))
    assert found["run"].server["format"] == kind
    assert found[probe].verdict == "fail", found[probe]
    assert found[probe].rows[0]["key"] == "transaction"
    assert 25 <= found[probe].rows[0]["repeats"] <= 26
    assert SECRET not in text_of(found)
    others = {name for name, _ in PLANTED} - {probe}
    assert {found[name].verdict for name in others} == {"pass"}


@pytest.mark.parametrize("suffix", ["csv", "json", "log"])
def test_batched_statements_pass_in_postgresql_logs(postgres_log, tmp_path, suffix):
    found = ask(postgres_log.record(suffix, Traffic("postgres").clean, tmp_path / "a"))
    assert {found[name].verdict for name, _ in PLANTED} == {"pass"}
    assert found["n-plus-one"].observed["statements"] >= 20


@pytest.mark.parametrize(("probe", "traffic"), PLANTED)
def test_faults_are_found_in_mariadbs_slow_log(mariadb_log, tmp_path, probe, traffic):
    planted = getattr(Traffic("mariadb"), traffic)
    found = ask(mariadb_log.record("slow", planted, tmp_path / "a"))
    assert found["run"].server["format"] == "slow"
    assert found[probe].verdict in ("fail", "judge"), found[probe]
    assert SECRET not in text_of(found)


@pytest.mark.parametrize(("probe", "traffic"), PLANTED)
def test_without_durations_a_fault_is_for_judgement(mariadb_log, tmp_path, probe, traffic):
    planted = getattr(Traffic("mariadb"), traffic)
    found = ask(mariadb_log.record("general", planted, tmp_path / "a"))
    assert found["run"].server["format"] == "general"
    assert found[probe].verdict == "judge", found[probe]
    assert found[probe].question
    assert found["time-by-statement"].verdict == "unknown"
    assert SECRET not in text_of(found)


@pytest.mark.parametrize("kind", ["slow", "general"])
def test_batched_statements_pass_in_mariadb_logs(mariadb_log, tmp_path, kind):
    found = ask(mariadb_log.record(kind, Traffic("mariadb").clean, tmp_path / "a"))
    assert {found[name].verdict for name, _ in PLANTED} == {"pass"}, found


def trace(number):
    return f" /*traceparent='00-{number:032x}-00f067aa0ba902b7-01'*/"


@pytest.mark.parametrize(("count", "verdict"), [(40, "fail"), (15, "judge")])
def test_statements_are_counted_by_request(postgres_log, tmp_path, count, verdict):
    def requests(connection):
        for number in range(6):
            Traffic("postgres", count, trace(number)).n_plus_one(connection)

    found = ask(postgres_log.record("csv", requests, tmp_path / "a"))
    assert found["statements-per-request"].verdict == verdict
    assert found["statements-per-request"].observed["statements_p95"] == count + 1
    assert found["n-plus-one"].rows[0]["key"] == "request"
    assert found["n-plus-one"].rows[0]["groups"] == 6


def test_lean_requests_pass(postgres_log, tmp_path):
    def requests(connection):
        for number in range(40):
            lean = Traffic("postgres", 3, trace(number))
            lean.run(connection, "select name from parents where id = %s", (number,))
            lean.run(connection, "select count(*) from children where id < %s", (number,))
            connection.commit()

    found = ask(postgres_log.record("csv", requests, tmp_path / "a"))
    assert found["statements-per-request"].verdict == "pass"
    assert found["n-plus-one"].verdict == "pass", "the same lookup in many requests is no loop"
    assert found["repeated-statements"].verdict == "pass"


def test_the_statement_that_takes_the_time_is_named(postgres_log, tmp_path):
    found = ask(postgres_log.record("csv", Traffic("postgres", 120).repeated, tmp_path / "a"))
    first = found["time-by-statement"]
    assert first.verdict == "judge"
    assert "parents" in first.rows[0]["query_untrusted"]


def test_time_that_no_statement_dominates_passes(tmp_path):
    line = (
        "[{n}] 2026-03-01 10:00:00.{n:03d} UTC [77] probe@shop LOG:  duration: 3.{n:03d} ms  "
        "statement: select name from item{kind} where id = {n}\n"
    )
    file = tmp_path / "postgresql.log"
    file.write_text("".join(line.format(n=n, kind=n % 8) for n in range(200)))
    found = ask(file)["time-by-statement"]
    assert found.verdict == "pass" and found.observed["timed"] == 200, found


def test_a_log_of_slow_statements_only_is_unknown(postgres_log, tmp_path):
    def slow(connection):
        for n in range(1, 26):
            Traffic("postgres").run(
                connection, f"select {n} as a{n}, pg_sleep(0.007) from parents where id = {n}"
            )

    found = ask(postgres_log.record("csv", slow, tmp_path / "a"))
    for name in ("n-plus-one", "write-loops", "repeated-statements"):
        assert found[name].verdict == "unknown"
        assert "only slow statements" in found[name].reason


def test_too_few_statements_are_unknown(postgres_log, tmp_path):
    def few(connection):
        Traffic("postgres").run(connection, "select id from parents where id = %s", (3,))

    found = ask(postgres_log.record("csv", few, tmp_path / "a"))
    verdicts = {e.verdict for e in found["run"].evidence}
    assert verdicts <= {"unknown", "not_applicable", "pass"}
    assert {found[name].verdict for name, _ in PLANTED} == {"unknown"}
    assert all("To find out" in found[name].reason for name, _ in PLANTED)


def test_autocommit_in_one_session_is_for_judgement(postgres_log, tmp_path):
    """Statements without transaction or request: close together is all that can be said."""

    def loop(connection):
        with postgres_log.connect(autocommit=True) as other:
            Traffic("postgres").n_plus_one(other)

    found = ask(postgres_log.record("csv", loop, tmp_path / "a"))["n-plus-one"]
    assert found.verdict == "judge"
    assert found.rows[0]["key"] == "session"


@pytest.mark.parametrize(
    "content", [b"", b"no log at all\n" * 50, b"\x00\xff" * 3000, b"{}\n" * 30, b'"' * 100_000]
)
def test_a_file_that_is_no_log_is_refused(tmp_path, content):
    file = tmp_path / "a.log"
    file.write_bytes(content)
    with pytest.raises(CannotRun, match="--format"):
        run_sqllog(file)


@pytest.mark.parametrize("kind", sorted(readers()))
def test_a_log_read_as_another_kind_is_unknown(tmp_path, kind):
    file = tmp_path / "a.log"
    file.write_bytes(b"something else altogether\n" * 100)
    verdicts = {e.verdict for e in run_sqllog(file, kind=kind).evidence}
    assert verdicts == {"unknown"}


def test_a_file_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(CannotRun, match="neither a regular file nor"):
        run_sqllog(tmp_path / "nothing")
    with pytest.raises(CannotRun, match="directory without files"):
        run_sqllog(tmp_path)


def test_time_is_bounded_and_says_how_far_it_came(postgres_log, tmp_path):
    file = postgres_log.record("csv", Traffic("postgres", 5).clean, tmp_path / "a")
    many = tmp_path / "many.csv"
    many.write_bytes(file.read_bytes() * 2000)
    server = run_sqllog(many, timeout=0.2).server
    assert 0 < server["read_pct"] < 100


@pytest.mark.slow
def test_memory_is_bounded_whatever_the_log_holds():
    """More sessions, statements and requests than are kept."""
    from backend_performance.diagnosis.sqllog import groups, statement
    from backend_performance.diagnosis.sqllog.event import Event

    grouping = groups.Grouping(groups.Repeats(), groups.MIN_ALONE)
    tokenizer = statement.Tokenizer("postgres")
    for n in range(30_000):
        text = f"select a from t{n} where id = {n} /* request_id:abcdef{n} */"
        grouping.add(Event(session=f"s{n}", text=text, at=float(n), ms=0.1), tokenizer.read(text))
        assert len(grouping._open) <= groups.MAX_OPEN
    same = Event(session="one", text="select a from t", at=1e6, ms=0.1)
    for _ in range(10_000):
        grouping.add(same, tokenizer.read(same.text))
    longest = max(len(group.entries) for group in grouping._open.values())
    assert longest <= groups.MAX_LENGTH
    assert len(tokenizer.shapes) <= statement.MAX_SHAPES + 4


def test_the_log_is_left_as_it_was(postgres_log, tmp_path):
    file = postgres_log.record("csv", Traffic("postgres", 5).clean, tmp_path / "a")
    before = (file.stat().st_mtime_ns, file.stat().st_mode, file.read_bytes())
    file.chmod(0o444)
    run_sqllog(file)
    file.chmod(before[1] & 0o777)
    assert (file.stat().st_mtime_ns, file.stat().st_mode, file.read_bytes()) == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]
