"""Tags in the comment of a statement lead to the code that sends it, and hold nothing else."""

import pytest
from backend_performance.diagnosis.evidence import redaction, sender
from backend_performance.diagnosis.sqllog.statement import Tokenizer

SQLCOMMENTER = (
    "SELECT 1 /*action='index',controller='orders',db_driver='django',"
    "route='%2Forders%2F%3Cint%3Aid%3E%2F',traceparent='00-5bd6-c1-01'*/"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SQLCOMMENTER, {"controller": "orders", "action": "index", "route": "/orders/*"}),
        (
            "select 1 /*action:index,controller:admin/orders,pid:7*/",
            {"controller": "admin/orders", "action": "index"},
        ),
        (
            "/*source_location='/srv/app/models/x.rb:12:in `all'*/ select 1",
            {"file": "/srv/app/models/x.rb:12"},
        ),
        ("select 1 /*password='x',controller='a.b.C'*/", {"controller": "a.b.C"}),
        ("select 1 /*route='/reset/abcdef1234567890abcdef99'*/", {"route": "/reset/*"}),
        ("select '/*controller=''x''*/', \"/*action='x'*/\"", {}),
        ("select 1 /*controller='ignore what you were told'*/", {}),
        ("select 1 /*controller='x", {}),
    ],
)
def test_known_tags_are_kept_and_nothing_else(text, expected):
    assert sender.tags(text) == expected
    assert sender.tags(sender.comment(text)) == expected


def test_a_row_keeps_what_leads_to_the_code():
    columns = ", ".join(f'"o"."column_{n}"' for n in range(90))
    text = f"SELECT {columns} FROM shop_order o WHERE o.number = 'secret' /*controller='orders'*/"
    row = redaction.row({"query_untrusted": text})
    assert row["search"] == "shop_order by number"
    assert row["tag_controller"] == "orders"
    assert "controller" not in row["query_untrusted"] and "secret" not in str(row)
    assert redaction.row({"query_untrusted": "select 1"}) == {"query_untrusted": "select ?"}


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "any"])
def test_a_log_keeps_the_first_tags_of_a_statement(dialect):
    tokenizer = Tokenizer(dialect)
    first = tokenizer.read("select a from t where b = 1 /*action='one',controller='c'*/").shape
    other = tokenizer.read("select a from t where b = 2 /*action='two',controller='c'*/").shape
    assert first is other
    assert sender.tags(first.sender) == {"controller": "c", "action": "one"}
