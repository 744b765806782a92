"""One item as an agent gets it: everything needed to decide it, in at most 1,600 characters.

An agent asks for the next item some sixty times in a walk. About 400 tokens for each keep that
affordable. Longer texts are cut, the longest field first, and the card says where the rest is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ...diagnosis.evidence.model import RULE_WORDS
from ...program import called
from ..order import Standing
from ..session import Reading
from ..untrusted import code, plain, sentence

MAX_CHARACTERS = 1_600
_WALK = called("walk")
NOTHING = f"Nothing is left to ask: every item is settled. For the result: {_WALK} report"
_MAX_ROWS = 3
_SHORTEST = 24
#: Titles of this skill are at most 80; a plain item of another skill is all title.
_MAX_TITLE = 200
_MAX_LINK = 120
#: Of a line whose length nothing else bounds.
_MAX_LINE = 260

Fields = dict[str, str]


def text(standing: Standing, place: int, total: int) -> str:
    """Return the card as text."""
    card = _fitted(
        standing, lambda fields, is_cut: _as_text(standing, place, total, fields, is_cut)
    )
    # An identifier can be longer than everything else together, in another skill.
    return card if len(card) <= MAX_CHARACTERS else card[: MAX_CHARACTERS - 1] + "…"


def data(standing: Standing, place: int, total: int) -> dict[str, Any]:
    """Return the card for JSON, as bounded as the text."""
    card: dict[str, Any] = json.loads(
        _fitted(standing, lambda fields, is_cut: _as_json(standing, place, total, fields, is_cut))
    )
    return card


def evidence_line(reading: Reading, rows: int = _MAX_ROWS) -> str:
    """Return a reading in one line: verdict, reason, threshold and first rows."""
    parts = [f"{reading.probe} {reading.verdict}: {sentence(reading.reason or 'no reason given')}"]
    if reading.question:
        parts.append(f"decide: {sentence(reading.question)}")
    shown = [_pairs(row) for row in reading.rows[:rows]]
    if shown:
        more = len(reading.rows) - len(shown)
        tail = f"; {more} more" if more > 0 else ""
        parts.append("rows: " + "; ".join(shown) + tail + (" (list cut)" * reading.truncated))
    elif reading.observed:
        parts.append(f"observed: {_pairs(reading.observed)}")
    if reading.threshold:
        parts.append(f"threshold: {_pairs(reading.threshold)}")
    return " — ".join(parts)


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{plain(key, 60)}={code(value, 80)}"
        for key, value in list(values.items())[:8]
        if key not in RULE_WORDS
    )


def _fields(standing: Standing) -> Fields:
    readings = (*standing.readings, *standing.related)
    fields = {
        "about": standing.about,
        "evidence": "\n".join(evidence_line(reading) for reading in readings),
        **{name: text for name, text in standing.step.advice.items() if name != "why"},
    }
    return {name: value for name, value in fields.items() if value}


def _fitted(standing: Standing, render: Callable[[Fields, bool], str]) -> str:
    """Return the rendering with the largest bound per field that stays within the limit."""
    fields = _fields(standing)
    whole = render(fields, False)
    if len(whole) <= MAX_CHARACTERS:
        return whole
    low, high = _SHORTEST, MAX_CHARACTERS
    while low < high:
        middle = (low + high + 1) // 2
        if len(render(_cut_all(fields, middle), True)) <= MAX_CHARACTERS:
            low = middle
        else:
            high = middle - 1
    return render(_cut_all(fields, low), True)


def _cut_all(fields: Fields, limit: int) -> Fields:
    return {name: cut(value, limit) for name, value in fields.items()}


def cut(value: str, limit: int = _MAX_LINE) -> str:
    """Cut at a nearby word boundary, and close a code span that would stay open."""
    if len(value) <= limit:
        return value
    head = value[: limit - 2]
    head = head[: max(head.rfind(" "), limit // 2)].rstrip(" ,;:—")
    return head + ("`…" if head.count("`") % 2 else "…")


def _as_text(standing: Standing, place: int, total: int, fields: Fields, is_cut: bool) -> str:
    step = standing.step
    weight = f"impact {step.impact or 'not stated'}, effort {step.effort or 'not stated'}"
    quick = ", quick win" if step.aliases else ""
    lines = [
        f"{place} of {total}: {cut(step.title, _MAX_TITLE)}",
        f"ID: {step.id}",
        f"State: {standing.verdict} · {weight}{quick}",
        *(f"{name.capitalize()}: {value}" for name, value in fields.items()),
        f"Read: {' · '.join(_links(standing))}",
    ]
    if is_cut:
        lines.append(f"Cut to fit. Full text: {step.file}:{step.line}, and `{_WALK} report --full`")
    lines.append(f'Then: {_WALK} record ID fail|pass|not_applicable|unknown|judge --note "…"')
    return "\n".join(lines)


def _as_json(standing: Standing, place: int, total: int, fields: Fields, is_cut: bool) -> str:
    step = standing.step
    card = {
        "item": step.id,
        "title": cut(step.title, _MAX_TITLE),
        "state": standing.verdict,
        "impact": step.impact,
        "effort": step.effort,
        "quick_win": bool(step.aliases),
        "place": place,
        "total": total,
        **fields,
        "probes": [reading.probe for reading in (*standing.readings, *standing.related)][:12],
        "read": _links(standing),
        "cut": is_cut,
        "in_full": f"{step.file}:{step.line}",
    }
    return json.dumps(card, ensure_ascii=False, separators=(",", ":"))


def _links(standing: Standing) -> list[str]:
    step = standing.step
    links = list(dict.fromkeys((*step.read, *step.cases)))[:4]
    return [cut(link, _MAX_LINK) for link in links] or [f"{step.file}:{step.line}"]
