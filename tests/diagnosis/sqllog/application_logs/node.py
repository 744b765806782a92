"""One statement as the frameworks of JavaScript write it."""

# ruff: noqa: E501 - the lines are data

from __future__ import annotations

LOGS: dict[str, list[tuple[str, float | None]]] = {
    "prisma": [
        (
            '[Nest] 7  - 12/03/2024, 10:56:29 AM     LOG Query: SELECT "Book"."id" FROM "Book" LIMIT $1\n'
            "[Nest] 7  - 12/03/2024, 10:56:29 AM     LOG Duration: 4ms\n"
            "[Nest] 7  - 12/03/2024, 10:56:29 AM     LOG Parameters: [{n}]",
            4.0,
        ),
        ('Query: SELECT "Book"."id" FROM "Book" WHERE 1=1 OFFSET $1 [{n}]', None),
        (
            "prisma:query SELECT `library`.`Book`.`id` FROM `library`.`Book` WHERE "
            "`library`.`Book`.`shelf` = ? /* traceparent=00-00-00-00 */",
            None,
        ),
        ("Query: SELECT `library`.`Book`.`id` FROM `library`.`Book` WHERE 1=1 took {n}ms", 0.0),
        (
            'Query: SELECT "public"."Book"."id" FROM "public"."Book" WHERE "shelf" = $1\n'
            "Params: [{n}]\nDuration: 4ms",
            4.0,
        ),
        (
            "{{\n  timestamp: 2024-03-01T10:00:00.000Z,\n  query: 'SELECT `Book`.`id` FROM `Book` "
            "WHERE `Book`.`shelf` = ?',\n  params: '[{n}]',\n  duration: 4,\n  target: "
            "'quaint::connector::metrics'\n}}",
            4.0,
        ),
    ],
    "typeorm": [
        (
            'query: SELECT "Book"."id" AS "Book_id" FROM "book" "Book" WHERE "Book"."shelf" = $1 '
            "-- PARAMETERS: [{n}]",
            None,
        )
    ],
    "sequelize": [
        (
            'Executing (default): SELECT "id" FROM "Books" AS "Book" WHERE "Book"."shelf" = {n};',
            None,
        ),
        (
            "Executed (default): SELECT `id` FROM `Books` AS `Book` WHERE `Book`.`shelf` = {n}; "
            "Elapsed time: 4ms",
            4.0,
        ),
        (
            "Executing (7a3b1c2d-0000-4000-8000-1234567890ab): SELECT `id` FROM `Books` AS `Book` "
            "WHERE `Book`.`shelf` = {n};",
            None,
        ),
    ],
    "knex": [
        (
            '  knex:query SELECT\n  knex:query   "book"."id" AS "id",\n  knex:query   "book"."title" AS "title"\n  knex:query FROM book "book"\n  knex:query WHERE "book".shelf = {n} +1ms',
            None,
        ),
        (
            "2024-03-01T10:00:00.{n:03}Z knex:query select * from `book` where `shelf` = ? undefined"
            "\n2024-03-01T10:00:00.{n:03}Z knex:bindings [ {n} ] undefined",
            None,
        ),
        ('  knex:query select * from "book" where "shelf" = $1 trx2 +{n}ms', None),
        (
            "{{\n  method: 'select',\n  options: {{}},\n  timeout: false,\n  bindings: [ {n} ],\n  "
            "__knexQueryUid: 'ab{n}',\n  sql: 'select * from `book` where `shelf` = ?'\n}}",
            None,
        ),
    ],
    "drizzle": [
        ('Query: select "id", "title" from "book" where "book"."shelf" = {n}', None),
        ('Query: select "id" from "book" where "book"."shelf" = $1 -- params: [{n}]', None),
    ],
    "mikroorm": [
        (
            "[query] select `b0`.* from `book` as `b0` where `b0`.`shelf` = {n} [took 4 ms, 3 results]",
            4.0,
        )
    ],
}
