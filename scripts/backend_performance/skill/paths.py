"""Paths as skills write them: relative, with forward slashes, perhaps with an anchor."""

from __future__ import annotations

import posixpath
import re

_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def is_external(target: str) -> bool:
    """Return whether ``target`` has a scheme or a host: nothing on this disk."""
    return bool(_SCHEME.match(target)) or target.lower().startswith("www.")


def split_anchor(target: str) -> tuple[str, str | None]:
    """Return (path, anchor); the path is empty for a link within the page."""
    path, mark, anchor = target.partition("#")
    return path.partition("?")[0], anchor if mark else None


def resolve(source: str, path: str) -> str:
    """Return ``path``, as written in the file ``source``, relative to the skill root.

    Both are relative to the root; the result starts with ``..`` when it leaves it.
    """
    if not path:
        return source
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
