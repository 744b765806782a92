"""Logs of object-relational mappers: every statement is read, once, with its time."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis.sqllog.readers import readers
from backend_performance.diagnosis.sqllog.run import run_sqllog
from backend_performance.diagnosis.trouble import CannotRun

from tests.diagnosis.sqllog.application_logs import CASES, LOGS

COUNT = 30
LOOPS = ("n-plus-one", "repeated-statements", "write-loops")


def ask(tmp_path, text, **options):
    file = tmp_path / "development.log"
    file.write_text(text, "utf-8")
    run = run_sqllog(file, **options)
    return run.server, {one.probe.partition("/")[2]: one for one in run.evidence}


def loop(name: str, number: int) -> str:
    text = LOGS[name][number][0]
    return "\n".join(text.format(n=n) for n in range(COUNT)) + "\n"


@pytest.mark.parametrize(("name", "number"), CASES)
def test_each_statement_is_read_once_with_its_time(tmp_path, name, number):
    server, found = ask(tmp_path, loop(name, number))
    assert server["format"] == name or name == "drizzle", server
    assert (server["statements"], server["different_statements"]) == (COUNT, 1), server
    assert server["lines_understood"] == server["lines"]
    ms = LOGS[name][number][1]
    first = found["time-by-statement"].observed["timed"]
    assert first == (COUNT if ms is not None else 0)
    if ms and found["time-by-statement"].rows:
        assert found["time-by-statement"].rows[0]["mean_ms"] == pytest.approx(ms, abs=0.01)
    looped = [found[probe].verdict for probe in LOOPS]
    assert "judge" in looped or "fail" in looped


def test_every_application_s_format_is_tried():
    formats = {name for name, reader in readers().items() if reader.application}
    assert formats == set(LOGS)


def test_what_rails_takes_from_its_cache_is_no_statement(tmp_path):
    cached = "  CACHE Book Load (0.0ms)  SELECT `books`.* FROM `books` WHERE `books`.`id` = 7\n"
    server, _ = ask(tmp_path, loop("rails", 1) + cached * 9)
    assert server["statements"] == COUNT


def test_other_lines_of_an_application_are_understood_and_other_sql_is_not(tmp_path):
    others = 'Started GET "/books" for 127.0.0.1\nCompleted 200 OK in 40ms\n' * 50
    server, found = ask(tmp_path, loop("rails", 0) + others)
    assert server["lines_understood"] == server["lines"]
    strange = "some driver ran select id from book where shelf = 7\n" * 200
    server, found = ask(tmp_path, loop("rails", 0) + strange)
    assert server["lines"] - server["lines_understood"] == 200
    assert found["write-loops"].verdict == "unknown", "most of the log was not understood"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (
            '  Book Load (1.0ms)  SELECT "books".* FROM "books" WHERE "books"."id" = $1\n',
            "postgres",
        ),
        ("  Book Load (1.0ms)  SELECT `books`.* FROM `books` WHERE `books`.`id` = 1\n", "mysql"),
        ("  Book Load (1.0ms)  SELECT books.* FROM books WHERE books.id = 1\n", "any"),
    ],
)
def test_the_dialect_is_told_by_the_quotes_or_said_to_be_unclear(tmp_path, text, dialect):
    server, _ = ask(tmp_path, text * 30)
    assert server["dialect"] == dialect
    assert ("dialect unclear" in server["recognised"]) is (dialect == "any")


def test_a_request_in_the_log_holds_its_statements_together(tmp_path):
    lines = []
    for request in range(8):
        tag = f"[0000000{request}-1111-4222-8333-444455556666]"
        lines += [f"{tag}   Shelf Load (1.0ms)  SELECT `shelves`.* FROM `shelves`"]
        lines += [
            f"{tag}   Book Load (9.0ms)  SELECT `books`.* FROM `books` WHERE `shelf_id` = {n}"
            for n in range(8)
        ]
    _, found = ask(tmp_path, "\n".join(lines) + "\n")
    assert found["n-plus-one"].verdict == "fail"
    assert found["n-plus-one"].rows[0]["key"] == "request"
    assert found["statements-per-request"].observed["statements_p50"] == 9


LOOKUP = 'SELECT "public"."Track"."id" FROM "public"."Track" WHERE "public"."Track"."id" = $1'
BOOK = '(0.001) SELECT "b"."id"\n    FROM "b"\n    WHERE "b"."id" = {n}; args=({n},)'
CONSOLE = '  Genre Load (0.8ms)  SELECT "genres".* FROM "genres" WHERE "genres"."id" = {n}'


@pytest.mark.parametrize(
    ("statement", "others"),
    [
        (f"prisma:query {LOOKUP}", [" GET /tracks/12/edit 200 in 5320ms", "5:55:33 PM [INFO] up"]),
        (BOOK, ["<QuerySet [", "    {'id': 1, 'name': 'Book1'},", ">>> book(8)"]),
        (CONSOLE, ["=> nil", "irb(main):024:0> count"]),
    ],
    ids=["a server of pages", "a shell of Python", "a console of Ruby"],
)
def test_what_an_application_prints_after_a_statement_is_no_part_of_it(tmp_path, statement, others):
    text = "\n".join("\n".join([statement.format(n=n), *others]) for n in range(COUNT))
    server, found = ask(tmp_path, text + "\n")
    assert (server["statements"], server["different_statements"]) == (COUNT, 1)
    shown = found["time-by-statement"].rows
    assert not shown or shown[0]["mean_ms"] < 1


def test_ten_in_a_row_are_told_of_an_application_and_not_of_a_server(tmp_path):
    """Behind a pool a session of a server serves many requests, one after the other."""
    line = "(0.001) SELECT b.id FROM b WHERE b.id = {n}; args=({n},)"
    _, found = ask(tmp_path, "\n".join(line.format(n=n) for n in range(12)) + "\n")
    assert found["n-plus-one"].verdict == "judge"
    logged = (
        "2026-03-01 10:00:00.{n:03} UTC [7] LOG:  duration: 1.0 ms  statement: SELECT {n} FROM b"
    )
    _, found = ask(tmp_path, "\n".join(logged.format(n=n) for n in range(12)) + "\n")
    assert found["n-plus-one"].verdict == "unknown"


def test_parameters_that_are_hidden_are_not_the_same_parameters(tmp_path):
    text = (
        "[16:28:35 INF] Executed DbCommand (6ms) [Parameters=[@id='?' (DbType = Guid)], "
        "CommandType='Text', CommandTimeout='30']\nSELECT p.\"Id\"\nFROM \"Products\" AS p\n"
        'WHERE p."Id" = @id\n'
    )
    _, found = ask(tmp_path, text * COUNT)
    assert found["n-plus-one"].rows[0]["parameters"] == "unknown"
    assert found["repeated-statements"].verdict != "judge"


def test_prose_that_names_a_framework_is_not_its_log(tmp_path):
    text = "Hibernate:\nIt loads each author for itself.\norg.hibernate.SQL\n"
    with pytest.raises(CannotRun, match="no statement follows"):
        ask(tmp_path, text)
