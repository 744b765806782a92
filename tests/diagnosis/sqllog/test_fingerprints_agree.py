"""Our fingerprints sort statements as a well-kept parser does, wherever the parser can read them.

sqlglot's syntax tree is the second opinion: the same statements, their literals taken out of the
tree, must fall into the same groups. What it cannot read (statements cut off, several dialects in
one log) is why it is not in the way of a log itself.
"""

from __future__ import annotations

import random

import pytest
from backend_performance.diagnosis.sqllog.statement import Tokenizer

sqlglot = pytest.importorskip("sqlglot")
SHAPES = {
    "postgres": (
        "select id, name from item where id = {n}",
        "SELECT id,  name FROM item WHERE id = {n}  ",
        "select id, name from item where name = {t}",
        "select id from item where id in ({many})",
        "select id from item where id = any(array[{n}, {n}])",
        "select count(*) from item i join orders o on o.item_id = i.id where o.total > {f}",
        "select id from item where price between {f} and {f} order by id limit {n} offset {n}",
        "select * from (select id from item where id < {n}) s where s.id > {n}",
        "with r as (select id from orders where placed > {t}) select * from r where id = {n}",
        "insert into item (id, name) values ({n}, {t})",
        "insert into item (id, name) values ({n}, {t}), ({n}, {t})",
        "update item set name = {t} where id = {n}",
        "update item set price = price * {f} where id = {n}",
        "delete from item where id = {n}",
        "select id from item where name like {t} and id <> {n}",
        'select "Id" from "Item" where "Id" = {n}',
        "select e'a\\n{w}' from item",
        "select $tag${w}$tag$ from item where id = {n}",
        "select id from item where a = {n} /* request {w} */",
        "select id from item where a = {n} -- request {w}",
    ),
    "mysql": (
        "select id, name from `item` where id = {n}",
        "select id, name from item where name = {d}",
        "select id, name from item where name = {t} and note = {d}",
        "select id from item where id in ({many}) limit {n}, {n}",
        "insert into item (id, name) values ({n}, {d}), ({n}, {t})",
        "replace into item (id, name) values ({n}, {t})",
        "update item set name = {d} where id = {n} limit {n}",
        "select i.id from item i left join orders o on o.item_id = i.id where o.id is null",
        "select id from item where a = {n} # request {w}",
    ),
}


def literals(chance: random.Random) -> dict[str, str]:
    word = "".join(chance.choices("abcxyz ", k=chance.randint(1, 12)))
    number = str(chance.randint(0, 10**9))
    return {
        "w": word,
        "n": number,
        "f": f"{chance.random() * 100:.2f}",
        "t": chance.choice([f"'{word}'", f"'it''s {word}'", "''", f"'-- {word}'", f"'{word};'"]),
        "d": chance.choice([f'"{word}"', f"'{word}'", f'"it\'s {word}"']),
        "many": ", ".join(str(chance.randint(0, 99)) for _ in range(chance.randint(1, 8))),
    }


def by_the_tree(text: str, dialect: str) -> str:
    """Return the statement that sqlglot prints once literals and lists are one placeholder."""
    exp = sqlglot.exp

    def without(node):
        if isinstance(node, exp.Literal | exp.RawString | exp.ByteString) or (
            isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)
        ):
            return exp.Placeholder()
        return node

    tree = sqlglot.parse_one(text, read=dialect).transform(without)
    for node in list(tree.find_all(exp.In, exp.Values, exp.Array)):
        node.set("expressions", node.expressions[:1])
    for node in tree.find_all(exp.Expression):
        node.comments = None
    return tree.sql(dialect=dialect, comments=False).lower()


@pytest.mark.parametrize("dialect", SHAPES)
def test_statements_fall_into_the_groups_that_a_parser_finds(dialect):
    chance = random.Random(20260301)
    tokenizer = Tokenizer(dialect)
    ours: dict[str, set[str]] = {}
    theirs: dict[str, set[str]] = {}
    statements = {shape.format(**literals(chance)) for shape in SHAPES[dialect] for _ in range(25)}
    for text in sorted(statements):
        ours.setdefault(tokenizer.read(text).template, set()).add(text)
        theirs.setdefault(by_the_tree(text, dialect), set()).add(text)
    assert len(theirs) > len(SHAPES[dialect]) / 2
    assert sorted(map(sorted, ours.values())) == sorted(map(sorted, theirs.values()))


def test_a_log_has_statements_that_no_parser_reads_and_ours_does():
    cut = "select id, name from item where name = 'cut off in the midd"
    with pytest.raises(sqlglot.errors.SqlglotError):
        sqlglot.parse_one(cut, read="postgres")
    assert Tokenizer("postgres").read(cut).template == "select id, name from item where name = ?"
