"""The result of `walk.py start`: what is wrong, what to judge, what is unknown.

An agent or a tired person reads the whole digest, so it has a budget. What does not fit is counted,
with the command that lists it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...program import called
from .. import causes, order
from ..causes import Cause
from ..figure import counted
from ..session import Reading, Session
from ..statements.model import Statement
from ..untrusted import plain, sentence
from . import alike, costs, lead_lines
from .card import cut

#: What this program is called where it was started.
_WALK = called("walk")

SCHEMA = "digest/1"
#: A conservative figure for English, names and SQL: o200k has 3.9.
CHARACTERS_PER_TOKEN = 3.6
MAX_CHARACTERS = round(2_500 * CHARACTERS_PER_TOKEN)
_MAX_NOTE = 160
_MAX_TITLE = 400
#: A link as `join.relocated` writes it, in brackets or after its label: `read:` says more.
_LINK = re.compile(r" ?\((?:[^()]* )?\(?(?:references|examples)/[^()\s]*\)?\)")
#: How many causes, leads with their question, further places of each, leads in one line, and
#: unknowns are shown; the first of these that keeps within the budget is taken.
_SHAPES = tuple(
    (failing, leads, alike, brief, unknown)
    for failing in (20, 15, 12, 8, 5)
    for leads, alike, brief in (
        *((14, 6, 10), (14, 4, 10), (12, 3, 12), (10, 3, 14), (7, 3, 14)),
        *((5, 3, 10), (3, 2, 10), (2, 2, 6)),
    )
    for unknown in (8, 5, 3)
)
#: How a reason's remedy begins if only time and traffic are missing.
_LATER = "run the probe again"


@dataclass(frozen=True)
class Digest:
    """What a walk knows once the systems were asked, ready for text or JSON."""

    session: Session
    causes: tuple[Cause, ...]
    #: What kept a probe from an answer → the probes.
    unknown: Mapping[str, tuple[str, ...]]
    #: What is available but was not asked, with the option that would ask it.
    not_asked: tuple[str, ...]
    open_items: int

    def of(self, verdict: str) -> tuple[Cause, ...]:
        """Return the causes of a verdict, ``fail`` or ``judge``."""
        return tuple(cause for cause in self.causes if cause.verdict == verdict)


def tokens_of(text: str) -> int:
    """Return the estimated number of tokens of a digest."""
    return round(len(text) / CHARACTERS_PER_TOKEN)


def build(session: Session, not_asked: Sequence[str] = ()) -> Digest:
    """Return the digest of a session; ``not_asked`` names what is available but was not asked."""
    return Digest(
        session=session,
        causes=causes.of(session),
        unknown=unknown_of(session.readings),
        not_asked=tuple(not_asked),
        open_items=len(order.queue(session)),
    )


def unknown_of(readings: Sequence[Reading]) -> dict[str, tuple[str, ...]]:
    """Return what kept probes from an answer → their names."""
    found: dict[str, list[str]] = {}
    for reading in readings:
        if reading.verdict == "unknown":
            found.setdefault(reading.reason or "no reason was given", []).append(reading.probe)
    return {reason: tuple(probes) for reason, probes in found.items()}


def to_json(digest: Digest, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the digest in the form ``digest/1``; ``summary`` counts the checklist items."""
    return {
        "schema": SCHEMA,
        "skill": {"name": digest.session.skill.name, "version": digest.session.skill.version},
        "started": digest.session.started,
        "summary": dict(summary),
        "causes": [cause.to_json() for cause in digest.causes],
        "unknown": [
            {"reason": reason, "probes": list(probes)} for reason, probes in digest.unknown.items()
        ],
        "not_asked": list(digest.not_asked),
    }


def render(digest: Digest) -> str:
    """Return the digest as text of at most ``MAX_CHARACTERS``."""
    for shape in _SHAPES:
        text = "\n".join(_lines(digest, *shape))
        if len(text) <= MAX_CHARACTERS:
            return text
    return text[: MAX_CHARACTERS - 1] + "…"


def _lines(
    digest: Digest,
    most_causes: int,
    most_leads: int,
    most_alike: int,
    most_brief: int,
    most_unknown: int,
) -> Iterator[str]:
    failing, leads = digest.of("fail"), digest.of("judge")
    yield _head(digest)
    yield from _read_lines(digest)
    if failing:
        yield "\nCAUSES, the most expensive first"
    notes: dict[str, int] = {}
    for number, cause in enumerate(failing[:most_causes], 1):
        yield from _cause_lines(number, cause, notes)
    yield from _more(len(failing) - most_causes, "causes", "list --state fail")
    if leads:
        every = f"{_WALK} list --state judge"
        yield f"\nLEADS, to judge: the evidence alone does not decide (all: {every})"
    kinds = alike.grouped(enumerate(leads, len(failing) + 1))
    for kind in kinds[:most_leads]:
        yield from lead_lines.full(kind, most_alike)
    shown = most_leads + most_brief
    yield from map(lead_lines.brief, kinds[most_leads:shown])
    yield from _more(sum(len(kind) for kind in kinds[shown:]), "leads", "list --state judge")
    yield from _unknown_lines(digest, most_unknown)
    if digest.not_asked:
        yield "\nAVAILABLE, BUT NOT ASKED"
        yield from (f"- {line}" for line in digest.not_asked[:6])
    yield (
        f"\nNEXT  {_WALK} show NUMBER (all of one cause) · {_WALK} report -o report.html · "
        f"{_WALK} next 5 ({digest.open_items} checklist items not settled by evidence)"
    )


def _head(digest: Digest) -> str:
    readings = digest.session.readings
    failing, leads = len(digest.of("fail")), len(digest.of("judge"))
    unknown = sum(len(probes) for probes in digest.unknown.values())
    passed = sum(reading.verdict == "pass" for reading in readings)
    took = sum(reading.took_ms or 0 for reading in readings) / 1000
    systems = ", ".join(_system(target.engine, target.server) for target in digest.session.targets)
    asked = (
        f"{len(readings)} probes of {systems} took {took:.1f} s" if readings else "no system asked"
    )
    return (
        f"{counted(failing, 'cause')}, {counted(leads, 'lead')}, {unknown} probes unanswered, "
        f"{passed} passed ({asked})"
    )


def _read_lines(digest: Digest) -> Iterator[str]:
    """Yield what was read of a code base, and how many leads are not among the evidence."""
    for server in (target.server for target in digest.session.targets if target.engine == "code"):
        languages, left = (
            ", ".join(f"{n:,} {plain(name, 60)}" for name, n in server[counts].items() if n)
            for counts in ("languages", "left_out")
        )
        yield (
            f"read: {server['lines']:,} lines in {counted(server['files'], 'file')} ({languages})"
            + ("" if server["complete"] else "; time was up before the rest")
            + (f". Left out: {left}" if left else "")
        )
        shown = sum(cause.number > 0 for cause in digest.causes)
        if (hidden := server.get("leads", 0) - shown) > 0:
            every = called("probe")
            yield f"{hidden} further leads of code, behind these: {every} code PATH --format leads"


def _system(engine: str, server: Mapping[str, Any]) -> str:
    parts = (engine, server.get("version"), server.get("database"))
    return " ".join(plain(part, 40) for part in parts if part)


def _cause_lines(number: int, cause: Cause, notes: dict[str, int]) -> Iterator[str]:
    yield f"{number:>2}. {cut(lead_lines.titled(cause), _MAX_TITLE)}"
    weight = f"impact {cause.impact or '?'}, effort {cause.effort or '?'}"
    spent = costs.unsaid(cause)
    gain = f" · measured: {cause.gain['figure']}" if cause.gain else ""
    yield f"    {spent + ' · ' if spent else ''}{weight}{gain} · {cause.id}"
    for statement in cause.statements[:3]:
        yield _statement_line(statement, notes, number)
    yield from _more(len(cause.statements) - 3, "statements", f"show {number}", "    ")
    if not cause.statements and cause.advice.get("fix"):
        yield f"    fix: {cut(_LINK.sub('', cause.advice['fix']))}"
    for place in cause.subject.places[:3]:
        yield f"    at {place}"
    if cause.read:
        yield f"    read: {cause.read}"


def _statement_line(statement: Statement, notes: dict[str, int], number: int) -> str:
    """Return a statement with its lock and risk, or with the cause that already names them."""
    first = notes.get(statement.note)
    notes.setdefault(statement.note, number)
    as_before = "as above" if first == number else f"as in {first}"
    note = as_before if first else cut(statement.note, _MAX_NOTE)
    text = " ".join(statement.text.split("\n"))
    return f"    run: {text}  {'--' if statement.language == 'sql' else '#'} {note}"


def _unknown_lines(digest: Digest, most: int) -> Iterator[str]:
    if not digest.unknown:
        return
    yield "\nNOT KNOWN, and how to find out"
    early = [name for why, names in digest.unknown.items() if _LATER in why for name in names]
    if early:
        yield f"- too little time or traffic; run again under the usual load: {', '.join(early)}"
    others = [pair for pair in digest.unknown.items() if _LATER not in pair[0]]
    ordered = sorted(others, key=lambda pair: -len(pair[1]))
    for reason, probes in ordered[:most]:
        named = ", ".join(probes[:3]) + (f" and {len(probes) - 3} more" if len(probes) > 3 else "")
        yield f"- {named}: {cut(sentence(reason))}"
    yield from _more(len(ordered) - most, "reasons", "report")


def _more(hidden: int, nouns: str, command: str, indent: str = "") -> Iterator[str]:
    """Yield how many are not shown, and the command that shows them."""
    if hidden > 0:
        noun = nouns.removesuffix("s") if hidden == 1 else nouns
        yield f"{indent}… {hidden} more {noun}: {_WALK} {command}"
