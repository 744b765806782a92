"""The items of the skill that was read last, so that a step of a walk need not parse Markdown.

They lie with the user's state, signed, where only this user may write. They count while every page
is the file that was read: of the same size, and not changed since.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ... import __version__, files
from ..refusal import Refusal
from ..session import Step
from ..session_json import built, plain
from ..store import signature, state

_NAME = "items.json"
_MAX_BYTES = 16 * 2**20
#: What a file of another form raises while it is read.
_ODD = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


def recall(folder: Path) -> tuple[Step, ...]:
    """Return the items of the skill in ``folder``; none where they have to be read again."""
    for place in state.folders():
        with suppress(OSError, Refusal, *_ODD):
            state.refuse_foreign(place)
            read = files.read_regular(place / _NAME, _MAX_BYTES).decode("utf-8")
            seal, _, text = read.partition("\n")
            if not signature.is_ours(text, seal):
                continue
            data = json.loads(text)
            if data["of"] == _named(folder) and data["pages"] == _stamps(data["pages"]):
                return tuple(built(Step, each) for each in data["items"])
    return ()


def keep(folder: Path, pages: Iterable[Path], items: Sequence[Step], began: int) -> None:
    """Remember the items, where that is possible.

    Args:
        began: When the pages were opened, in nanoseconds; a page that changed later was perhaps
            read before its change.
    """
    with suppress(OSError, Refusal, StopIteration, ValueError):
        stamps = _stamps(os.path.abspath(page) for page in pages)
        if any(changed >= began for _, changed in stamps.values()):
            return
        data = {"of": _named(folder), "pages": stamps, "items": [plain(each) for each in items]}
        place = next(state.folders())
        state.make(place)
        text = json.dumps(data)
        sealed = f"{signature.sign(text)}\n{text}"
        files.write_atomically(place / _NAME, sealed.encode(), 0o600)


def _named(folder: Path) -> list[str]:
    return [__version__, os.path.abspath(folder)]


def _stamps(pages: Iterable[str]) -> dict[str, Any]:
    """Return the size of each file in bytes, and when it last changed, in nanoseconds."""
    found = ((page, os.stat(page)) for page in pages)
    return {page: [of.st_size, of.st_ctime_ns] for page, of in found}
