"""One statement as the frameworks of Go and Rust, and records in JSON write it."""

# ruff: noqa: E501 - the lines are data

from __future__ import annotations

LOGS: dict[str, list[tuple[str, float | None]]] = {
    "gorm": [
        (
            '(/srv/books/store.go:98) \n[2024-03-01 10:00:00]  [4.10ms]  SELECT * FROM "books"  WHERE "books"."shelf_id" = {n}  \n[3 rows affected or returned ] \n\n',
            4.1,
        ),
        (
            "2024/03/01 10:00:00 /srv/books/store.go:98 record not found\n[4.100ms] [rows:0] SELECT * FROM `books` WHERE `books`.`shelf_id` = {n} LIMIT 1",
            4.1,
        ),
        (
            "\n2024/03/01 10:00:00 /app/main.go:12\n[4.100ms] [rows:3] SELECT * FROM `books` WHERE "
            "shelf_id = {n}",
            4.1,
        ),
        (
            "2024/03/01 10:00:00 \x1b[32m/app/main.go:12\n\x1b[0m\x1b[33m[4.100ms] \x1b[34;1m[rows:1]"
            '\x1b[0m SELECT * FROM "books" WHERE "shelf_id" = {n}',
            4.1,
        ),
    ],
    "go-sql": [
        (
            "[xorm] [info]  2024/03/01 10:00:00.1 [SQL] SELECT `id` FROM `book` WHERE (id=?) [{n}] - 4.1ms",
            4.1,
        ),
        ('[bun]  10:00:00.{n:03}   SELECT                4.1ms  SELECT "b"."id" FROM "book"', 4.1),
        (
            "2024/03/01 10:00:00 driver.Query: query=SELECT `id` FROM `book` WHERE `id` = ? args=[{n}]",
            None,
        ),
    ],
    "sqlx": [
        (
            "DEBUG sqlx::query: SELECT id FROM book WHERE shelf = $1 /* {n} */; rows affected: 0, rows returned: 3, elapsed: 4.100ms",
            4.1,
        ),
        (
            '2024-03-01T10:00:00.{n:06}Z DEBUG sqlx::query: summary="SELECT id FROM book …" '
            'db.statement="\\n\\nSELECT\\n  id\\nFROM\\n  \\"book\\"\\nWHERE\\n  shelf = $1\\n" '
            "rows_affected=0 rows_returned=3 elapsed=4.1ms elapsed_secs=0.0041",
            4.1,
        ),
        (
            '2024-03-01T10:00:00.{n:06}Z DEBUG sqlx::query: summary="SELECT id FROM book" '
            'db.statement="" rows_affected=0 rows_returned=3 elapsed=410.5µs',
            0.4105,
        ),
        (
            "[2024-03-01T10:00:00Z DEBUG sqlx::query] SELECT id FROM book; rows: 3, elapsed: 4.1ms",
            4.1,
        ),
    ],
    "structured": [
        (
            '{{"timestamp":"2024-03-01T10:00:00.{n:06}Z","level":"DEBUG","fields":{{"summary":"SELECT id FROM book …","db.statement":"\\n\\nSELECT id FROM book WHERE shelf = {n}\\n","rows_returned":3,"elapsed":"4.1ms","elapsed_secs":0.0041}},"target":"sqlx::query"}}',
            4.1,
        ),
        (
            '{{"level":20,"time":1709287200{n:03},"sql":"SELECT id FROM book WHERE shelf = ?","duration":4.1,"bindings":[{n}]}}',
            4.1,
        ),
        (
            '{{"level":"debug","ts":1709287200.{n:03},"msg":"Query","query":"SELECT id FROM book WHERE '
            'shelf = $1","args":[{n}],"elapsed_ms":4.1}}',
            4.1,
        ),
    ],
}
