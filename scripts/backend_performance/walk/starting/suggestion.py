"""What was probably meant by a name that does not exist."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(word: str, names: Sequence[str]) -> str:
    """Return a half sentence that names the nearest of ``names``, empty where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
