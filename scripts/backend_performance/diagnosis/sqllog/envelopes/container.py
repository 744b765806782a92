"""The lines of a container: CRI, Docker Compose's and kubectl's prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..event import MAX_MESSAGE, Clock, Line
from . import Envelope

_CRI = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (?:stdout|stderr) "
    r"(?P<whole>[FP]) ?"
)
#: ``database-1  | text`` of Docker Compose; ``[pod/database-0/postgres] text`` of kubectl.
_NAMED = re.compile(
    r"(?:\x1b\[[\d;]*m)?(?:[a-z0-9][\w.-]* +\| ?|\[pod/[\w.-]+/[\w.-]+\] ?)(?:\x1b\[0m)?"
)


def _open(lines: Iterable[Line]) -> Iterator[Line]:
    clock, begun = Clock(), ""
    for line in lines:
        match = _CRI.match(line.text)
        if match is None:
            named = _NAMED.match(line.text)
            yield line._replace(text=line.text[named.end() :]) if named else line
            continue
        begun += line.text[match.end() :]
        if match["whole"] == "P" and len(begun) < MAX_MESSAGE:
            continue
        yield line._replace(text=begun, at=clock.read(match["at"]))
        begun = ""


def _recognises(text: str) -> bool:
    return _CRI.match(text) is not None or _NAMED.match(text) is not None


ENVELOPE = Envelope("container", _recognises, _open)
