"""``checklists.py``: every checklist and key metric of a skill, or one section of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..skill import package
from ..skill.checklists import metrics as metric
from ..skill.checklists import read
from ..skill.checklists.model import ADVICE_FIELDS, LEVELS, Checklist, Coverage, Item, coverage
from ..skill.findings import discovery
from ..skill.findings.as_text import plural, visible
from ..skill.links import section
from . import console

_EXAMPLES = """\
  checklists.py                                   checklists of the skill of the current folder
  checklists.py --area database --impact high     the same, filtered
  checklists.py --format json path/to/skill       another skill, with all fields
  checklists.py --id database/indexing            these items with all their fields
  checklists.py --coverage                        which items a probe answers
  checklists.py --section concurrency#retries     one section of a page instead of the page"""

#: Up to this many items selected by `--id` are printed with all their fields.
_MAX_WHOLE = 10


@console.command
def main(argv: Sequence[str]) -> int:
    """Run the command; return its exit code."""
    parser = console.parser(
        "checklists", "Extract checklists and key metrics from a skill's pages.", _EXAMPLES
    )
    parser.add_argument(
        "path", nargs="?", help="skill folder (default: the skill of the current folder)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--area", help="only this area (the first part of an identifier)")
    parser.add_argument("--engine", help="only items for this engine or for any engine")
    parser.add_argument("--impact", choices=LEVELS, help="only items of this impact")
    parser.add_argument(
        "--id", help="only identifiers that start with this (outside a skill: items of this one)"
    )
    parser.add_argument(
        "--coverage", action="store_true", help="name each item's probes, or why it has none"
    )
    parser.add_argument(
        "--section",
        nargs="+",
        metavar="PAGE#ANCHOR",
        help="print only these sections (outside a skill: sections of this one)",
    )
    arguments = parser.parse_args(argv)
    try:
        skill = package.load(_folder(arguments.path, own=bool(arguments.section or arguments.id)))
    except (package.SkillNotFoundError, OSError) as exc:
        return console.fail(str(exc))
    if arguments.section:
        return _sections(skill, arguments.section, arguments.format)
    everything = read.extract(skill)
    metrics = metric.extract(skill)
    mistake = _unknown_name(everything, arguments.area, arguments.engine)
    if mistake:
        return console.fail(mistake)
    kept = filtered(everything, arguments.area, arguments.engine, arguments.impact, arguments.id)
    if not kept and everything:
        return console.fail("no item matches all of these filters; leave one out")
    if arguments.format == "json":
        console.write_json(to_json(skill, kept, metrics))
    elif arguments.id and _coverage(kept).items <= _MAX_WHOLE:
        console.write("\n\n".join(_whole(item) for listed in kept for item in listed.items))
    else:
        console.write(_text(skill, kept, metrics, arguments.coverage))
    return console.CLEAN


def _folder(given: str | None, *, own: bool) -> Path:
    """Return the named skill, else the one here, else (if ``own``) this program's own."""
    if given:
        return Path(given)
    try:
        return discovery.here()
    except package.SkillNotFoundError:
        if own:
            return console.skill_path(None)
        raise


def _sections(skill: package.Skill, places: Sequence[str], form: str) -> int:
    found = [section.find(skill, place) for place in places]
    if form == "json":
        sections = [each.to_json() for each in found]
        console.write_json({"schema": "sections/1", "skill": skill.name, "sections": sections})
    else:
        console.write("\n".join(_section_text(each) for each in found))
    return console.CLEAN


def _section_text(each: section.Section) -> str:
    below = f"\nfurther: {' '.join(each.below)}\n" if each.below else ""
    return f"{each.place} (line {each.line})\n\n{each.text}{below}"


def _whole(item: Item) -> str:
    """Return the item with all its fields, one per line."""
    level = f" [{item.impact} impact, {item.effort} effort]" if item.impact else ""
    lines = [f"{item.text}{level}", f"  {item.id} ({visible(item.file)}:{item.line})"]
    fields = ((name, getattr(item, name)) for name in ADVICE_FIELDS if name != "probe")
    lines += [f"  {name.capitalize()}: {text}" for name, text in fields if text]
    lines += [f"  - {child.text}" for child in item.children]
    return "\n".join([*lines, f"  {_answer(item)}"])


def filtered(
    checklists: tuple[Checklist, ...],
    area: str | None = None,
    engine: str | None = None,
    impact: str | None = None,
    identifier: str | None = None,
) -> tuple[Checklist, ...]:
    """Return the checklists with only the items that match every filter given."""

    def matches(item: Item) -> bool:
        return (
            (not engine or not item.engines or engine in item.engines)
            and (not impact or item.impact == impact)
            and (not identifier or item.id.startswith(identifier))
        )

    kept = (
        replace(listed, items=tuple(item for item in listed.items if matches(item)))
        for listed in checklists
        if not area or listed.area == area
    )
    return tuple(listed for listed in kept if listed.items)


def _unknown_name(
    checklists: tuple[Checklist, ...], area: str | None, engine: str | None
) -> str | None:
    """Return an error for a filter that matches nothing: a typo must not look like a gap."""
    areas = {listed.area for listed in checklists}
    engines = {name for listed in checklists for item in listed.items for name in item.engines}
    for kind, given, known in (("area", area, areas), ("engine", engine, engines)):
        if checklists and given and given not in known:
            names = ", ".join(sorted(known)) or "none in this skill"
            return f"unknown {kind} {given!r}; expected one of: {names}"
    return None


def to_json(
    skill: package.Skill, checklists: tuple[Checklist, ...], metrics: tuple[metric.Metric, ...]
) -> dict[str, Any]:
    """Return the data in the form ``checklists/1``."""
    return {
        "schema": "checklists/1",
        "skill": {"name": skill.name, "version": skill.version},
        "coverage": _coverage(checklists).to_json(),
        "checklists": [listed.to_json() for listed in checklists],
        "metrics": [each.to_json() for each in metrics],
    }


def _text(
    skill: package.Skill,
    checklists: tuple[Checklist, ...],
    metrics: tuple[metric.Metric, ...],
    with_coverage: bool,
) -> str:
    total = _coverage(checklists)
    lines = ["items: title [impact/effort]"]
    for listed in checklists:
        count = f"{len(listed.items)}{_answered(coverage(listed.items), total)}"
        lines.append(f"{listed.title} ({count}) {visible(listed.file)}:{listed.line}")
        for item in listed.items:
            level = f" [{item.impact}/{item.effort}]" if item.impact else ""
            lines.append(f"  {item.title}{level}\n    {item.id}")
            if with_coverage:
                lines.append(f"    {_answer(item)}")
    for each in metrics:
        bounds = [f"{b.op} {b.value} {b.unit or ''}".strip() for b in (each.target, each.action)]
        lines.append(f"metric: {each.metric}: target {bounds[0]}, act at {bounds[1]}")
    counts = (
        plural(len(checklists), "checklist"),
        plural(total.items, "item") + _answered(total, total),
        plural(len(metrics), "metric"),
    )
    lines.append(f"{visible(f'{skill.name} ({skill.root})')}: {', '.join(counts)}")
    return "\n".join(lines)


def _coverage(checklists: tuple[Checklist, ...]) -> Coverage:
    return coverage(item for listed in checklists for item in listed.items)


def _answer(item: Item) -> str:
    if item.probes:
        return f"probes: {', '.join(item.probes)}"
    return f"no probe: {item.no_probe}" if item.no_probe else "no probe, and no reason given"


def _answered(part: Coverage, total: Coverage) -> str:
    """Return how the items are answered; empty for a skill that never mentions a probe."""
    if total.neither == total.items:
        return ""
    counts = (
        (part.with_probe, "with a probe"),
        (part.judgement_only, "by judgement only"),
        (part.neither, "neither"),
    )
    return ": " + ", ".join(f"{count} {name}" for count, name in counts if count)
