"""Probes of the schema: indexes, keys and engines."""

from tests.diagnosis.mysql.cases.planting import (
    CHILD,
    NO_WEEK,
    ONE,
    PARENT,
    PLAIN,
    WIDE,
    numbers,
    times,
)
from tests.probe_cases import Case

SCHEMA = ("redundant-indexes", "unused-indexes", "missing-primary-keys", "long-primary-keys",
          "storage-engines", "auto-increment-near-end")  # fmt: skip
CASES = (
    *(Case(name, "unknown", "sees-nothing", role="blind", says="any application schema")
      for name in SCHEMA),
    Case("redundant-indexes", "fail", "planted",
         ("create table t (id int primary key, a int, b int, key one (a), key two (a))",),
         first={"index_name": "two", "covered_by": "one", "kind": "duplicate"}),
    Case("redundant-indexes", "fail", "of-primary",
         ("create table t (id int primary key, unique key again (id))",),
         first={"index_name": "again", "covered_by": "PRIMARY"}),
    Case("redundant-indexes", "judge", "prefix",
         ("create table t (id int primary key, a int, b int, key one (a), key two (a, b))",),
         first={"index_name": "one", "covered_by": "two", "kind": "prefix"}),
    Case("redundant-indexes", "pass", "clean",
         ("create table t (id int primary key, a int, b int, ab int, c text, key (a, b), key (b),"
          " unique key (a), key (ab), key (c(10)), key (c(20), a), fulltext key (c))",)),
    Case("redundant-indexes", "not_applicable", "none", ("create table t (a int)",)),
    Case("unused-indexes", "fail", "planted", (WIDE, "create index idle on wide (a)",
         f"insert into wide select n + 90000, n, n, 'x' from {numbers(4)}"), thresholds=NO_WEEK,
         first={"index_name": "idle", "uses": 0}),
    Case("unused-indexes", "judge", "quiet", (CHILD,), thresholds=NO_WEEK | {"1000": "100000"},
         first={"index_name": "parent_id"}),
    Case("unused-indexes", "pass", "clean", (WIDE, "create index used on wide (a)"),
         thresholds=NO_WEEK, traffic=times(1, "select b from wide force index (used) where a = 5")),
    Case("unused-indexes", "pass", "needed", thresholds=NO_WEEK, setup=(
        PARENT, "create table c (id int primary key, p int, u int unique,"
        " foreign key (p) references parent (id))", "insert into c values (1, 1, 1)")),
    Case("unused-indexes", "unknown", "young", (CHILD,), says="seven days"),
    Case("missing-primary-keys", "fail", "planted", first={"table_name": "t"}, setup=(
        f"create table t (a int); insert into t select n from {numbers(4)}; analyze table t",)),
    Case("missing-primary-keys", "judge", "small", ("create table t (a int)",), says="is small"),
    Case("missing-primary-keys", "judge", "unique", ("create table t (a int not null unique)",),
         says="unique key"),
    Case("missing-primary-keys", "pass", "clean", (WIDE, PLAIN)),
    Case("long-primary-keys", "judge", "planted",
         (f"create table t (id char(36) primary key, a int, key (a)); insert into t"
          f" select uuid(), n from {numbers(4)}; analyze table t",),
         thresholds={">= 10000": ">= 9000"},
         first={"key_columns": "id", "key_characters": 36, "secondary_indexes": 1}),
    Case("long-primary-keys", "pass", "clean", thresholds={">= 10000": ">= 0"}, setup=(
        "create table alone (id char(36) primary key)",
        "create table short (a int, b bigint, c char(9), primary key (a, b, c(4)), key (b))")),
    Case("long-primary-keys", "not_applicable", "none", ("create table t (a int)",)),
    Case("storage-engines", "fail", "planted", first={"table_name": "t", "engine": "MyISAM"},
         setup=("create table t (a int primary key) engine = MyISAM;"
                f"insert into t select n from {numbers(4)}",)),
    Case("storage-engines", "judge", "small",
         ("create table t (a int primary key) engine = MyISAM",)),
    Case("storage-engines", "judge", "other", ("create table t (a int primary key) engine = MEMORY",
         ), says="other than InnoDB"),
    Case("storage-engines", "pass", "clean", (WIDE, PLAIN)),
    Case("auto-increment-near-end", "fail", "planted",
         ("create table t (id tinyint primary key auto_increment) auto_increment = 121",),
         first={"table_name": "t", "next_number": 121, "used_pct": 95.28}),
    Case("auto-increment-near-end", "judge", "later",
         ("create table t (id smallint unsigned primary key auto_increment) auto_increment = 50000",
          )),
    Case("auto-increment-near-end", "pass", "clean", (PLAIN,)),
    Case("auto-increment-near-end", "not_applicable", "none", (ONE,)),
)  # fmt: skip
