"""Show what would be sent to a system, or log what was sent."""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ..diagnosis.engine import Engine
from ..diagnosis.guards import sent
from ..diagnosis.probes import catalog
from ..refusal import Refusal


def add_to(parser: argparse._ActionsContainer) -> None:
    """Add the option that names the file."""
    parser.add_argument(
        "--audit-log", type=Path, metavar="FILE", help="append what is sent to FILE, as JSON lines"
    )


class _Lines(logging.Formatter):
    """Formats a record as one line of JSON: time, system and text sent."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        at = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"at": at, "system": getattr(record, "system", ""), "sent": record.getMessage()}
        return json.dumps(line, ensure_ascii=False)


class _Kept(logging.StreamHandler[TextIO]):
    """Refuses to go on when the log cannot be written: nothing is sent unlogged."""

    def handleError(self, record: logging.LogRecord) -> None:
        raise Refusal("the audit log cannot be written, so nothing more is sent") from None


@contextmanager
def log(file: Path | None) -> Iterator[None]:
    """Append each thing that is sent to the file, which only its owner may read.

    Raises:
        Refusal: the file cannot be written; nothing was sent.
    """
    if file is None:
        yield
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for name in ("O_NOFOLLOW", "O_NONBLOCK"):  # a pipe that nobody reads would wait for ever
        flags |= getattr(os, name, 0)
    try:
        stream = os.fdopen(os.open(file, flags, 0o600), "a", encoding="utf-8", errors="replace")
    except OSError as error:
        raise Refusal(f"the audit log {file} cannot be written: {error.strerror}") from None
    handler = _Kept(stream)
    handler.setFormatter(_Lines())
    sent.LOGGER.addHandler(handler)
    try:
        yield
    finally:
        sent.LOGGER.removeHandler(handler)
        with suppress(OSError):  # a line that was refused
            stream.close()


def plan(engine: Engine, only: tuple[str, ...]) -> str:
    """Return what a run would send, in order, without sending anything.

    Raises:
        Refusal: ``only`` names a probe that does not exist.
    """
    chosen = catalog.choose(catalog.load(engine.name), only)
    parts = [f"-- to begin with\n{text};" for text in engine.opening()]
    for probe, texts in sent.planned(chosen):
        parts += [f"-- {probe}\n{text};" for text in texts]
    return "\n\n".join(parts) or "nothing is sent; only files and counters of this machine are read"
