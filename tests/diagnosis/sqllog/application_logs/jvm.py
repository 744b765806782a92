"""One statement as the frameworks of the JVM and .NET write it."""

# ruff: noqa: E501 - the lines are data

from __future__ import annotations

LOGS: dict[str, list[tuple[str, float | None]]] = {
    "hibernate": [
        (
            "18{n:02} 17:18:58,{n:03} INFO  [STDOUT] Hibernate: select id as id1_0_ from REFERENCE_SOURCE "
            "references0_ where references0_.id=?",
            None,
        ),
        ("Hibernate: select b1_0.id from book b1_0 where b1_0.shelf_id=? /* {n} */", None),
        (
            "Hibernate: \n    select\n        b1_0.id\n    from\n        book b1_0\n    where id=?",
            None,
        ),
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
            " Consume Time：24 ms 2024-03-01 10:00:00\n"
            " Execute SQL：SELECT id, title FROM book WHERE shelf = {n}\n",
            24.0,
        ),
        (
            "10:00:00:{n:03}|4|statement|connection 0|url jdbc:p6spy:postgresql://localhost/lib|select nextval ('book_seq')|select nextval ('book_seq')",
            4.0,
        ),
        (
            "p6spy KEY[] - 1709287200000|4|statement|connection 0|url\n|select id, title  from book  where shelf = ?\n|select id, title  from book  where shelf = {n}",
            4.0,
        ),
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
        (
            "10:00:00.{n:03} [main] DEBUG Exposed -- SELECT book.id FROM book WHERE shelf = {n}",
            None,
        ),
        ("SQL: SELECT book.id FROM book WHERE book.shelf = {n}", None),
    ],
    "spring-jdbc": [
        (
            "2024-03-01 10:00:00.{n:03} DEBUG 55 --- [main] o.s.jdbc.core.JdbcTemplate : Executing "
            "prepared SQL statement [select id from book where shelf = ? -- {n}\n]",
            None,
        )
    ],
    "efcore": [
        (
            "[10:00:{n:02} INF] Executed DbCommand (4ms) [Parameters=[@shelf='?'], CommandType='Text', CommandTimeout='30']\nSELECT b.\"Id\", b.\"Title\"\nFROM \"Books\" AS b\nWHERE b.\"ShelfId\" = @shelf\n[10:00:{n:02} INF] Executed endpoint 'Shelves.Show'",
            4.0,
        ),
        (
            "info: Microsoft.EntityFrameworkCore.Database.Command[20101]\n\n      Executed DbCommand (4ms) [Parameters=[], CommandType='Text', CommandTimeout='30']\n\n      SELECT [b].[Id]\n      FROM [Books] AS [b]\n      WHERE [b].[ShelfId] = {n}\ninfo: Microsoft.Hosting.Lifetime[0]",
            4.0,
        ),
        (
            "fail: Microsoft.EntityFrameworkCore.Database.Command[20102]\n      Failed executing DbCommand (4ms) [Parameters=[@p0='?' (DbType = Int32)], CommandType='Text', CommandTimeout='30']\n      UPDATE \"Books\" SET \"N\" = @p0\n      WHERE \"Id\" = {n};",
            4.0,
        ),
        (
            "Executing DbCommand [Parameters=[@p0='?'], CommandType='Text', CommandTimeout='30']\nSELECT b.\"Id\" FROM \"Books\" AS b WHERE b.\"ShelfId\" = {n}\nExecuted DbCommand (4ms) [Parameters=[@p0='?'], CommandType='Text', CommandTimeout='30']\nSELECT b.\"Id\" FROM \"Books\" AS b WHERE b.\"ShelfId\" = {n}",
            4.0,
        ),
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
}
