"""Write docs/probes.md from the headers of the probes: `python -m harness.publishing.probes_page`.

Each probe's file alone defines what the probe asks and how it judges. A test checks that the page
agrees.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_performance.diagnosis.evidence.model import Subject
    from backend_performance.diagnosis.probes.probe import Probe

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "probes.md"
_HEAD = """\
# Probes

One section for each probe: what it asks, when a row gets which verdict, what it needs and what it
costs. In a file, which each question links, rules are tried in order; the first one that holds
decides a row, and a row passes when none holds. There are also the reasons, the sources and the
caveats. Made by `make probes-page` from these files; change a text there.
"""


def content() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    from backend_performance.diagnosis import engines
    from backend_performance.diagnosis.probes import catalog

    for engine in engines.all_engines():
        yield f"## {engine.name}\n\n{engine.help[:1].upper()}{engine.help[1:]}.\n"
        for probe in catalog.load(engine.name):
            yield _section(probe)


def _section(probe: Probe) -> str:
    about = f" About {_subject(probe.subject)}." if probe.subject is not None else ""
    lines = [f"### {probe.id}", "", f"[{probe.question}](../{probe.file}){about}", ""]
    for verdict in dict.fromkeys(rule.verdict for rule in probe.rules):
        rules = (f"`{rule.text}`" for rule in probe.rules if rule.verdict == verdict)
        lines.append(f"- {_word(verdict)}: {', '.join(rules)}")
    if probe.when_empty is not None:
        lines.append(f"- {_word(probe.when_empty.verdict)}: no row")
    return "\n".join([*lines, "", f"Needs: {probe.privilege}. Cost: {probe.cost}.", ""])


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
