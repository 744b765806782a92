"""What people have: logs in every wrapping and with every prefix, and the right value of each."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest
from backend_performance.diagnosis.sqllog.run import run_sqllog

from tests.diagnosis.sqllog import written_logs as logs


def ask(tmp_path, text, **options):
    file = tmp_path / "some.log"
    file.write_text(text, "utf-8")
    run = run_sqllog(file, **options)
    return run.server, {one.probe.partition("/")[2]: one for one in run.evidence}


PREFIXES = [
    "%m [%p] ",
    "%t %p ",
    "%t [%p-%l] %q%u@%d ",
    "%t:%r:%u@%d:[%p]:",
    "%t-%c-",
    "%m [%p][%v] : [%l-1] %q[app=%a] ",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%m %r %u %a [%c] [%p] ",
    "pid=%p,user=%u,db=%d,app=%a,client=%h ",
    "%p-%s-%c-%l-%h-%u-%d-%m ",
    "<%m %p>",
    "%m|%p|",
    "%n %p %l ",
    "%m;%u;%d;%h;%p;%l;",
    "[%l-1] %t [%p] ",
    "%l %m %p %x ",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("given", [False, True])
def test_the_session_is_found_in_any_prefix(tmp_path, prefix, given):
    server, found = ask(tmp_path, logs.prefixed(prefix), prefix=prefix if given else None)
    assert (server["sessions"], server["lines_understood"]) == ("known", server["lines"])
    assert found["n-plus-one"].verdict == "fail"
    assert found["n-plus-one"].rows[0]["repeats"] == logs.LOOP


@pytest.mark.parametrize("prefix", ["%t ", "", "%m [%l] ", "user=%u,db=%d ", "%h %u "])
def test_without_a_session_a_loop_is_unknown(tmp_path, prefix):
    server, found = ask(tmp_path, logs.prefixed(prefix))
    assert server["sessions"] == "unknown" and server["statements"] == len(logs.traffic())
    for name in ("n-plus-one", "repeated-statements", "write-loops"):
        assert found[name].verdict == "unknown", found[name]
        assert "session" in found[name].reason


@pytest.mark.parametrize("name", logs.ENVELOPES)
def test_a_log_is_read_in_any_envelope(tmp_path, name):
    server, found = ask(tmp_path, logs.ENVELOPES[name]())
    assert server["statements"] == len(logs.traffic()), server
    assert server["lines_understood"] == server["lines"]
    assert found["n-plus-one"].verdict == "fail", found["n-plus-one"]
    assert found["n-plus-one"].rows[0]["repeats"] == logs.LOOP
    assert (
        found["time-by-statement"].rows[0]["query_untrusted"]
        == "select * from book where shelf = ?"
    )


def test_spans_are_grouped_by_their_trace(tmp_path):
    server, found = ask(tmp_path, logs.otlp())
    assert (server["format"], server["statements"]) == ("spans", 36)
    assert found["n-plus-one"].verdict == "fail"
    assert found["n-plus-one"].rows[0]["key"] == "request"
    assert found["n-plus-one"].rows[0]["groups"] == 3
    assert found["time-by-statement"].rows[0]["mean_ms"] == pytest.approx(6.1)


SLOW_HEADS = {
    "TiDB": lambda n: (
        f"# Time: 2024-03-01T10:00:{n % 60:02}.{n:06}+08:00\n# Txn_start_ts: 41045{n}\n"
        "# User@Host: lib[lib] @ web [10.0.0.4]\n# Conn_ID: 30\n# Query_time: 1.5\n"
        "# DB: library\n# Succ: true\nuse library;"
    ),
    "Percona": lambda n: (
        f"# Time: 090725 11:19:{n % 60:02}\n# User@Host: lib[lib] @ web [10.0.0.4]\n"
        "# Thread_id: 1  Schema: library  QC_hit: No\n"
        "# Query_time: 1.500000  Lock_time: 0.000001  Rows_sent: 0  Rows_examined: 62951"
    ),
    "MySQL 8": lambda n: (
        f"# Time: 2024-03-01T10:00:{n % 60:02}.000001Z\n"
        "# User@Host: lib[lib] @ web [10.0.0.4]  Id:     8\n"
        "# Query_time: 1.500000  Lock_time: 0.000001 Rows_sent: 0  Rows_examined: 62951\n"
        f"SET timestamp={1709287200 + n};"
    ),
    "MariaDB": lambda n: (
        f"# Time: 240301 10:00:{n % 60:02}\n# User@Host: lib[lib] @ web [10.0.0.4]\n"
        "# Thread_id: 8  Schema: library  QC_hit: No\n"
        "# Query_time: 1.5  Lock_time: 0.000001  Rows_sent: 0  Rows_examined: 62951\n"
        "# Rows_affected: 0  Bytes_sent: 86\n"
        f"use library;\nSET timestamp={1709287200 + n};"
    ),
    "no time": lambda n: (
        "# User@Host: lib[lib] @ web [10.0.0.4]\n"
        "# Query_time: 1.5  Lock_time: 0.000001  Rows_sent: 0  Rows_examined: 62951"
    ),
}


@pytest.mark.parametrize("name", SLOW_HEADS)
def test_slow_logs_of_all_servers_are_read(tmp_path, name):
    server, found = ask(tmp_path, logs.slow(SLOW_HEADS[name]))
    assert server["statements"] == 120 and server["different_statements"] == 1
    assert found["time-by-statement"].rows[0]["total_ms"] == 180_000
    assert found["time-by-statement"].rows[0]["share_pct"] == 100


def postgres(statements):
    return "".join(
        f"2024-03-01 10:{n // 60:02}:{n % 60:02}.000 UTC [2030] lib@library LOG:  {text}\n"
        for n, text in enumerate(statements)
    )


def test_function_calls_and_commits_have_their_place_in_the_shares(tmp_path):
    calls = ["duration: 35.1 ms  statement: SELECT fine_of(7)"] * 200
    reads = ["duration: 0.3 ms  statement: SELECT * FROM book WHERE id = 7"] * 120
    server, found = ask(tmp_path, postgres(calls + reads))
    assert server["statements"] == 320
    assert found["time-by-statement"].rows[0]["share_pct"] == 99.5
    writes = [
        "duration: 0.4 ms  statement: UPDATE book SET n = 1",
        "duration: 40 ms  statement: COMMIT",
    ]
    _, found = ask(tmp_path, postgres(writes * 300))
    first = found["time-by-statement"].rows[0]
    assert (first["query_untrusted"], first["share_pct"]) == ("commit", 99.0)


def test_fetches_of_one_portal_are_one_statement(tmp_path):
    sql = "SELECT id, body FROM book WHERE shelf = $1"
    fetches = [f"duration: 6.1 ms  execute fetch from S_1/C_2: {sql}"] * 29
    lines = [
        "duration: 0.05 ms  execute <unnamed>: BEGIN",
        f"duration: 6.1 ms  execute S_1/C_2: {sql}",
    ]
    server, found = ask(tmp_path, postgres(lines + fetches))
    assert server["statements"] == 2
    assert found["repeated-statements"].verdict != "fail"
    first = found["time-by-statement"].rows[0]
    assert (first["calls"], first["total_ms"]) == (1, 183.0)


def test_a_driver_s_parse_and_bind_are_no_statements(tmp_path):
    sql = "SELECT id FROM book WHERE shelf = $1"
    each = [f"duration: 0.1 ms  {kind} <unnamed>: {sql}" for kind in ("parse", "bind", "execute")]
    server, _ = ask(tmp_path, postgres(each * 10))
    assert server["statements"] == 10


LANGUAGES = {
    "de": "Dauer: 6.100 ms  Anweisung: ",
    "fr": "durée : 6.100 ms, instruction : ",
    "es": "duración: 6.100 ms  sentencia: ",
    "ru": "продолжительность: 6.100 мс, оператор: ",
    "ja": "期間: 6.100 ミリ秒  文: ",
    "zh": "执行时间: 6.100 ms 语句: ",
    "sv": "varaktighet: 6.100 ms  sats: ",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translated_messages_are_read(tmp_path, language):
    text = LANGUAGES[language]
    server, found = ask(
        tmp_path, postgres(f"{text}SELECT * FROM book WHERE id = {n}" for n in range(40))
    )
    assert (server["statements"], server["lines_understood"]) == (40, 40)
    assert found["time-by-statement"].rows[0]["total_ms"] == 244.0


def test_messages_in_an_unknown_language_are_counted_as_not_understood(tmp_path):
    unknown = postgres(f"trwałość: 6.100 ms  zdanie: SELECT {n} FROM book" for n in range(40))
    server, found = ask(tmp_path, unknown)
    assert (server["lines"], server["lines_understood"]) == (40, 0)
    assert "0 of 40 lines understood; the rest begin with" in server["recognised"]
    assert {one.verdict for one in found.values()} == {"unknown"}


def test_lock_waits_name_the_holder(tmp_path):
    lines = []
    for n in range(20):
        head = f"2024-03-01 10:00:{n:02}.000 UTC [2030] lib@library "
        lines += [
            f"2024-03-01 10:00:{n:02}.000 UTC [2044] LOG:  duration: 1.0 ms  statement: "
            f"UPDATE book SET n = 2 WHERE id = {n}",
            head
            + f"LOG:  process 2030 still waiting for ShareLock on transaction {n} after 1000.1 ms",
            head + "DETAIL:  Process holding the lock: 2044. Wait queue: 2030.",
            head + 'CONTEXT:  while updating tuple (0,1) in relation "book"',
            head + f"STATEMENT:  UPDATE book SET n = 1 WHERE id = {n}",
            head + f"LOG:  process 2030 acquired ShareLock on transaction {n} after 5000.5 ms",
            head + f"STATEMENT:  UPDATE book SET n = 1 WHERE id = {n}",
        ]
    _, found = ask(tmp_path, "\n".join(lines) + "\n")
    waits = found["lock-waits"]
    assert waits.verdict == "judge"
    row = waits.rows[0]
    assert (row["waits"], row["wait_ms"], row["holder_pid"]) == (20, 100_010, 2044)
    assert row["lock"] == "ShareLock-on-transaction-of-book"
    assert row["holder_query_untrusted"] == "update book set n = ? where id = ?"


def test_lock_time_and_rows_examined_are_judged(tmp_path):
    entry = (
        "# Time: 2024-03-01T10:00:{n:02}.000001Z\n# User@Host: lib[lib] @ web [10.0.0.4]  Id: {n}\n"
        "# Query_time: 5.0  Lock_time: {lock} Rows_sent: 1  Rows_examined: {rows}\n{sql};\n"
    )
    waits = "".join(
        entry.format(n=n, lock=4.9, rows=1, sql="UPDATE stock SET n = 1") for n in range(50)
    )
    reads = "".join(
        entry.format(n=n, lock=0.0, rows=90_000, sql="SELECT * FROM stock") for n in range(9)
    )
    _, found = ask(tmp_path, waits + reads)
    assert found["lock-time"].verdict == "judge"
    assert found["lock-time"].rows[0]["lock_pct"] == 98.0
    assert found["rows-examined"].rows[0]["examined_per_row"] == 90_000
    assert found["lock-waits"].verdict == "not_applicable"


def test_temporary_files_belong_to_the_statement_that_wrote_them(tmp_path):
    head = "2024-03-01 10:00:00.000 UTC [2030] lib@library "
    path = 'temporary file: path "base/pgsql_tmp/pgsql_tmp2030.0", size 90000000'
    lines = [
        f"{head}LOG:  {path}",
        f"{head}STATEMENT:  SELECT * FROM book ORDER BY body",
        f"{head}LOG:  {path}",
        f"{head}LOG:  duration: 900.0 ms  statement: SELECT * FROM book ORDER BY body",
    ]
    _, found = ask(tmp_path, "\n".join(lines))
    assert found["temporary-files"].verdict == "judge"
    assert (found["temporary-files"].rows[0]["files"], found["temporary-files"].rows[0]["mb"]) == (
        2,
        180,
    )


def test_a_stampede_is_a_burst_of_many_sessions(tmp_path):
    line = (
        "2024-03-01 10:00:{s:02}.{n:03} UTC [{pid}] LOG:  duration: 400.0 ms  statement: "
        "SELECT sum(n) FROM book\n"
    )
    calm = "".join(line.format(s=s, n=1, pid=2000) for s in range(40))
    _, found = ask(tmp_path, calm)
    assert found["bursts"].verdict == "pass"
    _, found = ask(
        tmp_path, calm + "".join(line.format(s=50, n=400 + n, pid=2000 + n) for n in range(30))
    )
    assert found["bursts"].verdict == "judge"
    assert (found["bursts"].rows[0]["in_a_second"], found["bursts"].rows[0]["from_sessions"]) == (
        30,
        30,
    )


def test_minutes_beside_a_checkpoint_are_named(tmp_path):
    lines = []
    for minute in range(20):
        ms = 90.0 if minute == 11 else 10.0
        head = f"2024-03-01 10:{minute:02}:30.000 UTC [2030] "
        lines += [f"{head}LOG:  duration: {ms} ms  statement: SELECT * FROM book WHERE id = 7"] * 30
        if minute == 11:
            lines.append(
                f"{head}LOG:  checkpoint complete: wrote 9 buffers (0.1%); write=20.1 s, "
                "sync=0.2 s, total=25.300 s; sync files=1"
            )
    _, found = ask(tmp_path, "\n".join(lines) + "\n")
    assert found["slow-minutes"].verdict == "judge"
    assert found["slow-minutes"].rows[0]["beside"] == "checkpoint"
    assert found["slow-minutes"].rows[0]["times_usual"] == 9


def test_plans_that_changed_are_found(tmp_path):
    def plan(n, ms, node):
        return (
            f"2024-03-01 10:00:{n:02}.000 UTC [2030] LOG:  duration: {ms} ms  plan:\n"
            f"\tQuery Text: SELECT * FROM book\n\tWHERE id = {n}\n"
            f"\t{node}  (cost=0.29..8.31 rows=1 width=4)\n\t  Index Cond: (id = {n})\n"
        )

    text = "".join(plan(n, 1.0, "Index Scan using book_pkey on book") for n in range(9))
    text += "".join(plan(n + 10, 400.0, "Seq Scan on book") for n in range(3))
    server, found = ask(tmp_path, text)
    assert server["statements"] == 12
    assert found["changed-plans"].verdict == "judge"
    row = found["changed-plans"].rows[0]
    assert (row["plans"], row["query_untrusted"]) == (2, "select * from book where id = ?")


def test_cancelled_statements_are_named(tmp_path):
    head = "2024-03-01 10:00:00.000 UTC [2030] lib@library "
    error = "ERROR:  canceling statement due to statement timeout"
    text = f"{head}{error}\n{head}STATEMENT:  SELECT 7 FROM book\n"
    _, found = ask(tmp_path, text * 3)
    assert found["cancelled-statements"].verdict in ("judge", "unknown")
    _, found = ask(tmp_path, text * 3 + postgres(["duration: 1 ms  statement: SELECT 1 FROM a"]))
    assert found["cancelled-statements"].rows[0]["cancelled"] == 3


def test_audit_records_are_statements(tmp_path):
    records = (
        f'AUDIT: SESSION,{n},1,READ,SELECT,,,"SELECT * FROM ""book"" WHERE id = {n}",<not logged>'
        for n in range(30)
    )
    server, _ = ask(tmp_path, postgres(records))
    assert (server["statements"], server["different_statements"]) == (30, 1)


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le")]
)
def test_packed_and_utf_16_files_are_read(tmp_path, pack):
    file = tmp_path / "some.log"
    file.write_bytes(pack(logs.prefixed("%m [%p] ").encode()))
    assert run_sqllog(file).server["statements"] == len(logs.traffic())


def test_zstandard_is_read(tmp_path):
    zstandard = pytest.importorskip("zstandard")
    file = tmp_path / "some.log.zst"
    file.write_bytes(zstandard.ZstdCompressor().compress(logs.prefixed("%m [%p] ").encode()))
    assert run_sqllog(file).server["statements"] == len(logs.traffic())


def test_a_directory_is_read_whole_and_one_log_once(tmp_path):
    half = logs.prefixed("%m [%p] ").splitlines(keepends=True)
    (tmp_path / "postgresql-1.log").write_text("".join(half[:20]))
    (tmp_path / "postgresql-2.log.gz").write_bytes(gzip.compress("".join(half[20:]).encode()))
    (tmp_path / "readme.txt").write_text("nothing\n" * 30)
    server = run_sqllog(tmp_path).server
    assert server["statements"] == len(logs.traffic())
    assert server["passed_over"] == ["readme.txt"]


def test_standard_input_is_read(tmp_path, monkeypatch):
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(logs.prefixed("%m [%p] ").encode()))

    monkeypatch.setattr(sys, "stdin", Stdin())
    from backend_performance.diagnosis.sqllog.source import STDIN

    assert run_sqllog(STDIN).server["statements"] == len(logs.traffic())


def test_what_was_not_read_is_said_first_and_nothing_passes(tmp_path):
    text = logs.prefixed("%m [%p] ") * 400
    file = tmp_path / "some.log"
    file.write_text(text)
    run = run_sqllog(file, timeout=0.001)
    assert run.server["read_pct"] < 100
    assert {one.verdict for one in run.evidence} <= {"fail", "judge", "unknown", "not_applicable"}
    failed = [one for one in run.evidence if one.verdict == "fail"]
    assert failed and all(one.reason.startswith("in the first") for one in failed)


def test_parts_read_side_by_side_add_up_to_the_whole(tmp_path, monkeypatch):
    from pathlib import Path

    from backend_performance.diagnosis.sqllog import reading

    file = tmp_path / "some.log"
    file.write_text(logs.prefixed("%m [%p] ") * 60)
    whole = run_sqllog(file)
    monkeypatch.setattr(reading, "PART", file.stat().st_size // 4)
    parts = reading.cut(Path(file), reading.format_of(file, {}), float("inf"))
    assert len(parts) > 2
    cut = run_sqllog(file)
    for name in ("statements", "lines", "lines_understood", "different_statements", "bytes"):
        assert cut.server[name] == whole.server[name]
    ranking = [
        [(row["query_untrusted"], row["calls"], row["total_ms"]) for row in one.rows]
        for run in (whole, cut)
        for one in run.evidence
        if one.probe == "sqllog/time-by-statement"
    ]
    assert ranking[0] == ranking[1]
    assert json.dumps(cut.server)
