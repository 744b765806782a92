"""The rows that a rule speaks against, in the order in which to read them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from ....verdict import Verdict
from ...evidence import redaction
from ...evidence.model import ROW_WORDS
from ...probes.judging import decide
from ...probes.probe import Probe, Rule
from .. import words

_FINDINGS = (Verdict.FAIL, Verdict.JUDGE)
#: So much later come leads in code that rarely runs or that nobody waits for. Routes come no
#: earlier than functions with an unknown caller: as many of these were worth a look.
_LATER = {"job": 1, "script": 2}
#: Names of what has few elements in most programs, or is worked on once.
_HANDFUL = words.pattern("handful")
_NAMES = ("over", "call", "function")
#: So many leads of one probe are placed together.
_AT_ONCE = 3
#: A further lead about the same loop comes that much later.
_AGAIN = 2
#: Functions that a framework calls for every row.
_PER_ROW = ("element", "view")
#: So many of the other places of a lead are named.
_NAMED = 5
_LINE = re.compile(r":\d+(?=['\"]|$)")
#: What every row has, and what it begins with.
PLACE = ("file", "line", "function", "entry")


#: Probe, file and line of a row.
RowKey = tuple[str, str, int]


@dataclass(frozen=True)
class Lead:
    """One place with what to decide about it. Names are plain or withheld."""

    probe: str
    category: str
    verdict: Verdict
    file: str
    line: int
    end_line: int
    function: str
    entry: str
    because: str
    ask: str
    more: Mapping[str, Any]
    rank: tuple[int, ...]
    #: Where the same change would mend it, too: functions as ``name@file:line``.
    also: tuple[str, ...] = ()
    #: The rows that it stands for.
    rows: tuple[RowKey, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What stays the same while lines move."""
        others = (_LINE.sub("", place) for place in self.also)
        more = _LINE.sub("", str(sorted(self.more.items())))
        text = "\0".join((self.probe, self.file, self.function, more, *sorted(others)))
        return blake2b(text.encode(), digest_size=10).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the lead as one object of ``leads/1``."""
        return {
            "probe": self.probe,
            "category": self.category,
            "verdict": self.verdict.value,
            "file": self.file,
            "line": self.line,
            "end_line": self.end_line,
            "function": self.function,
            "entry": self.entry,
            "because": self.because,
            "ask": self.ask,
            **self.more,
            **({"also": [*self.also[:_NAMED]], "places": len(self.also) + 1} if self.also else {}),
        }


def leads(
    probes: Sequence[Probe],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    asked: bool = False,
) -> tuple[Lead, ...]:
    """Return the leads, one for each place and category.

    Probes with ``once: function`` in their settings give the first one of each function, and all
    with ``once: loop`` together one of each loop.

    Args:
        asked: Also those of probes that give leads only when they are named, or for a change:
            ``settings: {leads: asked}``.
    """
    found: dict[tuple[str, int, str], list[Lead]] = {}
    for probe in probes:
        if probe.settings.get("leads") == "asked" and not asked:
            continue
        for row in rows[probe.reading]:
            finding = decide(probe, row)
            if finding.verdict in _FINDINGS and finding.rule is not None:
                lead = _lead(probe, finding.rule, row)
                found.setdefault((lead.file, lead.line, _kind(probe, lead)), []).append(lead)
    return _mixed(_joined(map(_one, found.values()), {probe.id: probe for probe in probes}))


def _one(alike: Iterable[Lead]) -> Lead:
    """Return the first of these to read, with the rows and the words of all."""
    ordered = sorted(alike, key=lambda lead: lead.rank)
    because = "; ".join(dict.fromkeys(lead.because for lead in ordered))
    rows = tuple(row for lead in ordered for row in lead.rows)
    return replace(ordered[0], because=because, rows=rows)


def waiting(
    probes: Sequence[Probe], rows: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[Lead, ...]:
    """Return the leads of the probes that wait to be asked."""
    return leads([p for p in probes if p.settings.get("leads") == "asked"], rows, asked=True)


def numbered(
    probe: Probe, rows: Iterable[Mapping[str, Any]], numbers: Mapping[RowKey, int]
) -> list[Mapping[str, Any]]:
    """Return a probe's rows in the order in which to read them, with the number of their lead.

    The first row of each lead comes before all others, since evidence keeps few rows.
    """
    found: list[tuple[bool, float, Mapping[str, Any]]] = []
    seen: set[int] = set()
    for row in rows:
        number = numbers.get((probe.id, row["file"], row["line"]))
        if number is None:
            found.append((True, math.inf, row))
        else:
            found.append((number in seen, number, {**row, "lead": number}))
            seen.add(number)
    return [row for *_, row in sorted(found, key=lambda one: one[:2])]


def _joined(found: Iterable[Lead], probes: Mapping[str, Probe]) -> Iterator[Lead]:
    """Make leads that one change would mend a single one, at the place to look at first."""
    kept: list[Lead] = []
    also: list[list[str]] = []
    rows: list[list[RowKey]] = []
    numbers: dict[tuple[str, ...], int] = {}
    for lead in sorted(found, key=_order):
        shared = list(_shared(lead, probes[lead.probe]))
        known = next((numbers[one] for one in shared if one in numbers), None)
        if known is not None:
            also[known].append(f"{lead.function}@{lead.file}:{lead.line}")
            rows[known] += lead.rows
            continue
        numbers |= dict.fromkeys(shared, len(kept))
        kept.append(lead)
        also.append([])
        rows.append([*lead.rows])
    return (
        replace(lead, also=tuple(more), rows=tuple(behind))
        for lead, more, behind in zip(kept, also, rows, strict=True)
    )


def _shared(lead: Lead, probe: Probe) -> Iterator[tuple[str, ...]]:
    """What a lead shares with others that the same change would mend.

    That is the class whose functions a framework calls for every row (one loader mends them all),
    the loop, and the function, where a probe asks its question once for each.
    """
    once = probe.settings.get("once")
    over = str(lead.more.get("over", "none"))
    if lead.entry in _PER_ROW and over == "none":
        yield (lead.probe, lead.file, lead.function.rpartition(".")[0])
    if once == "loop" and over not in ("none", redaction.WITHHELD):
        yield ("loop", lead.file, lead.function, over)
    if once == "function":
        yield (lead.probe, lead.file, lead.function)


def _order(lead: Lead) -> tuple[object, ...]:
    return (lead.rank, lead.file, lead.line)


def _kind(probe: Probe, lead: Lead) -> str:
    """What is reported once per line: what several probes are about, or a category."""
    return str(probe.settings.get("about", probe.id if lead.category == "other" else lead.category))


def _mixed(found: Iterable[Lead]) -> tuple[Lead, ...]:
    """The leads in order: a few of each probe before more of the same, a loop before it again."""
    seen: Counter[str] = Counter()
    loops: set[tuple[str, str, str]] = set()
    placed: list[tuple[tuple[int, ...], Lead]] = []
    for lead in sorted(found, key=_order):
        late = lead.rank[0] + seen[lead.probe] // _AT_ONCE
        loop = (lead.file, lead.function, str(lead.more.get("over", "")))
        late += _AGAIN if loop[2] and loop in loops else 0
        loops.add(loop)
        placed.append(((late, *lead.rank, len(placed)), lead))
        seen[lead.probe] += 1
    return tuple(lead for _, lead in sorted(placed, key=lambda one: one[0]))


def _lead(probe: Probe, rule: Rule, row: Mapping[str, Any]) -> Lead:
    place = redaction.row({name: row[name] for name in PLACE})
    names = " ".join(str(row.get(name, "")) for name in _NAMES)
    first = probe.settings.get("rank", 2) if rule.rank is None else rule.rank
    rank = (
        int(first) + _LATER.get(str(row["entry"]), 0) + bool(_HANDFUL.search(names)),
        rule.verdict is not Verdict.FAIL,
        int(row.get("hops", 0)),
    )
    return Lead(
        probe.id,
        str(probe.settings.get("category", "other")),
        rule.verdict,
        place["file"],
        int(row["line"]),
        int(row["end_line"]),
        place["function"],
        place["entry"],
        rule.because,
        rule.ask,
        {
            name: value
            for name, value in shown(probe, row).items()
            if name not in (*PLACE, "verdict")
        },
        rank,
        rows=((probe.id, row["file"], row["line"]),),
    )


def shown(probe: Probe, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a row that a reader needs, as they may be shown."""
    names = ("lead", *PLACE, *probe.shows)
    own = {name: row[name] for name in ROW_WORDS if name in row}  # words of the probe's rules
    return own | redaction.row({name: row[name] for name in names if name in row})
