"""Records in YAML, as ``gcloud logging read`` prints them; opened into records in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import yaml

from .... import plain_yaml
from ..event import MAX_MESSAGE, Line
from . import Envelope

#: A line between two records, a field of an entry of Cloud Logging, or a field below it.
_FIELD = re.compile(
    r"---\Z|(?:insertId|logName|receiveTimestamp|resource|severity|textPayload|jsonPayload|timestamp"
    r"|labels):(?: |\Z)|  +[\w./-]+:(?: |\Z)"
)
#: A record has no anchors; a text made of them would grow without end.
_ANCHOR = re.compile(r"(?:^|[\s\[{,])&\w", re.M)


def _open(lines: Iterable[Line]) -> Iterator[Line]:
    record: list[str] = []
    size = 0
    for line in lines:
        if line.text == "---":
            yield from _records(record)
            record, size = [], 0
        elif size < MAX_MESSAGE:
            record.append(line.text)
            size += len(line.text)
    yield from _records(record)


def _records(texts: list[str]) -> Iterator[Line]:
    """Yield what is a record as JSON; anything else as it is."""
    text = "\n".join(texts)
    try:
        found = plain_yaml.load(text) if not _ANCHOR.search(text) else None
    except (yaml.YAMLError, ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        yield Line(json.dumps(found, default=str))
    else:
        yield from map(Line, texts)


ENVELOPE = Envelope("YAML", lambda text: _FIELD.match(text) is not None, _open)
