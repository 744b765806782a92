"""Reading a log to its end, or until time is up, and answering the probes."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...verdict import Verdict
from ..evidence.model import Evidence
from ..probes import catalog, judging
from ..probes.probe import Probe
from ..probes.run import Rows, Run, answers
from ..trouble import CannotRun, NoAnswer
from . import parts, reading
from .digest import Digest
from .files import source
from .readers import readers
from .recognition import Format, recognised
from .rows import rows

ENGINE = "sqllog"
TOTAL_SECONDS = 120.0
#: PostgreSQL's own logs; of a directory that holds one log in several formats, the first is read.
_SAME_LOG = ("csvlog", "jsonlog", "stderr")
_BORDERS = "read in {} parts: what a session runs across a border counts as two groups"


def run_sqllog(
    file: Path,
    *,
    kind: str = "auto",
    dialect: str | None = None,
    prefix: str | None = None,
    only: Collection[str] | None = None,
    timeout: float = TOTAL_SECONDS,
    progress: reading.Progress = reading.nowhere,
) -> Run:
    """Read a log and answer the probes of the catalogue, or ``only`` those named.

    Args:
        file: A file, also compressed, a directory, or ``-`` for standard input.
        kind: Name of the format, where it is not to be found out.
        dialect: postgres or mysql: how strings are quoted.
        prefix: PostgreSQL's ``log_line_prefix``, where it is not to be found out.
        timeout: Seconds in all.
        progress: Called now and then with the bytes read and the bytes of all.

    Raises:
        CannotRun: there is no such log, or its format is unknown.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    chosen = catalog.choose(catalog.load(ENGINE), only)
    if kind != "auto" and kind not in readers():
        raise CannotRun(f"unknown format {kind!r}; expected one of {', '.join(readers())}")
    started = time.monotonic()
    settings = {"kind": kind, "dialect": dialect, "prefix": prefix}
    try:
        format_, digest, passed_over = _read(file, settings, started + timeout, progress)
    except OSError as error:
        raise CannotRun(f"the log cannot be read: {error.strerror or error}") from None
    took = (time.monotonic() - started) * 1000
    server = described(format_, digest) | ({"passed_over": passed_over} if passed_over else {})
    common, lack = _common(digest, server), _lack(server)

    def rows_of(probe: Probe) -> Rows:
        if lack and not server["statements"]:
            raise NoAnswer(lack)
        return rows(probe.reading, digest, common)

    evidence = answers(chosen, rows_of, shared_ms=took)
    return Run(
        server, tuple(_honest(*pair, server, lack) for pair in zip(chosen, evidence, strict=True))
    )


def _read(
    file: Path, settings: dict[str, Any], deadline: float, progress: reading.Progress
) -> tuple[Format, Digest, list[str]]:
    files = source.files(file)
    if files == [source.STDIN]:
        format_, digest = reading.read_stream(
            deadline, lambda head: recognised(head, **settings), progress
        )
        return format_, digest, []
    formats: dict[Path, Format] = {}
    unknown: list[str] = []
    for one in files:
        try:
            formats[one] = reading.format_of(one, settings)
        except CannotRun:
            if len(files) == 1:
                raise
            unknown.append(one.name)
    wanted = _chosen(formats, file)
    pieces = [
        part
        for one, format_ in formats.items()
        if format_.reader == wanted
        for part in parts.cut(one, format_, deadline)
    ]
    others = [one.name for one, format_ in formats.items() if format_.reader != wanted]
    return pieces[0].format, parts.read_parts(pieces, progress), sorted(unknown + others)[:20]


def _chosen(formats: Mapping[Path, Format], file: Path) -> str:
    """Return the format to read: of one log in several forms the fullest, else the most bytes."""
    if not formats:
        raise CannotRun(f"{file.name} holds no known log; name one of its files with --format")
    sizes: dict[str, int] = {}
    for one, format_ in formats.items():
        sizes[format_.reader] = sizes.get(format_.reader, 0) + one.stat().st_size
    largest = max(sizes, key=sizes.__getitem__)
    same = [name for name in _SAME_LOG if name in sizes]
    return same[0] if largest in _SAME_LOG else largest


def described(format_: Format, digest: Digest) -> dict[str, Any]:
    """Return what was read: format, lines understood and sizes."""
    count = digest.count
    understood = max(count.lines - count.missed, 0)
    read, size = digest.sizes
    recognised_as = f"recognised as {format_.title}; {understood} of {count.lines} lines understood"
    if count.examples:
        recognised_as += f"; the rest begin with {' | '.join(count.examples)}"
    read_pct = round(100 * read / size, 1) if size else 100.0
    if digest.damaged:
        recognised_as = f"not read to the end: {'; '.join(digest.damaged[:3])}; {recognised_as}"
    elif read_pct < 100:
        recognised_as = f"only {read_pct} % of the log was read in time; {recognised_as}"
    if digest.parts > 1:
        recognised_as += f"; {_BORDERS.format(digest.parts)}"
    damaged = {"damaged": digest.damaged[:20]} if digest.damaged else {}
    return damaged | {
        "recognised": recognised_as,
        "format": format_.reader,
        "dialect": format_.dialect,
        "lines": count.lines,
        "lines_understood": understood,
        "bytes": size,
        "read_pct": read_pct,
        "statements": digest.tally.statements,
        "groups": digest.repeats.groups,
        "different_statements": len(digest.tally.totals),
        "sessions": _sessions(digest),
    }


def _sessions(digest: Digest) -> str:
    return "unknown" if digest.repeats.unplaced > digest.tally.statements / 2 else "known"


def _common(digest: Digest, server: Mapping[str, Any]) -> dict[str, Any]:
    names = ("lines", "lines_understood", "read_pct", "statements", "sessions", "format")
    return {name: server[name] for name in names} | {
        "fastest_ms": digest.tally.fastest_ms,
        "logged_durations": any(total.timed for total in digest.tally.totals.values()),
        "from_postgres": server["format"] in _SAME_LOG,
        "dialect": server["dialect"],
    }


def _honest(probe: Probe, evidence: Evidence, server: Mapping[str, Any], lack: str) -> Evidence:
    """Return the evidence as far as it carries: what was not read or understood passes nothing."""
    if lack and evidence.verdict is Verdict.PASS:
        return replace(judging.missing(probe, lack), took_ms=evidence.took_ms)
    if _is_cut_short(server) and evidence.verdict in (Verdict.FAIL, Verdict.JUDGE):
        return replace(evidence, reason=f"{_share_read(server)}: {evidence.reason}")
    return evidence


def _share_read(server: Mapping[str, Any]) -> str:
    why = "could be read" if "damaged" in server else "the time limit allowed"
    return f"in the first {server['read_pct']} % of the log, as far as {why}"


def _is_cut_short(server: Mapping[str, Any]) -> bool:
    return server["read_pct"] < 100 or "damaged" in server


def _lack(server: Mapping[str, Any]) -> str:
    """Return why nothing found in the log is no proof that there is nothing."""
    if "damaged" in server:
        return (
            f"the log was not read to its end: {'; '.join(server['damaged'][:3])}. "
            "To find out: fetch the file again, or name one that is whole"
        )
    if server["read_pct"] < 100:
        return (
            f"only {server['read_pct']} % of the log was read before the time limit. "
            "To find out: raise --timeout, or name a part of the log"
        )
    if not server["statements"]:
        return (
            f"no statement in the log: {server['recognised']}. "
            "To find out: log statements, or name the format with --format"
        )
    if server["lines_understood"] * 2 < server["lines"]:
        return f"most of the log was not understood: {server['recognised']}"
    return ""
