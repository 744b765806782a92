"""The report as Markdown: short enough for a pull request or an issue, or complete.

Text of the skill is Markdown and stays so; text of the audited system only appears in code
spans and escaped sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..figure import counted
from ..order import STATES, WORDS, Standing
from ..untrusted import cell, code, sentence
from . import brief, causes
from .brief import heading
from .model import Report
from .reading import section
from .views import system_name

#: What a reader of the short report wants to know about a server.
_SHORT_SERVER = ("version", "database", "role")


def render(report: Report, *, full: bool = False, links: str | None = None) -> str:
    """Return the report as Markdown.

    ``links`` is the way from the report's folder to the skill root; with it, pages of the
    skill become links.
    """
    writer = _Writer(full, links)
    lines = [
        *_head(report, full),
        *writer.findings(report),
        *causes.leads(report, full, writer.link),
        *_improvements(report),
        *brief.unknowns(report),
        *(writer.items(report) if full else ()),
        *(_summary(report) if full else ()),
        *(writer.rest(report) if full else brief.rest(report)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _head(report: Report, full: bool) -> Iterator[str]:
    yield f"# {sentence(system_name(report))}"
    yield ""
    failing = len(report.causes_of("fail")) + len(report.decided_failures)
    leads = counted(len(report.causes_of("judge")), "lead")
    yield f"**{counted(failing, 'cause')}**, {leads} to judge."
    yield ""
    yield f"- Walk started {report.started}, report written {report.written}"
    yield f"- Skill {report.skill.name} {report.skill.version}"
    for target in report.targets:
        server = ", ".join(
            f"{name} {code(value, 60)}"
            for name, value in target.server.items()
            if isinstance(value, (str, int, float))
            and not isinstance(value, bool)
            and (full or name in _SHORT_SERVER)
        )
        source = f" from `{target.env}`" if target.env else ""
        yield f"- {target.engine}{source}" + (f": {server}" if server else "")
    if report.parameters:
        given = ", ".join(f"{name} {value}" for name, value in report.parameters.items())
        yield f"- Given: {given}"
    if report.engines is not None:
        yield f"- Engines in scope: {', '.join(report.engines) or 'none named'}"
    yield ""


def _summary(report: Report) -> Iterator[str]:
    yield from heading("Summary")
    yield "| Area | " + " | ".join(WORDS[state].capitalize() for state in STATES) + " |"
    yield "| --- |" + " ---: |" * len(STATES)
    for area in report.areas:
        yield _row(area.name, area.counts)
    if len(report.areas) > 1:
        yield _row("all", report.totals)
    yield ""


def _row(name: str, counts: Mapping[str, int]) -> str:
    return f"| {name} | " + " | ".join(str(counts[state]) for state in STATES) + " |"


def _improvements(report: Report) -> Iterator[str]:
    if not report.improved:
        return
    yield from heading("Measured before and after")
    yield "| Item | State | Before | After | Ratio |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for entry in report.improved:
        times = f"{entry.ratio:.3g} ×" if entry.ratio else "—"
        before, after = (cell(figure, 40) for figure in entry.measured or ("", ""))
        yield f"| {entry.step.title} | {WORDS[entry.state]} | {before} | {after} | {times} |"
    yield ""


class _Writer:
    """Holds the two choices every section needs: short or full, and how to link."""

    def __init__(self, full: bool, links: str | None) -> None:
        self._full = full
        self._links = links

    def findings(self, report: Report) -> Iterator[str]:
        yield from heading("What is wrong")
        decided = report.decided_failures
        if not report.causes_of("fail") and not decided:
            yield "No failure was found."
            yield ""
        yield from causes.overview(report)
        yield from causes.sections(report, self._full, self.link)
        for number, entry in enumerate(decided, len(report.causes_of("fail")) + 1):
            yield from self._entry(entry, f"### {number}. {entry.step.title}")

    def items(self, report: Report) -> Iterator[str]:
        """Yield every item that fails or is left to judge, with its evidence."""
        found = report.of("fail", "judge")
        if found:
            yield from heading("Items behind the causes and leads")
        for entry in found:
            yield from self._entry(entry, f"### {entry.step.title}")

    def rest(self, report: Report) -> Iterator[str]:
        for state, title in (
            ("open", "Not looked at yet"),
            ("pass", "Passed"),
            ("not_applicable", "Not applicable"),
            ("not_asked", "Not asked: the engine is not in scope"),
        ):
            entries = report.of(state)
            if not entries:
                continue
            yield from heading(f"{title} ({len(entries)})")
            for entry in entries:
                yield f"- {entry.step.title}{_because(entry)}"
                for reading in entry.readings:
                    yield f"  - `{reading.probe}`: {sentence(reading.reason)}"
            yield ""

    def _entry(self, entry: Standing, title: str) -> Iterator[str]:
        yield title
        yield ""
        step = entry.step
        weight = f"impact {step.impact or 'not stated'} · effort {step.effort or 'not stated'}"
        quick = " · quick win" if step.aliases else ""
        yield f"`{step.id}` · {weight}{quick} · by {entry.decided_by}"
        yield ""
        if entry.about:
            yield entry.about
            yield ""
        if entry.note:
            yield f"Note: {sentence(entry.note)}"
            yield ""
        for reading in (*entry.readings, *entry.related):
            if self._full or reading.verdict in ("fail", "judge"):
                yield from section(reading, self._full)
        yield from self._advice(entry)
        yield ""

    def _advice(self, entry: Standing) -> Iterator[str]:
        step = entry.step
        for name, text in step.advice.items():
            if name not in causes.ONLY_IN_FULL or (self._full and name != "why"):
                yield f"- **{name.capitalize()}:** {text}"
        if step.cases:
            cases = ", ".join(self.link(case) for case in step.cases)
            yield f"- **Measured cases:** {cases}"
        pages = ", ".join(self.link(page) for page in step.read)
        source = self.link(step.file, f"{step.file}:{step.line}")
        yield f"- **Why, and where to read:** {pages or source}"
        if self._full and pages:
            yield f"- **Item:** {source}"

    def link(self, target: str, label: str | None = None) -> str:
        label = label or target
        if self._links is None:
            return f"`{label}`"
        place = target if self._links in ("", ".") else f"{self._links}/{target}"
        return f"[{label}](<{place}>)"


def _because(entry: Standing) -> str:
    note = f": {sentence(entry.note)}" if entry.note else ""
    return f" (by {entry.decided_by}{note})" if entry.decided_by else ""
