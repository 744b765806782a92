"""What all readings of a digest share: rows, and a ranking of statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..digest import Digest
from ..tally import Total

TOP = 20
Row = dict[str, Any]
#: Rows, and how many objects were looked at for them.
Rows = tuple[list[Row], int]


def tagged(digest: Digest, template: str) -> str:
    """Return a statement with the tags of the code that sends it."""
    total = digest.tally.totals.get(template)
    return template + total.sender if total else template


def ranked(
    digest: Digest, size: Callable[[Total], float], row: Callable[[Total], Row], none: Row
) -> Rows:
    """Return the statements of which ``size`` is not 0, largest first."""
    found = [(text, one) for text, one in digest.tally.totals.items() if size(one) > 0]
    found.sort(key=lambda one: -size(one[1]))
    shown = [{**row(total), "query_untrusted": text + total.sender} for text, total in found[:TOP]]
    return shown or [{**none, "query_untrusted": None}], len(digest.tally.totals)
