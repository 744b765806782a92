"""``validate.py``: is this skill well formed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..skill import inspection, package, rules
from ..skill.diagnostic import Diagnostic
from . import console

_EXAMPLES = """\
  validate.py                          this skill
  validate.py path/to/skill            another one
  validate.py skills/a skills/b --format json
  validate.py --codes                  every code a finding can have"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 1 when there is an error or a warning."""
    parser = console.parser(
        "validate.py", "Check the frontmatter, links, checklists and size of skills.", _EXAMPLES
    )
    parser.add_argument("path", nargs="*", help="skill folder (default: this skill)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--codes", action="store_true", help="list the codes and stop")
    arguments = parser.parse_args(argv)
    if arguments.codes:
        console.write("\n".join(sorted(code for rule in rules.modules() for code in rule.CODES)))
        return console.CLEAN
    try:
        skills = [
            package.load(path)
            for path in map(Path, arguments.path or [str(console.skill_path(None))])
        ]
    except (package.SkillNotFoundError, OSError) as exc:
        return console.fail(str(exc))
    found = [(skill, rules.run(inspection.inspect(skill))) for skill in skills]
    if arguments.format == "json":
        console.write_json(to_json(found))
    else:
        console.write(_text(found))
    worst = {diagnostic.severity for _, diagnostics in found for diagnostic in diagnostics}
    return console.FINDINGS if worst & {"error", "warning"} else console.CLEAN


def to_json(found: list[tuple[package.Skill, tuple[Diagnostic, ...]]]) -> dict[str, Any]:
    """Return the findings in the form ``diagnostics/1``."""
    return {
        "schema": "diagnostics/1",
        "summary": _summary(found),
        "diagnostics": [
            {
                "code": diagnostic.code,
                "severity": diagnostic.severity,
                "skill": skill.name,
                "file": diagnostic.file,
                "line": diagnostic.line,
                "column": diagnostic.column,
                "message": diagnostic.message,
                "hint": diagnostic.hint,
            }
            for skill, diagnostics in found
            for diagnostic in diagnostics
        ],
    }


def _summary(found: list[tuple[package.Skill, tuple[Diagnostic, ...]]]) -> dict[str, int]:
    counts = Counter(d.severity for _, diagnostics in found for d in diagnostics)
    return {
        "skills": len(found),
        "files": sum(len(skill.documents) for skill, _ in found),
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notes": counts["note"],
    }


def _text(found: list[tuple[package.Skill, tuple[Diagnostic, ...]]]) -> str:
    lines = []
    for skill, diagnostics in found:
        prefix = "" if len(found) == 1 else f"{skill.root.name}/"
        for d in diagnostics:
            place = f"{prefix}{d.file}:{d.line}:{d.column}"
            lines.append(f"{place}: {d.severity}: {d.message} [{d.code}]\n    {d.hint}")
    total = _summary(found)
    lines.append(
        f"{total['skills']} skill(s), {total['files']} pages: {total['errors']} errors, "
        f"{total['warnings']} warnings, {total['notes']} notes"
    )
    return "\n".join(lines)
