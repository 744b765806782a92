"""What servers write: slow logs, translated messages, fetches, audit records."""

from __future__ import annotations

import pytest

from tests.diagnosis.sqllog import written_logs as logs
from tests.diagnosis.sqllog.asking import ask, postgres

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


def test_audit_records_are_statements(tmp_path):
    records = (
        f'AUDIT: SESSION,{n},1,READ,SELECT,,,"SELECT * FROM ""book"" WHERE id = {n}",<not logged>'
        for n in range(30)
    )
    server, _ = ask(tmp_path, postgres(records))
    assert (server["statements"], server["different_statements"]) == (30, 1)
