"""Plans made of one node, to be changed by the tests."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

NODE = {"Node Type": "Seq Scan", "Relation Name": "t", "Actual Loops": 1, "Actual Rows": 1,
        "Plan Rows": 1, "Actual Total Time": 1.0, "Shared Hit Blocks": 1,
        "Shared Read Blocks": 0, "Temp Written Blocks": 0}  # fmt: skip
MADE = [{"Plan": NODE, "Planning Time": 0.1, "Execution Time": 1.0, "Triggers": []}]


def made(**changes: Any) -> Any:
    result = deepcopy(MADE)
    for name, value in changes.items():
        if name in ("planning", "execution"):
            result[0][f"{name.title()} Time"] = value
        elif name == "raw":
            result[0] |= value
        else:
            result[0]["Plan"] |= value
    return result


def slow(**changes: Any) -> Any:
    """The same in 900 ms."""
    result = made(execution=900.0, **changes)
    each = result[0]["Plan"]
    each["Actual Total Time"] = 900.0 / each["Actual Loops"]
    return result
