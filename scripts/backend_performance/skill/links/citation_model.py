"""One citation: which page names which file, where, how, and whether it leads there."""

from __future__ import annotations

from typing import NamedTuple


class Citation(NamedTuple):
    """``source`` cites ``target`` at ``line``:``column``.

    ``target`` is relative to the skill root, or the URL of an external link. ``suggestion`` is
    what to write instead, where that is certain. ``status`` is ``ok``, ``external``, ``folder`` or
    ``placeholder``, otherwise the defect. ``role`` is ``run`` for a file given to an
    interpreter and ``invoke`` for one that a shell starts by its path.
    """

    source: str
    line: int
    column: int
    style: str
    written: str
    target: str
    anchor: str | None
    status: str
    suggestion: str | None = None
    role: str = ""


def relative(source: str, target: str) -> str:
    """Return ``target`` as it is written in the file ``source``; both relative to the root."""
    folder = source.split("/")[:-1]
    parts = target.split("/")
    while folder and parts and folder[0] == parts[0]:
        folder, parts = folder[1:], parts[1:]
    return "/".join([".."] * len(folder) + parts)
