"""What is the same in two texts about one thing: a statement, a table, a route.

Servers, logs and code write one statement in several ways: other placeholders, quotes, spaces,
comments, lists of another length. The one place that says when two are the same.
"""

from __future__ import annotations

import re

#: Shorter than what redaction keeps, so that a text that was cut and a whole one compare equal.
KEY_LENGTH = 230
_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.S)
_PLACEHOLDER = re.compile(
    r"\$\{[^}]*\}|#\{[^}]*\}|\$\d+|%s|%\(\w+\)s|%d|\{[\w.\[\]!]*\}|(?<![:\w]):[a-z_]\w*|@\w+"
    r"|(?<![\w.])-?\d+(?:\.\d+)?\b|'(?:[^']|'')*'|\?\d*"
)
_LIST = re.compile(r"\?(?: ?, ?(?:\?|\.\.\.))+")
_ROWS = re.compile(r"values ?(\([^()]*\))(?: ?, ?(?:\([^()]*\)|\.\.\.))+")
_GLUE = re.compile(r" ?([(),.=<>*+]) ?")
_QUOTES = str.maketrans("", "", '"`')
_TABLES = re.compile(r"(?:\bfrom|join|into|update)\s+(?:only\s+)?([\w$.]+)")
_DELETES = re.compile(r"delete\s+from\s+([\w$.]+)")
_COMPARED = re.compile(r"\b([a-z_]\w*)(?:=| (?:in|like|ilike|is|between)\b|<|>)")
_WHERE = re.compile(r"\bwhere\b(.*?)(?:\b(?:order|group) by\b|$)", re.S)
_ROUTE_PARAMETER = re.compile(r"\{[^}]*\}|<[^>]*>|:\w+|\*+|\(\?P<[^)]*\)|\$\{[^}]*\}")
_NUMBER_OR_ID = re.compile(r"^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,})$")


def statement(text: str) -> str:
    """Return a statement without values, quotes, comments and free spaces, bounded."""
    return _plain(text)[:KEY_LENGTH]


def _plain(text: str) -> str:
    lowered = _COMMENT.sub(" ", text).lower().translate(_QUOTES).rstrip(" ;…\n")
    plain = " ".join(_PLACEHOLDER.sub("?", lowered).split())
    plain = _ROWS.sub(r"values \1", _LIST.sub("?", plain))
    plain = (
        plain.replace("(...)", "(?)").replace("= any (?)", "in (?)").replace("= any(?)", "in(?)")
    )
    return _GLUE.sub(r"\1", plain)


def tables(text: str) -> frozenset[str]:
    """Return the tables a statement names, without their schema."""
    return frozenset(name.rsplit(".", 1)[-1] for name in _TABLES.findall(statement(text)))


def deleted_from(text: str) -> str | None:
    """Return the table a statement deletes from, without its schema."""
    match = _DELETES.search(statement(text))
    return match.group(1).rsplit(".", 1)[-1] if match else None


def bare(name: str) -> str:
    """Return a table's name without schema and quotes, in lower case."""
    return name.translate(_QUOTES).rsplit(".", 1)[-1].lower()


def search(text: str) -> str:
    """Return the first table of a statement with the columns that it compares: what an ORM says."""
    plain = _plain(text)  # an ORM names every column before it comes to the condition
    table = _TABLES.search(plain)
    where = _WHERE.search(plain)
    columns = sorted(set(_COMPARED.findall(where[1]))) if where else []
    return searched(table[1].rsplit(".", 1)[-1], columns) if table and columns else ""


def searched(table: str, columns: list[str]) -> str:
    """Return the name of a search of a table by columns, as `search` gives it."""
    return f"{table.lower()} by {','.join(sorted(columns))}"


def handler(controller: str, action: str) -> str:
    """Return an action without namespace: ``order_lines#index``.

    ``Admin::OrderLinesController`` and ``admin/order_lines`` are the same controller.
    """
    name = re.split(r"[/:.\\]", controller)[-1].removesuffix("Controller")
    return f"{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).lower()}#{action.lower()}"


def route(text: str) -> str:
    """Return a route with ``*`` for what varies: ``/orders/:id`` and ``/orders/17`` are one."""
    path = _ROUTE_PARAMETER.sub("*", text.split("?")[0].strip("^$ ")).strip("/").lower()
    parts = ["*" if "*" in p or _NUMBER_OR_ID.match(p) else p for p in path.split("/")]
    return "/" + "/".join(parts)
