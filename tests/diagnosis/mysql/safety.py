"""What the safety tests of MySQL and MariaDB share."""

from __future__ import annotations

TABLES = (
    "create table parent (id int primary key auto_increment, note varchar(40))",
    "insert into parent (note) values ('a'), ('b'), ('c')",
    "create table child (id int primary key, parent_id int, key (parent_id))",
    "insert into child values (1, 1), (2, 2)",
)
