"""When an index serves a foreign key, and when it only looks so."""

import pytest

pytest.importorskip("psycopg")

#: Large enough to matter, and with deletes: a key to a tiny parent that only grows needs no index.
PARENTS = (
    "create table one (id int primary key)",
    "insert into one select generate_series(0, 2999)",
    "create table two (a int, b int, primary key (a, b))",
    "insert into two select g, g from generate_series(0, 2999) g",
    "delete from one where id >= 2000",
    "delete from two where a >= 2000",
    "analyze one",
    "analyze two",
)
FILL = "insert into child select g, g % 100, g % 100 from generate_series(1, 12000) g"
TO_ONE = "create table child (id int, a int references one, b int)"
TO_TWO = "create table child (id int, a int, b int, foreign key (a, b) references two)"
PARTITIONED = (
    "create table child (id int, a int references one, b int) partition by range (id)",
    "create table child_1 partition of child for values from (0) to (6000)",
    "create table child_2 (b int, id int, a int)",
    "alter table child attach partition child_2 for values from (6000) to (20000)",
)


@pytest.mark.parametrize(
    ("name", "statements", "cover", "verdict"),
    [
        ("none", (TO_ONE, FILL), "none", "fail"),
        ("single", (TO_ONE, FILL, "create index on child (a)"), None, "pass"),
        ("first-of-several", (TO_ONE, FILL, "create index on child (a, b)"), None, "pass"),
        ("second-of-several", (TO_ONE, FILL, "create index on child (b, a)"), "none", "fail"),
        ("hash", (TO_ONE, FILL, "create index on child using hash (a)"), None, "pass"),
        ("brin", (TO_ONE, FILL, "create index on child using brin (a)"), "none", "fail"),
        ("composite", (TO_TWO, FILL, "create index on child (a, b)"), None, "pass"),
        (
            "composite-in-any-order",
            (TO_TWO, FILL, "create index on child (b, a, id)"),
            None,
            "pass",
        ),
        (
            "composite-first-only",
            (TO_TWO, FILL, "create index on child (a)"),
            "leading_part",
            "judge",
        ),
        (
            "included-does-not-count",
            (TO_TWO, FILL, "create index on child (a) include (b)"),
            "leading_part",
            "judge",
        ),
        (
            "composite-apart",
            (TO_TWO, FILL, "create index on child (a, id, b)"),
            "leading_part",
            "judge",
        ),
        (
            "not-null-only",
            (TO_ONE, FILL, "create index on child (a) where a is not null"),
            None,
            "pass",
        ),
        (
            "null-only",
            (TO_ONE, FILL, "create index on child (a) where a is null"),
            "partial_index",
            "judge",
        ),
        (
            "other-not-null",
            (TO_ONE, FILL, "create index on child (a) where b is not null"),
            "partial_index",
            "judge",
        ),
        (
            "partial",
            (TO_ONE, FILL, "create index on child (a) where id > 100"),
            "partial_index",
            "judge",
        ),
        ("expression", (TO_ONE, FILL, "create index on child ((a + 0))"), "none", "fail"),
        ("small", (TO_ONE, FILL.replace("12000", "2000")), "none", "judge"),
        ("tiny", (TO_ONE, FILL.replace("12000", "500")), None, "pass"),
        ("partitioned", (*PARTITIONED, FILL.replace("child", "child (id, a, b)")), "none", "fail"),
        (
            "partitioned-indexed",
            (*PARTITIONED, FILL.replace("child", "child (id, a, b)"), "create index on child (a)"),
            None,
            "pass",
        ),
        (
            "partitioned-half-indexed",
            (
                *PARTITIONED,
                FILL.replace("child", "child (id, a, b)"),
                "create index on child_1 (a)",
            ),
            "none",
            "fail",
        ),
    ],
)
def test_which_index_covers_a_key(new_database, name, statements, cover, verdict):
    evidence = new_database(*PARENTS, *statements, "analyze").ask("unindexed-foreign-keys")
    assert evidence.verdict == verdict
    assert evidence.observed["examined"] == 1
    if cover:
        assert evidence.rows[0]["cover"] == cover
    if name.startswith("partitioned-") and cover or name == "partitioned":
        assert evidence.rows[0]["child_rows"] == 12000


def test_a_partitioned_parent_gives_one_row(new_database):
    evidence = new_database(
        "create table one (id int primary key) partition by range (id)",
        "create table one_1 partition of one for values from (0) to (50)",
        "create table one_2 partition of one for values from (50) to (5000)",
        "insert into one select generate_series(0, 2999)",
        "delete from one where id >= 2000",
        TO_ONE,
        FILL,
        "analyze",
    ).ask("unindexed-foreign-keys")
    assert (evidence.verdict, evidence.observed["examined"], len(evidence.rows)) == ("fail", 1, 1)


def test_an_invalid_index_covers_nothing(new_database):
    import psycopg

    database = new_database(*PARENTS, TO_ONE, FILL, "analyze")
    with pytest.raises(psycopg.Error):
        database.execute("create unique index concurrently broken on child (a)")
    assert database.ask("unindexed-foreign-keys").verdict == "fail"
