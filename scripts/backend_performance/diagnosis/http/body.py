"""The shape of a JSON body: counted, never shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Above it a double, and so JavaScript, loses the last digits (RFC 8259, section 6).
MAX_SAFE_INTEGER = 2**53 - 1
#: Members of the outermost object that indicate pages.
_MARKERS = frozenset(
    re.findall(
        r"\w+",
        """
        next next_page next_cursor nextcursor cursor end_cursor endcursor has_more hasmore
        has_next_page hasnextpage page page_info pageinfo page_size pagesize per_page perpage
        next_page_token nextpagetoken next_token nexttoken offset limit total total_count
        totalcount total_pages totalpages pagination paging links _links meta
        """,
    )
)
_MARKER_HEADERS = ("x-total-count", "x-next-page", "x-next-cursor", "content-range", "x-page")
_TOO_LARGE = MAX_SAFE_INTEGER + 1


@dataclass(frozen=True)
class Shape:
    leaves: int
    nulls: int
    depth: int
    largest_array: int
    page_markers: int
    unsafe_integers: int
    numeric_strings: int


def shape(body: bytes, headers: dict[str, str]) -> Shape | None:
    """Return the shape of a body, or None if it is no JSON."""
    try:
        data = json.loads(body, parse_int=_integer, parse_constant=float)
    except (ValueError, RecursionError):
        return None
    leaves = nulls = depth = largest = unsafe = numeric = 0
    for value, level in _walk(data):
        depth = max(depth, level)
        if isinstance(value, list):
            largest = max(largest, len(value))
        if isinstance(value, list | dict):
            continue
        leaves += 1
        nulls += value is None
        if isinstance(value, int) and not isinstance(value, bool):
            unsafe += abs(value) > MAX_SAFE_INTEGER
        numeric += isinstance(value, str) and len(value) < 20 and value.isdecimal()
    return Shape(leaves, nulls, depth, largest, _markers(data, headers), unsafe, numeric)


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 20 else _TOO_LARGE


def _walk(data: Any) -> Iterator[tuple[Any, int]]:
    """Every value with its depth; an explicit stack, because the server chooses the depth."""
    stack = [(data, 1 if isinstance(data, list | dict) else 0)]
    while stack:
        value, level = stack.pop()
        yield value, level
        if isinstance(value, dict):
            stack += [(v, level + isinstance(v, list | dict)) for v in value.values()]
        elif isinstance(value, list):
            stack += [(v, level + isinstance(v, list | dict)) for v in value]


def _markers(data: Any, headers: dict[str, str]) -> int:
    found = sum(name in headers for name in _MARKER_HEADERS)
    found += 'rel="next"' in headers.get("link", "") or "rel=next" in headers.get("link", "")
    if isinstance(data, dict):
        found += sum(str(name).lower() in _MARKERS for name in data)
    return found
