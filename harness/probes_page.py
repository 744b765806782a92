"""Write docs/probes.md from the headers of the probes: `python -m harness.probes_page`.

What a probe asks, and how it judges, stands in its file and nowhere else; a test holds that the
page says the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_performance.diagnosis.evidence import Subject
    from backend_performance.diagnosis.probe import Probe, Rule

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "probes.md"
_HEAD = """\
# Probes

One section for each probe: what it asks, how it judges the rows it gets, what it needs and what it
costs. Rules are tried in order; the first one that holds decides a row, and a row passes when none
holds. Made by `make probes-page` from the files under `scripts/probes/`; change a text there.
"""


def content() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    from backend_performance.diagnosis import catalog, engines

    for engine in engines.all_engines():
        yield f"## {engine.name}\n\n{engine.help[:1].upper()}{engine.help[1:]}.\n"
        for probe in catalog.load(engine.name):
            yield _section(probe)


def _section(probe: Probe) -> str:
    lines = [f"### {probe.id}", "", f"[{probe.question}](../{probe.file})", ""]
    lines += [_rule(rule) for rule in probe.rules]
    if probe.when_empty is not None:
        empty = probe.when_empty
        lines.append(f"- No row: **{_word(empty.verdict)}**, {empty.because}")
    needs = f"Needs: {probe.privilege}. Cost: {probe.cost}."
    about = f" About: {_subject(probe.subject)}." if probe.subject is not None else ""
    lines += ["", needs + about, ""]
    if probe.caveats:
        lines += [*(f"- {caveat}" for caveat in probe.caveats), ""]
    return "\n".join([*lines, f"Source: {probe.source}", ""])


def _rule(rule: Rule) -> str:
    more = f" {rule.ask}" if rule.ask else f" To find out: {rule.remedy}." if rule.remedy else ""
    return f"- `{rule.text}`: **{_word(rule.verdict)}**, {rule.because}.{more}"


def _word(verdict: str) -> str:
    return verdict.replace("_", " ")


def _subject(subject: Subject) -> str:
    kind = _word(subject.kind)
    if subject.name:
        return f"the {kind} `{subject.name}`"
    if subject.column:
        within = f" within `{subject.within}`" if subject.within else ""
        return f"the {kind} in `{subject.column}`{within}"
    return f"the {kind}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(content(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "scripts"))
    sys.exit(main())
