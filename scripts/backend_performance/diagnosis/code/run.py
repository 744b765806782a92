"""Reading a code base and answering the probes."""

from __future__ import annotations

import gc
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...verdict import Verdict
from ...workers import cores, pool
from ..evidence.model import Evidence
from ..probes import catalog
from ..probes.probe import Probe
from ..probes.run import Rows, Run, answers
from ..trouble import CannotRun, NoAnswer
from .base import Code
from .effects import Effects
from .facts import File
from .locations import locations
from .project import Project
from .review.leads import Lead, leads, numbered, shown, waiting
from .source.files import Census, Source, content, sources

if TYPE_CHECKING:
    from .review.changed import Lines

ENGINE = "code"
TOTAL_SECONDS = 600.0
#: Below that many files a second process costs more than it saves.
_MANY = 400
_CHUNK = 60


@dataclass(frozen=True)
class CodeRun(Run):
    """The answers, and every lead behind them in the order in which to read them."""

    leads: tuple[Lead, ...] = ()
    lines: int = 0


@contextmanager
def _without_collector() -> Iterator[None]:
    """Switch the garbage collector off: all facts are kept, and it takes a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_without_collector()
def run_code(
    root: Path,
    *,
    only: Collection[str] | None = None,
    changed: str | None = None,
    timeout: float = TOTAL_SECONDS,
) -> CodeRun:
    """Read a code base and answer the probes of the catalogue, or ``only`` those named.

    Args:
        changed: A revision; only what differs from it gives leads.

    Raises:
        CannotRun: there is no such folder, no parser, or no such revision.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    chosen = catalog.choose(catalog.load(ENGINE), only)
    started = time.monotonic()
    if not root.is_dir():
        raise CannotRun(f"{root} is not a folder")
    touched = None
    if changed is not None:
        from .review.changed import changed_lines

        touched = changed_lines(root, changed)
    census = Census()
    deadline = started + timeout
    files, complete = read(root, census, deadline)
    project = Project(files)
    code = Code(project, Effects(project), _signs_in(census), root)
    rows, answered = _rows(code, chosen, deadline)
    if touched is not None:
        rows = _of_change(code, rows, touched)
    took = (time.monotonic() - started) * 1000
    whole = complete and answered
    asked = bool(only) or changed is not None
    to_read = leads(chosen, rows, asked=asked)
    every = (*to_read, *(() if asked else waiting(chosen, rows)))
    numbers = {key: number for number, lead in enumerate(every, 1) for key in lead.rows}
    found = answers(
        chosen,
        lambda probe: numbered(probe, _answer(probe, rows, files, whole), numbers),
        shared_ms=took,
    )
    lines = sum(file.lines for file in files)
    return CodeRun(
        server=_server(files, lines, census, whole) | {"leads": len(every)},
        evidence=tuple(_cut(code, probe, one) for probe, one in zip(chosen, found, strict=True)),
        leads=to_read,
        located=locations(code),
        lines=lines,
    )


def read(root: Path, census: Census, deadline: float) -> tuple[list[File], bool]:
    """Return the facts of all files, and whether all were read in time."""
    found = list(sources(root, census, deadline))
    if time.monotonic() > deadline:
        return [], False
    files: list[File] = []
    for part, reasons in _parts(found):
        files += part
        for reason, name in reasons:
            census.leave(reason, name)
        if time.monotonic() > deadline:
            return files, len(files) + sum(census.skipped.values()) >= len(found)
    return files, True


Part = tuple[list[File], list[tuple[str, str]]]


def _parts(found: Sequence[Source]) -> Iterator[Part]:
    workers = cores()
    shares = [tuple(found[i : i + _CHUNK]) for i in range(0, len(found), _CHUNK)]
    if len(found) < _MANY or workers < 2:
        yield from map(_read, shares)
        return
    with pool(workers) as processes:
        try:
            yield from processes.map(_read, shares)
        finally:
            processes.shutdown(wait=False, cancel_futures=True)


@_without_collector()
def _read(share: Sequence[Source]) -> Part:
    from .source.changelogs import LANGUAGE as CHANGELOG
    from .source.changelogs import changelog
    from .source.extract import TooCostlyError, extract
    from .source.plain import PLAIN, plain
    from .source.templates import LANGUAGE, template

    readers = dict.fromkeys(PLAIN.values(), plain) | {LANGUAGE: template, CHANGELOG: changelog}
    files: list[File] = []
    reasons: list[tuple[str, str]] = []
    for source in share:
        text, reason = content(source)
        if reason:
            reasons.append((reason, source.relative))
            continue
        try:
            file = readers.get(source.language, extract)(source.relative, text, source.language)
        except TooCostlyError as error:
            reasons.append((str(error), source.relative))
            continue
        if file.damaged:
            reasons.append(("read in part: the parser met something else", source.relative))
        files.append(file)
    return files, reasons


def _signs_in(census: Census) -> tuple[str, ...] | None:
    from .readings.practices import practices_table
    from .source.files import words

    if not census.tests:
        return None
    signs = [sign for row in practices_table() if row.where == "tests" for sign in row.signs]
    return tuple(sorted(words(census.tests, signs)))


def _rows(
    code: Code, probes: Sequence[Probe], deadline: float
) -> tuple[dict[str, list[dict[str, Any]]], bool]:
    """Return the rows of each reading, and whether there was time for all of them."""
    from .readings import READINGS

    found: dict[str, list[dict[str, Any]]] = {probe.reading: [] for probe in probes}
    for name, rows in found.items():
        for row in READINGS[name](code):
            rows.append(row)
            if time.monotonic() > deadline:
                return found, False
    return found, True


def _of_change(
    code: Code, rows: dict[str, list[dict[str, Any]]], touched: Lines
) -> dict[str, list[dict[str, Any]]]:
    """The rows of each reading that a change touches."""
    from .review.changed import within

    return {name: [r for r in found if within(code, r, touched)] for name, found in rows.items()}


def _answer(
    probe: Probe, rows: dict[str, list[dict[str, Any]]], files: list[File], complete: bool
) -> Rows:
    if not files:
        raise NoAnswer("no source file in a supported language")
    found = rows[probe.reading]
    if not complete and not found:
        raise NoAnswer("time was up before all was read. To find out: raise --timeout")
    return found


#: Why a probe of code never passes.
_NOT_SEEN = (
    "none was found in the code that was read, which does not show that there is none. "
    "To find out: search as references/reading-code.md says"
)


def _cut(code: Code, probe: Probe, evidence: Evidence) -> Evidence:
    """The evidence with the columns a reader needs; what was not found is not proved absent."""
    if note := code.notes.get(probe.reading):
        evidence = replace(evidence, caveats=(*evidence.caveats, note))
    if evidence.verdict is Verdict.PASS:
        return replace(evidence, verdict=Verdict.UNKNOWN, reason=_NOT_SEEN, rows=())
    return replace(evidence, rows=tuple(shown(probe, row) for row in evidence.rows))


def _server(files: list[File], lines: int, census: Census, complete: bool) -> dict[str, Any]:
    languages: dict[str, int] = {}
    for file in files:
        languages[file.language] = languages.get(file.language, 0) + file.lines
    left = dict(census.skipped.most_common())
    return {
        "files": len(files),
        "lines": lines,
        "languages": dict(sorted(languages.items(), key=lambda pair: -pair[1])),
        "left_out": left,
        "complete": complete,
    }
