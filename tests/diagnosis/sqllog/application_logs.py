"""One statement of a loop as each framework writes it; ``{n}`` differs from one to the next.

Each entry: the lines of one statement, and its milliseconds where the framework logs them. The
forms are those of the frameworks' documentation and of logs that people posted.
"""

# ruff: noqa: E501 - the lines are data

from __future__ import annotations

#: Format → (lines of one statement, milliseconds)
LOGS: dict[str, list[tuple[str, float | None]]] = {
    "rails": [
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
    ],
    "peewee": [
        (
            "DEBUG:peewee:('SELECT \"t1\".\"id\" FROM \"book\" AS \"t1\" WHERE (\"t1\".\"shelf\" = ?)', "
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
    "hibernate": [
        (
            "18{n:02} 17:18:58,{n:03} INFO  [STDOUT] Hibernate: select id as id1_0_ from REFERENCE_SOURCE "
            "references0_ where references0_.id=?",
            None,
        ),
        ("Hibernate: select b1_0.id from book b1_0 where b1_0.shelf_id=? /* {n} */", None),
        ("Hibernate: \n    select\n        b1_0.id\n    from\n        book b1_0\n    where id=?", None),
        ("Hibernate: \n    /* load Book */ select\n        b.id\n    from\n        book b", None),
        (
            "2024-03-01 10:00:00.{n:03} DEBUG 55 --- [nio-8080-exec-1] org.hibernate.SQL    : "
            "select b1_0.id from book b1_0 where b1_0.shelf_id=?\n"
            "2024-03-01 10:00:00.{n:03} TRACE 55 --- [nio-8080-exec-1] org.hibernate.orm.jdbc.bind "
            ": binding parameter (1:BIGINT) <- [{n}]",
            None,
        ),
        (
            "10:00:00,{n:03} DEBUG SQL:92 - Hibernate: select id from book where shelf_id=?\n"
            "10:00:00,{n:03} TRACE BasicBinder:64 - binding parameter [1] as [BIGINT] - [{n}]",
            None,
        ),
        (
            "2024-03-01 10:00:00.{n:03}  INFO 55 --- [main] org.hibernate.SQL_SLOW : SlowQuery: 41 "
            "milliseconds. SQL: 'HikariProxyPreparedStatement@9 wrapping select id from book where "
            "shelf = {n}'",
            41.0,
        ),
    ],
    "mybatis": [
        (
            "2024-03-01 10:00:00.{n:03} DEBUG 55 --- [nio-8080-exec-1] c.l.BookMapper.byShelf : "
            "====>  Preparing: select id from book where shelf = ? \n"
            "2024-03-01 10:00:00.{n:03} DEBUG 55 --- [nio-8080-exec-1] c.l.BookMapper.byShelf : "
            "====> Parameters: {n}(Long)\n"
            "2024-03-01 10:00:00.{n:03} DEBUG 55 --- [nio-8080-exec-1] c.l.BookMapper.byShelf : "
            "<====      Total: 3",
            None,
        )
    ],
    "jooq": [
        (
            "10:00:00,{n:03} DEBUG [org.jooq.tools.LoggerListener] - Executing query          : "
            'select "id" from "book" where "shelf" = ?\n'
            "10:00:00,{n:03} DEBUG [org.jooq.tools.LoggerListener] - -> with bind values      : "
            'select "id" from "book" where "shelf" = {n}\n'
            "10:00:00,{n:03} DEBUG [org.jooq.tools.LoggerListener] - Fetched row(s)           : 3",
            None,
        )
    ],
    "p6spy": [
        (
            "17092872{n:05}|4|statement|connection 3|url jdbc:postgresql://db/library|select id from "
            "book where shelf = ?|select id from book where shelf = {n}",
            4.0,
        ),
        (
            "2024-03-01 10:00:00.{n:03} INFO p6spy : #17092872{n:05} | took 4ms | statement | "
            "connection 3| url jdbc:mysql://db/library\nselect id from book where shelf = ?\n"
            "select id from book where shelf = {n};",
            4.0,
        ),
        (
            "Name:ds, Connection:3, Time:4, Success:True, Type:Prepared, Batch:False, QuerySize:1, "
            'BatchSize:0, Query:["select id from book where shelf = ?"], Params:[({n})]',
            4.0,
        ),
    ],
    "exposed": [
        ("10:00:00.{n:03} [main] DEBUG Exposed -- SELECT book.id FROM book WHERE shelf = {n}", None),
        ("SQL: SELECT book.id FROM book WHERE book.shelf = {n}", None),
    ],
    "spring-jdbc": [
        (
            "2024-03-01 10:00:00.{n:03} DEBUG 55 --- [main] o.s.jdbc.core.JdbcTemplate : Executing "
            "prepared SQL statement [select id from book where shelf = ? -- {n}\n]",
            None,
        )
    ],
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
        ('Executing (default): SELECT "id" FROM "Books" AS "Book" WHERE "Book"."shelf" = {n};', None),
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
        ('Query: select "id" from "book" where "book"."shelf" = $1 -- params: [{n}]', None),
    ],
    "mikroorm": [
        (
            "[query] select `b0`.* from `book` as `b0` where `b0`.`shelf` = {n} [took 4 ms, 3 results]",
            4.0,
        )
    ],
    "gorm": [
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
        ("[xorm] [info]  2024/03/01 10:00:00.1 [SQL] SELECT `id` FROM `book` WHERE (id=?) [{n}] - 4.1ms", 4.1),
        ("[bun]  10:00:00.{n:03}   SELECT                4.1ms  SELECT \"b\".\"id\" FROM \"book\"", 4.1),
        ('2024/03/01 10:00:00 driver.Query: query=SELECT `id` FROM `book` WHERE `id` = ? args=[{n}]', None),
    ],
    "sqlx": [
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
    "ecto": [
        (
            '10:00:00.{n:03} [debug] QUERY OK source="book" db=4.1ms queue=0.1ms idle=9.9ms\n'
            'SELECT b0."id" FROM "book" AS b0 WHERE (b0."shelf" = $1) [{n}]\n'
            "↳ Library.Books.list/1, at: lib/library/books.ex:7",
            4.1,
        )
    ],
    "laravel": [
        (
            "[2024-03-01 10:00:00] local.DEBUG: select * from `books` where `books`.`shelf_id` = ? "
            'limit 1 {{"bindings":[{n}],"time":3.9}} ',
            3.9,
        ),
        ("[2024-03-01 10:00:00] local.INFO: select * from `books` where `id` = ? [{n}] [3.9 ms]", 3.9),
        (
            "    [query] => select * from `books` where `shelf_id` = ?\n    [bindings] => Array\n"
            "        (\n            [0] => {n}\n        )\n\n    [time] => 3.9\n",
            3.9,
        ),
    ],
    "doctrine": [
        (
            "[2024-03-01T10:00:00.{n:06}+00:00] doctrine.DEBUG: Executing statement: SELECT t0.id AS "
            'id_1 FROM book t0 WHERE t0.shelf_id = ? (parameters: {{"1":{n}}}, types: {{"1":1}}) '
            '{{"sql":"SELECT t0.id AS id_1 FROM book t0 WHERE t0.shelf_id = ?","params":{{"1":{n}}}}} []',
            None,
        ),
        (
            '[2024-03-01 10:00:00] doctrine.DEBUG: SELECT t0.id FROM book t0 WHERE t0.shelf_id = ? '
            "[{n}] []",
            None,
        ),
    ],
    "efcore": [
        (
            "Executed DbCommand (12ms) [Parameters=[@p0='{n}'], CommandType='Text']\n"
            "INSERT INTO `Students` (`Name`) VALUES (@p0);",
            12.0,
        ),
        (
            "info: Microsoft.EntityFrameworkCore.Database.Command[20101]\n      Executed DbCommand "
            "(4ms) [Parameters=[@__id_0='{n}'], CommandType='Text', CommandTimeout='30']\n"
            '      SELECT b."Id"\n      FROM "Books" AS b\n      WHERE b."ShelfId" = @__id_0',
            4.0,
        ),
        (
            "[10:00:00 INF] Executed DbCommand (4ms) [Parameters=[@__id_0='?' (DbType = Int32)], "
            "CommandType='Text', CommandTimeout='30']\nSELECT [b].[Id]\nFROM [Books] AS [b]\n"
            "WHERE [b].[ShelfId] = @__id_0",
            4.0,
        ),
    ],
    "structured": [
        ('{{"level":20,"time":1709287200{n:03},"sql":"SELECT id FROM book WHERE shelf = ?","duration":4.1,"bindings":[{n}]}}', 4.1),
        (
            '{{"level":"debug","ts":1709287200.{n:03},"msg":"Query","query":"SELECT id FROM book WHERE '
            'shelf = $1","args":[{n}],"elapsed_ms":4.1}}',
            4.1,
        ),
    ],
}  # fmt: skip
CASES = [(name, number) for name, forms in LOGS.items() for number in range(len(forms))]
