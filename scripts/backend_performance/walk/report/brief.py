"""The sections of the short Markdown report that tell less than the complete one.

What stands behind several items is said once; what is not said is counted, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..order import WORDS, Standing
from ..untrusted import sentence
from .model import Report
from .reading import summary

TO_JUDGE = "Evidence points here; somebody who knows the system decides."
NOT_KNOWN = "Missing evidence is not a pass. What was missing, and how to get it:"


def heading(title: str, text: str = "") -> Iterator[str]:
    """Yield a section's heading and its first sentence."""
    yield f"## {title}"
    yield ""
    if text:
        yield text
        yield ""


def judgements(report: Report) -> Iterator[str]:
    """Yield each question once, with the items that wait for its answer."""
    waiting: dict[str, list[str]] = {}
    for entry in report.of("judge"):
        waiting.setdefault(_question(entry), []).append(entry.step.title)
    if not waiting:
        return
    yield from heading("To judge", TO_JUDGE)
    for question, titles in waiting.items():
        yield f"- **{'; '.join(titles)}:** {question}"
    yield ""


def unknowns(report: Report) -> Iterator[str]:
    """Yield what was missing, with how many items wait for it."""
    found = unknown_by_reason(report)
    if not found:
        return
    yield from heading("Could not be known", NOT_KNOWN)
    for reason, titles in found.items():
        yield f"- {reason} ({titles[0] if len(titles) == 1 else f'{len(titles)} items'})"
    yield ""


def loose(report: Report) -> Iterator[str]:
    """Yield the evidence that is shown nowhere else."""
    shown = {reading.probe for entry in report.of("fail", "judge") for reading in entry.related}
    rest = [r for r in report.loose_of("judge", "unknown") if r.probe not in shown]
    if not rest:
        return
    yield from heading("Evidence without a checklist item")
    for reading in rest:
        yield f"- {summary(reading)}"
    yield ""


def rest(report: Report) -> Iterator[str]:
    """Yield how many items are not listed, and where they are."""
    left = ", ".join(
        f"{len(entries)} {WORDS[state]}"
        for state in ("open", "pass", "not_applicable", "not_asked")
        if (entries := report.of(state))
    )
    yield (
        f"Not listed: {left or 'nothing'}. `walk.py report --full` has every item with all that "
        "was seen, caveats and sources."
    )


def unknown_by_reason(report: Report) -> dict[str, list[str]]:
    """Return what was missing → titles of the items that could not be known without it."""
    found: dict[str, list[str]] = {}
    for entry in report.of("unknown"):
        said = [
            f"`{reading.probe}`: {sentence(reading.reason)}"
            for reading in entry.readings
            if reading.verdict == "unknown" and reading.reason
        ]
        said += [sentence(entry.note)] if entry.note else []
        found.setdefault(" ".join(said) or "No reason was given.", []).append(entry.step.title)
    return found


def _question(entry: Standing) -> str:
    asked = [r for r in (*entry.readings, *entry.related) if r.verdict == "judge"]
    said = [f"`{r.probe}`: {sentence(r.reason or 'no reason given')}." for r in asked]
    questions = dict.fromkeys(r.question for r in asked if r.question)
    said += [sentence(question) for question in questions]
    said += [f"Note: {sentence(entry.note)}"] if entry.note else []
    return " ".join(said) or "No reason was given."
