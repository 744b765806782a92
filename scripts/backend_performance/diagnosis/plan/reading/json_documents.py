"""Plans in JSON, wherever in a text they begin, and also those that were cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..tree import MAX_DEPTH, PlanError

_START = re.compile(r"[\[{](?=\s*[\"{\[])")
_NODE = re.compile(r'\{\s*"Node Type"')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},"]')
_PLAN_KEY = re.compile(r'"(?:Plan|Node Type|query_block|query_plan)"\s*:')
_EXECUTED = re.compile(r'"Execution Time"\s*:\s*(\d+(?:\.\d+)?)')
_MAX_ATTEMPTS = 1000
_MAX_REPAIRED = 2_000_000
_MAX_WALKED = 200_000
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class Spot:
    """A JSON value and where in the text it stands."""

    value: Any
    start: int
    end: int

    def is_rest(self, text: str) -> bool:
        """Whether it stood inside of something that began before the text."""
        behind = text[self.end : self.end + 200].lstrip()[:1]
        return text[max(0, self.start - 200) : self.start].rstrip().endswith('":') or (
            behind != "" and behind in "}],"
        )


def values(text: str) -> Iterator[Spot]:
    """Yield every whole JSON array or object that is not inside another."""
    position, failed = 0, 0
    while failed < _MAX_ATTEMPTS and (start := _START.search(text, position)):
        try:
            value, position = _DECODER.raw_decode(text, start.start())
            yield Spot(value, start.start(), position)
        except json.JSONDecodeError as error:
            failed += 1
            # Inside a condition such as ANY ('{"a"}') the JSON ends at once; look behind it.
            position = max(start.end(), error.pos if error.pos - start.end() < 200 else 0)
        except RecursionError:
            raise PlanError("the JSON is nested too deeply") from None
        except ValueError:
            raise PlanError("a number in the JSON has thousands of digits") from None


def is_plan(value: Any) -> bool:
    """Whether an object is a plan of PostgreSQL, MySQL or MariaDB."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("Plan"), dict) or isinstance(value.get("query_block"), dict):
        return True
    if isinstance(value.get("query_plan"), dict) or "Node Type" in value:
        return True
    return isinstance(value.get("operation"), str) and bool({"query", "inputs"} & value.keys())


def plans(value: Any) -> Iterator[dict[str, Any] | str]:
    """Yield the plans in a value, and the texts in it that a driver or a logger put there."""
    left = [(value, 0)]
    for _ in range(_MAX_WALKED):
        if not left:
            return
        part, depth = left.pop()
        if is_plan(part):
            yield part if "Node Type" not in part else {"Plan": part}
        elif isinstance(part, str) and len(part) > 20:
            yield part
        elif depth < MAX_DEPTH and isinstance(part, dict | list):
            rows = _rows(part)
            if rows is not None:
                yield rows
            else:
                inner = list(part.values()) if isinstance(part, dict) else part
                left += [(one, depth + 1) for one in reversed(inner)]


def _rows(part: Any) -> str | None:
    """The lines of a plan, one in each row of a result."""
    if not isinstance(part, list) or not part:
        return None
    cells = [_only_cell(row) for row in part]
    lines = [cell for cell in cells if isinstance(cell, str)]
    return "\n".join(lines) if len(lines) == len(cells) else None


def _only_cell(row: Any) -> Any:
    if isinstance(row, dict) and len(row) == 1:
        return next(iter(row.values()))
    if isinstance(row, list | tuple) and len(row) == 1:
        return row[0]
    return row


def cut_off(text: str) -> dict[str, Any] | None:
    """Return what is left of a JSON plan whose end or beginning is missing."""
    if not _PLAN_KEY.search(text):
        return None
    return without_end(text, len(text)) or _without_beginning(text[:_MAX_REPAIRED])


def without_end(text: str, before: int) -> dict[str, Any] | None:
    """Return what is left of a JSON plan that begins before a place and has no end."""
    text = text[:_MAX_REPAIRED]
    for start in list(_START.finditer(text, 0, before))[:20]:
        repaired = _closed(text, start.start())
        found = [one for one in plans(repaired) if isinstance(one, dict)] if repaired else []
        if found:
            return found[0] | {"Missing": "end"}
    return None


def _closed(text: str, start: int) -> Any:
    """Cut behind the last whole member and close what is open."""
    open_, whole = "", (start, "")
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        if mark in "[{":
            open_ += "]" if mark == "[" else "}"
        elif mark in "]}":
            open_ = open_[:-1]
            whole = (token.end(), open_)
        elif mark == ",":
            whole = (token.start(), open_)
        elif mark == '"':
            break
        if len(open_) > MAX_DEPTH or not open_:
            break
    try:
        return _DECODER.decode(text[start : whole[0]] + whole[1][::-1])
    except (ValueError, RecursionError):
        return None


def _without_beginning(text: str) -> dict[str, Any] | None:
    nodes: list[dict[str, Any]] = []
    position = 0
    for start in _NODE.finditer(text):
        if start.start() < position or len(nodes) >= _MAX_ATTEMPTS:
            continue
        try:
            node, position = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            continue
        nodes.append(node)
    if not nodes:
        return None
    root = nodes[0] if len(nodes) == 1 else {"Node Type": "Unknown", "Plans": nodes}
    executed = _EXECUTED.search(text, position)
    time = {"Execution Time": float(executed[1])} if executed else {}
    return {"Plan": root, "Missing": "beginning"} | time
