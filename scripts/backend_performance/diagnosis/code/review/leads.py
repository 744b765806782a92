"""The rows that a rule speaks against, in the order in which to read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from ....verdict import Verdict
from ...evidence import redaction
from ...probes.judging import decide
from ...probes.probe import Probe, Rule

_FINDINGS = (Verdict.FAIL, Verdict.JUDGE)
#: So much later come leads in code that rarely runs. Routes come no earlier than functions with
#: an unknown caller: in public fixes as many of these were worth a look.
_LATER = {"migration": 2, "script": 2}
#: So many leads of one probe are placed together.
_AT_ONCE = 2
#: A further lead about the same loop comes that much later.
_AGAIN = 2
#: So many functions away is an effect that is reported once.
_FAR = 2
_PER_ROW = ("element", "view")
#: What every row has, and what it begins with.
PLACE = ("file", "line", "function", "entry")


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

    @property
    def fingerprint(self) -> str:
        """What stays the same while lines move."""
        text = "\0".join((self.probe, self.file, self.function, str(sorted(self.more.items()))))
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
        }


def leads(
    probes: Sequence[Probe],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    asked: bool = False,
) -> tuple[Lead, ...]:
    """Return the leads, one for each place and category.

    Probes with ``settings: {once: function}`` give the first one of each function and file.

    Args:
        asked: Also those of probes that give leads only when they are named, or for a change:
            ``settings: {leads: asked}``.
    """
    found: dict[tuple[str, int, str], Lead] = {}
    once = {probe.id for probe in probes if probe.settings.get("once") == "function"}
    for probe in probes:
        if probe.settings.get("leads") == "asked" and not asked:
            continue
        for row in rows[probe.reading]:
            finding = decide(probe, row)
            if finding.verdict in _FINDINGS and finding.rule is not None:
                lead = _lead(probe, finding.rule, row)
                key = (lead.file, lead.line, _kind(probe, lead))
                if key not in found or lead.rank < found[key].rank:
                    found[key] = lead
    return _mixed(_once(found.values(), once))


def _once(found: Iterable[Lead], probes: Collection[str]) -> Iterator[Lead]:
    """Leave out further leads of one function where a probe asks its question once for each.

    So is an effect that lies far away, in each file: one change of it mends every caller. So are
    the functions of a class that a framework calls for every element: one loader mends them all.
    """
    seen: set[tuple[str, ...]] = set()
    for lead in sorted(found, key=lambda lead: (lead.rank, lead.file, lead.line)):
        place: tuple[str, ...] = ()
        if lead.rank[-1] >= _FAR:
            place = (lead.probe, lead.file, *map(str, lead.more.get("via", ())[-2:]))
        elif lead.entry in _PER_ROW and lead.more.get("over") == "none":
            place = (lead.probe, lead.file, lead.function.rpartition(".")[0])
        elif lead.probe in probes:
            place = (lead.probe, lead.file, lead.function)
        if not place or place not in seen:
            yield lead
        seen.add(place)


def _kind(probe: Probe, lead: Lead) -> str:
    """What is reported once per line: one effect of a loop, and one lead of a category."""
    if probe.reading in ("repeated", "lazy"):
        return "loop"
    return probe.id if lead.category == "other" else lead.category


def _mixed(found: Iterable[Lead]) -> tuple[Lead, ...]:
    """The leads in order: a few of each probe before more of the same, a loop before it again."""
    seen: Counter[str] = Counter()
    loops: set[tuple[str, str, str]] = set()
    placed: list[tuple[tuple[int, ...], Lead]] = []
    for lead in sorted(found, key=lambda lead: (lead.rank, lead.file, lead.line)):
        late = lead.rank[0] + seen[lead.probe] // _AT_ONCE
        loop = (lead.file, lead.function, str(lead.more.get("over", "")))
        late += _AGAIN if loop[2] and loop in loops else 0
        loops.add(loop)
        placed.append(((late, *lead.rank, len(placed)), lead))
        seen[lead.probe] += 1
    return tuple(lead for _, lead in sorted(placed, key=lambda one: one[0]))


def _lead(probe: Probe, rule: Rule, row: Mapping[str, Any]) -> Lead:
    place = redaction.row({name: row[name] for name in PLACE})
    rank = (
        _LATER.get(str(row["entry"]), 0) + int(probe.settings.get("rank", 2)),
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
    )


def shown(probe: Probe, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a row that a reader needs, as they may be shown."""
    names = ("verdict", *PLACE, *probe.shows)
    return redaction.row({name: row[name] for name in names if name in row})
