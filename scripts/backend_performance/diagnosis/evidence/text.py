"""Evidence for a person at a terminal: what is wrong first, one table per finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...verdict import VERDICTS
from .model import ROW_WORDS

_MARKS = {"fail": "✗", "judge": "?", "unknown": "–", "pass": "✓", "not_applicable": " "}
_COLOURS = {"fail": "31", "judge": "33", "unknown": "90"}
#: Wider values are shown below their row, each on its own line.
_WIDEST, _MOST_COLUMNS = 44, 8
_Row = Mapping[str, Any]


def to_text(document: Mapping[str, Any], colour: bool = False) -> str:
    """Return the document ``evidence/1`` as text, worst verdict first."""
    lines = [_summary(document), document["note"]]
    found = document["evidence"]
    for verdict in ("fail", "judge"):
        for one in (each for each in found if each["verdict"] == verdict):
            lines += ["", *_block(one, colour)]
    for alike in _by_reason([each for each in found if each["verdict"] == "unknown"]):
        lines += ["", *_block(alike, colour)]
    rest = {v: [e["probe"] for e in found if e["verdict"] == v] for v in ("pass", "not_applicable")}
    for verdict, probes in rest.items():
        if probes:
            names = ", ".join(probe.partition("/")[2] for probe in sorted(probes))
            lines += ["", f"{_MARKS[verdict]} {verdict.replace('_', ' ')}: {names}"]
    lines += ["", "Statements to run, with their lock and risk: scripts/walk.py start"]
    return "\n".join(lines)


def _summary(document: Mapping[str, Any]) -> str:
    server, summary = document["server"], document["summary"]
    named = [str(server[name]) for name in ("version", "database") if server.get(name)]
    counts = ", ".join(f"{summary[v]} {v.replace('_', ' ')}" for v in map(str, VERDICTS))
    return f"{' '.join([document['engine'], *named])}: {counts}; {summary['took_ms']} ms"


def _by_reason(unknown: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield what is unknown, with all its probes where they have the same reason and no rows."""
    probes: dict[str, list[str]] = {}
    for one in unknown:
        if not one["rows"]:
            probes.setdefault(one["reason"], []).append(one["probe"])
    for one in unknown:
        names = probes.get(one["reason"], []) if not one["rows"] else [one["probe"]]
        if one["probe"] == names[0]:
            yield {**one, "probe": ", ".join(names)}


def _block(one: Mapping[str, Any], colour: bool) -> Iterator[str]:
    verdict = one["verdict"]
    head = f"{_MARKS[verdict]} {verdict} {one['probe']}"
    yield f"\x1b[1;{_COLOURS[verdict]}m{head}\x1b[0m" if colour else head
    yield f"  {one['reason']}"
    yield from (f"  {line}" for line in table(one["rows"]))
    counted = sum(one["observed"].get(name, 0) for name in ("fail", "judge"))
    hidden = counted - len(one["rows"])
    if hidden > 0:
        yield f"  {hidden} more: --only {one['probe']} --rows 20"
    elif one["truncated"]:
        yield "  more than the probe lists"
    if not one["rows"] and one["observed"] and verdict != "unknown":
        yield "  " + ", ".join(f"{name} {_value(v)}" for name, v in one["observed"].items())
    if one["question"]:
        yield f"  decide: {one['question']}"
    item = next(iter((*one["decides"], *one["related"])), None)
    if item and verdict != "unknown":
        yield f"  fix: scripts/checklists.py --id {item}"


def table(rows: Sequence[_Row]) -> list[str]:
    """Return rows as lines with aligned columns, numbers to the right."""
    if not rows:
        return []
    names = [n for n in dict.fromkeys(k for row in rows for k in row) if n not in ROW_WORDS]
    if len({row.get("verdict") for row in rows}) > 1:
        names.insert(0, "verdict")
    names = [n for n in names if any(row.get(n) is not None for row in rows)]
    wide = [n for n in names if any(len(_value(row.get(n))) > _WIDEST for row in rows)]
    narrow = [n for n in names if n not in wide][:_MOST_COLUMNS]
    widths = [max(len(n), *(len(_value(row.get(n))) for row in rows)) for n in narrow]
    lines = ["  ".join(n.ljust(w) for n, w in zip(narrow, widths, strict=True)).rstrip()]
    for row in rows:
        cells = (
            _value(row.get(n)).rjust(w) if _is_number(row.get(n)) else _value(row.get(n)).ljust(w)
            for n, w in zip(narrow, widths, strict=True)
        )
        lines.append("  ".join(cells).rstrip())
        lines += [f"  {n}: {_value(row[n])}" for n in wide if row.get(n) is not None]
    return lines


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _value(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if _is_number(value):
        return f"{value:,}" if abs(value) >= 100_000 else str(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_value, value))
    return str(value)
