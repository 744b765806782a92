"""One statement as the frameworks of Ruby, Python, PHP and Elixir write it."""

# ruff: noqa: E501 - the lines are data

from __future__ import annotations

LOGS: dict[str, list[tuple[str, float | None]]] = {
    "rails": [
        (
            '2024-03-01 10:00:00.{n:06} D [74:puma srv tp 004] (4.1ms) ActiveRecord -- Book Load -- {{ :sql => "SELECT \\"books\\".* FROM \\"books\\" WHERE \\"books\\".\\"shelf_id\\" = $1", :binds => {{ :shelf_id => {n} }}, :allocations => 1, :cached => nil }}',
            4.1,
        ),
        (
            'D, [2024-03-01T10:00:00.{n:06} #12] DEBUG -- :   Book Load (4.1ms)  SELECT "books".* '
            'FROM "books" WHERE "books"."shelf_id" = $1 LIMIT $2  [["shelf_id", {n}], ["LIMIT", 1]]',
            4.1,
        ),
        (
            "  \x1b[1m\x1b[36mBook Load (4.1ms)\x1b[0m  \x1b[1m\x1b[34mSELECT `books`.* FROM `books` "
            "WHERE `books`.`shelf_id` = {n}\x1b[0m\n  ↳ app/models/shelf.rb:7:in `each'",
            4.1,
        ),
        ("   (4.1ms)  SELECT COUNT(*) FROM `books` WHERE `books`.`shelf_id` = {n}", 4.1),
    ],
    "sequel": [("I, [2024-03-01] INFO -- : (0.004100s) SELECT * FROM books WHERE id = {n}", 4.1)],
    "django": [
        (
            "(0.004) \n            SELECT\n                b.id,\n                CASE\n                    WHEN b.lost THEN 1\n                END\n            FROM book b\n            WHERE b.shelf = {n}\n        ; args=None; alias=default\n",
            4.0,
        ),
        (
            '(0.004) SELECT "book"."id" FROM "book" WHERE "book"."shelf_id" = {n}; args=({n},); '
            "alias=default",
            4.0,
        ),
        (
            "DEBUG 2024-03-01 10:00:00,123 utils 7 99 (0.004) SELECT `book`.`id` FROM `book` WHERE "
            "`book`.`shelf_id` = {n}; args=({n},)",
            4.0,
        ),
    ],
    "sqlalchemy": [
        (
            "2024-03-01 10:00:00,{n:03} INFO sqlalchemy.engine.Engine SELECT book.id AS book_id \n"
            "FROM book \nWHERE book.shelf = %(shelf_1)s\n"
            "2024-03-01 10:00:00,{n:03} INFO sqlalchemy.engine.Engine [cached since 0.{n}s ago] "
            "{{'shelf_1': {n}}}",
            None,
        ),
        (
            "INFO:sqlalchemy.engine.Engine:SELECT book.id FROM book WHERE book.shelf = ?\n"
            "INFO:sqlalchemy.engine.Engine:[generated in 0.00014s] ({n},)",
            None,
        ),
        (
            "2024-03-01 10:00:00,{n:03} - sqlalchemy.engine.Engine - INFO - SELECT book.id FROM book "
            "WHERE book.shelf = %s\n"
            "2024-03-01 10:00:00,{n:03} - sqlalchemy.engine.Engine - INFO - [raw sql] ({n},)",
            None,
        ),
    ],
    "flask-sqlalchemy": [
        (
            "[2024-03-01 10:00:00,{n:03}] {{app/views.py:31}} WARNING - \n"
            "Context:app/views.py:29 (shelf)\nSLOW QUERY: SELECT book.id AS book_id \nFROM book \n"
            "WHERE book.shelf = %s\nParameters: ({n},)\nDuration: 0.002431\n",
            2.431,
        ),
    ],
    "peewee": [
        (
            'DEBUG:peewee:(\'SELECT "t1"."id" FROM "book" AS "t1" WHERE ("t1"."shelf" = ?)\', '
            "[{n}])",
            None,
        )
    ],
    "tortoise": [
        ("DEBUG:tortoise.db_client:SELECT `id` FROM `book` WHERE `shelf` = %s: [{n}]", None)
    ],
    "odoo": [
        (
            "2024-03-01 10:00:00,123 7 DEBUG shop odoo.sql_db: [4.100 ms] query: SELECT id FROM book "
            "WHERE shelf = {n}",
            4.1,
        )
    ],
    "ecto": [
        (
            '[info] GET /shelves\n[debug] Processing by Books.ShelfController.show/2\n  Parameters: %{{}}\n  Pipelines: [:browser]\n[debug] QUERY OK source="books" db=4.1ms idle=1672.0ms\nSELECT b0."id" FROM "books" AS b0 WHERE (b0."shelf_id" = {n}) []\n[info] Sent 200 in 3ms',
            4.1,
        ),
        (
            '10:00:00.{n:03} [debug] QUERY OK source="book" db=4.1ms queue=0.1ms idle=9.9ms\n'
            'SELECT b0."id" FROM "book" AS b0 WHERE (b0."shelf" = $1) [{n}]\n'
            "↳ Library.Books.list/1, at: lib/library/books.ex:7",
            4.1,
        ),
    ],
    "laravel": [
        (
            "[2024-03-01 10:00:00] local.DEBUG: [800μs] select * from `books` where `shelf_id` = {n} "
            "| GET: http://shop.test/books",
            0.8,
        ),
        (
            '[2024-03-01 10:00:00] local.DEBUG: select * from "books" where "shelf" = ? limit 1 | 00b62c03-3827-4f49-a731-ed2494ede688 | 4.1000ms | app/Models/Shelf.php:184 | fresh',
            4.1,
        ),
        (
            "[2024-03-01 10:00:00] local.INFO: SQL: select * from `books` where `shelf_id` = ? "
            '{{"bindings":[{n}],"time":1.5}}',
            1.5,
        ),
        (
            "[2024-03-01 10:00:00] local.DEBUG: select * from `books` where `books`.`shelf_id` = ? "
            'limit 1 {{"bindings":[{n}],"time":3.9}} ',
            3.9,
        ),
        (
            "[2024-03-01 10:00:00] local.INFO: select * from `books` where `id` = ? [{n}] [3.9 ms]",
            3.9,
        ),
        (
            "    [query] => select * from `books` where `shelf_id` = ?\n    [bindings] => Array\n"
            "        (\n            [0] => {n}\n        )\n\n    [time] => 3.9\n",
            3.9,
        ),
    ],
    "doctrine": [
        (
            '[2024-03-01T10:00:00.{n:06}+00:00] doctrine.DEBUG: Executing statement: {{sql}} (parameters: {{params}}, types: {{types}}) {{"sql":"SELECT b0.id FROM book b0 WHERE b0.shelf = ?","params":{{"1":{n}}},"types":{{"1":1}}}} {{"token":"a"}}',
            None,
        ),
        (
            "[2024-03-01T10:00:00.{n:06}+00:00] doctrine.DEBUG: Executing statement: SELECT t0.id AS "
            'id_1 FROM book t0 WHERE t0.shelf_id = ? (parameters: {{"1":{n}}}, types: {{"1":1}}) '
            '{{"sql":"SELECT t0.id AS id_1 FROM book t0 WHERE t0.shelf_id = ?","params":{{"1":{n}}}}} []',
            None,
        ),
        (
            "[2024-03-01 10:00:00] doctrine.DEBUG: SELECT t0.id FROM book t0 WHERE t0.shelf_id = ? "
            "[{n}] []",
            None,
        ),
    ],
}
