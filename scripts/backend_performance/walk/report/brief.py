"""Short sections of the Markdown report; they count what they leave out."""

from __future__ import annotations

from collections.abc import Iterator

from ...program import called
from ..order import WORDS
from ..untrusted import sentence
from ..views.digest import unknown_of
from .model import Report

#: What this program is called where it was started.
_WALK = called("walk")

NOT_KNOWN = "Missing evidence is not a pass. This was missing, and this is how to get it:"


def heading(title: str, text: str = "") -> Iterator[str]:
    """Yield a section's heading and its first sentence."""
    yield f"## {title}"
    yield ""
    if text:
        yield text
        yield ""


def unknowns(report: Report) -> Iterator[str]:
    """Yield what kept probes from an answer, and how to get it."""
    found = unknown_of(report.readings)
    noted: dict[str, list[str]] = {}
    for entry in report.of("unknown"):
        if entry.note:
            noted.setdefault(sentence(entry.note), []).append(entry.step.title)
    if not found and not noted:
        return
    yield from heading("Unknown", NOT_KNOWN)
    for reason, probes in found.items():
        yield f"- {', '.join(f'`{probe}`' for probe in probes)}: {sentence(reason)}"
    for note, titles in noted.items():
        yield f"- {note} ({titles[0] if len(titles) == 1 else f'{len(titles)} items'})"
    yield ""


def rest(report: Report) -> Iterator[str]:
    """Yield how many items are not listed, and where they are."""
    left = ", ".join(
        f"{len(entries)} {WORDS[state]}"
        for state in ("open", "pass", "not_applicable", "not_asked")
        if (entries := report.of(state))
    )
    yield (
        f"Not listed: {left or 'nothing'}. `{_WALK} report --full` lists every item with all "
        "evidence, caveats and sources."
    )
