"""Tables that Rails describes in db/schema.rb, and which of them a model means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container

from ...base import Code

_NAME = re.compile(r"[:\"']?(\w+)")


def rails_tables(code: Code) -> dict[str, dict[str, bool]]:
    """Columns by table, each with whether an index begins with it."""
    tables: dict[str, dict[str, bool]] = defaultdict(dict)
    for place in code.project.by_path.get("db/schema.rb", ()):
        table = ""
        for call in place.function.calls:
            name = _NAME.match(call.arguments[0].lstrip("[")) if call.arguments else None
            if name is None:
                continue
            if call.name == "create_table":
                table = name[1]
            elif call.receiver == "t" and call.name == "index":
                tables[table][name[1]] = True
            elif call.name == "add_index" and len(call.arguments) > 1:
                column = _NAME.match(call.arguments[1].lstrip("["))
                if column:
                    tables[name[1]][column[1]] = True
            elif call.receiver == "t":
                tables[table].setdefault(name[1], False)
    return tables


def table_of(model: str, tables: Container[str]) -> str:
    """Return the table of a class: OrderLine → order_lines, Category → categories."""
    table = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", model.rpartition(":")[2]).lower()
    plural = re.sub(r"y$", "ies", table)
    return f"{table}s" if f"{table}s" in tables else plural
