"""What the safety tests of PostgreSQL share."""

from __future__ import annotations

TABLES = (
    "create table parent (id serial primary key)",
    "create table child (id serial primary key, parent_id int references parent)",
    "insert into parent select generate_series(1, 100)",
    "insert into child select g, g % 100 + 1 from generate_series(1, 12000) g",
    "create index on child (parent_id)",
)
