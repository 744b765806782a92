"""What a log knows besides time: waits, temporary files, bursts, plans, minutes."""

from __future__ import annotations

from tests.diagnosis.sqllog.asking import ask, postgres


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
