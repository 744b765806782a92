"""What the skill that was read last says, so that a step of a walk need not parse Markdown.

It lies with the user's state, signed, where only this user may write. It counts while every page
is the file that was read, of the same size and not changed since, and no folder holds another one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import __version__, files
from ...refusal import Refusal
from ..session import SkillStamp, Step
from ..session_json import built, plain
from ..store import signature, state

_NAME = "items.json"
_MAX_BYTES = 16 * 2**20
#: What a file of another form raises while it is read.
_ODD = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Content:
    """What a skill says that a walk needs.

    Args:
        metrics: Rows of the key-metrics table, as in ``checklists/1``.
    """

    stamp: SkillStamp
    steps: tuple[Step, ...]
    metrics: tuple[Mapping[str, Any], ...]


def recall(folder: Path, digest: str) -> Content | None:
    """Return what the skill in ``folder`` says; ``None`` where it has to be read again.

    Args:
        digest: The SHA-256 of its SKILL.md as it is now.
    """
    for place in state.folders():
        with suppress(OSError, Refusal, *_ODD):
            state.refuse_foreign(place)
            read = files.read_regular(place / _NAME, _MAX_BYTES).decode("utf-8")
            seal, _, text = read.partition("\n")
            if not signature.is_ours(text, seal):
                continue
            data = json.loads(text)
            stamp = built(SkillStamp, data["skill"])
            is_same = data["of"] == _named(folder) and stamp.digest == digest
            if is_same and data["pages"] == _stamps(data["pages"]):
                steps = tuple(built(Step, each) for each in data["items"])
                return Content(stamp, steps, tuple(data["metrics"]))
    return None


def keep(folder: Path, pages: Iterable[Path], content: Content, began: int) -> None:
    """Remember what the skill says, where that is possible.

    Args:
        pages: The pages, and the folders of the skill.
        began: When the pages were opened, in nanoseconds; a page that changed later was perhaps
            read before its change.
    """
    with suppress(OSError, Refusal, StopIteration, ValueError):
        paths = [os.path.abspath(page) for page in pages]
        stamps = _stamps({*paths, *map(os.path.dirname, paths), os.path.abspath(folder)})
        if any(changed >= began for _, changed in stamps.values()):
            return
        data = {
            "of": _named(folder),
            "pages": stamps,
            "skill": plain(content.stamp),
            "items": [plain(each) for each in content.steps],
            "metrics": list(content.metrics),
        }
        place = next(state.folders())
        state.make(place)
        text = json.dumps(data)
        sealed = f"{signature.sign(text)}\n{text}"
        files.write_atomically(place / _NAME, sealed.encode(), 0o600)


def _named(folder: Path) -> list[str]:
    return [__version__, os.path.abspath(folder)]


def _stamps(pages: Iterable[str]) -> dict[str, Any]:
    """Return the size of each file or folder in bytes, and when it last changed, in ns."""
    found = ((page, os.stat(page)) for page in pages)
    return {page: [of.st_size, of.st_ctime_ns] for page, of in found}
