"""Causes as Markdown: an overview table, then each with its statements, evidence and advice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..causes import Cause
from ..untrusted import code, sentence
from ..views import costs
from .brief import heading
from .model import Report
from .reading import section

TO_JUDGE = "The evidence points here; someone who knows the system must decide."
#: Advice that the short report leaves out. What `why` links to is the reading list.
ONLY_IN_FULL = ("check", "probe", "why")
Link = Callable[[str], str]


def overview(report: Report) -> Iterator[str]:
    """Yield one line per cause: its title, its cost and the gain of a measured case."""
    failing = report.causes_of("fail")
    if not failing:
        return
    yield "| No. | Cause | Costs | Measured gain | Effort |"
    yield "| ---: | --- | --- | --- | --- |"
    for number, cause in enumerate(failing, 1):
        gain = cause.gain["figure"] if cause.gain else "—"
        spent = costs.cost(cause) or "—"
        yield f"| {number} | {_cell(cause.title)} | {spent} | {gain} | {cause.effort or '—'} |"
    yield ""


def sections(report: Report, full: bool, link: Link) -> Iterator[str]:
    """Yield a section per cause."""
    for number, cause in enumerate(report.causes_of("fail"), 1):
        yield from _cause(number, cause, full, link)


def leads(report: Report, full: bool, link: Link) -> Iterator[str]:
    """Yield the leads: a line each in the short report, a section each in the full one."""
    found = report.causes_of("judge")
    if not found:
        return
    yield from heading("Leads to judge", TO_JUDGE)
    first = len(report.causes_of("fail")) + len(report.decided_failures) + 1
    for number, cause in enumerate(found, first):
        if full:
            yield from _cause(number, cause, full, link)
        else:
            asked = f" {sentence(cause.question)}" if cause.question else ""
            at = f" At {code(cause.place)}." if cause.number else ""
            yield f"- **{number}. {sentence(cause.title)}.**{at}{asked}"
    if not full:
        yield ""


def _cause(number: int, cause: Cause, full: bool, link: Link) -> Iterator[str]:
    yield f"### {number}. {sentence(cause.title)}"
    yield ""
    facts = [
        "urgent" if cause.is_urgent else "",
        costs.cost(cause),
        f"impact {cause.impact}" if cause.impact else "",
        f"effort {cause.effort}" if cause.effort else "",
        f"`{cause.id}`",
    ]
    yield " · ".join(fact for fact in facts if fact)
    yield ""
    for place in cause.subject.places:
        yield f"At {code(str(place))}"
        yield ""
    if cause.question and cause.verdict == "judge":
        yield f"To decide: {sentence(cause.question)}"
        yield ""
    yield from _statements(cause)
    for reading in cause.readings:
        yield from section(reading, full)
    yield from _advice(cause, full, link)


def _statements(cause: Cause) -> Iterator[str]:
    for language in ("sql", "redis-cli"):
        found = [each for each in cause.statements if each.language == language]
        if found:
            yield f"```{'sql' if language == 'sql' else 'text'}"
            for statement in found:
                yield from statement.commented().splitlines()
            yield "```"
            yield ""


def _advice(cause: Cause, full: bool, link: Link) -> Iterator[str]:
    for name, text in cause.advice.items():
        if name not in ONLY_IN_FULL or (full and name != "why"):
            yield f"- **{name.capitalize()}:** {text}"
    if cause.gain:
        yield f"- **Measured:** {cause.gain['figure']} in {link(cause.gain['case'])}"
    if cause.read:
        yield f"- **Read:** {link(cause.read)}"
    yield ""


def _cell(text: str) -> str:
    return sentence(text).replace("|", "\\|")
