"""Write docs/rules.md from the rules: `python -m harness.publishing.rules_page`.

The module of a rule defines what its codes mean. Severity, repair and example come from the planted
defects below tests/skill/rules/defects. A test checks that the page agrees.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rules.md"
_HEAD = """\
# Rules

One section for each code that `validate.py` can find: its severity, why it matters, how to repair
it, and what it says. Made by `make rules-page` from the rules and their tests.
"""
#: Severities of findings about more than one skill, or that need more than a small folder.
_ELSEWHERE = {
    "file-too-large": "error",
    "file-unreadable": "error",
    "frontmatter-absent": "note",
    "frontmatter-name-format": "note",
    "markdown-too-deep": "error",
    "marketplace-manifest": "error or warning",
    "name-collision": "warning or note",
    "name-differs-from-directory": "note",
    "page-too-dense": "error",
    "plugin-hooks": "error",
    "plugin-manifest": "error",
    "skill-flat-file": "warning",
    "skill-unreadable": "error",
    "suppression-unknown-code": "warning",
    "suppression-unused": "warning",
    "suppression-without-reason": "warning",
    "too-many-files": "error",
    "too-many-findings": "error",
}
_ORDER = ("error", "warning", "note")


@dataclass
class _Seen:
    severities: set[str] = field(default_factory=set)
    is_repaired: bool = False
    example: str = ""


def content() -> str:
    """Return the page."""
    from backend_performance.skill.findings.codes import explained

    seen = _planted()
    sections = [_section(code, why, seen.get(code)) for code, why in explained().items()]
    return "\n".join([_HEAD, *sections])


def _section(code: str, why: str, seen: _Seen | None) -> str:
    severities = set(_ELSEWHERE.get(code, "").split(" or "))
    repaired, example = "", ""
    if seen:
        severities |= seen.severities
        repaired = " · repaired by `--fix`" if seen.is_repaired else ""
        example = f"\n```text\n{seen.example}\n```\n"
    severity = " or ".join(name for name in _ORDER if name in severities)
    return f"## {code}\n\n*{severity.capitalize()}*{repaired}\n\n{why}\n{example}"


def _planted() -> dict[str, _Seen]:
    """Return what the planted defects show of each code; the shortest message is the example."""
    from backend_performance.skill import inspection, package, rules

    from tests.skill.rules import skill_folders

    found: dict[str, _Seen] = {}
    for path in sorted((ROOT / "tests/skill/rules/defects").glob("*.txt")):
        for case in skill_folders.read(path):
            expected = {each.code for each in case.expected()}
            with tempfile.TemporaryDirectory() as scratch:
                skill = package.load(skill_folders.write(case, Path(scratch)))
                for each in rules.run(inspection.inspect(skill)):
                    if each.code not in expected:
                        continue
                    seen = found.setdefault(each.code, _Seen())
                    seen.severities.add(each.severity)
                    seen.is_repaired |= each.fix is not None
                    example = f"{each.message}\n{each.hint}"
                    if not seen.example or len(example) < len(seen.example):
                        seen.example = example
    return found


def main() -> int:
    """Write the page."""
    PAGE.write_text(content(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
    sys.exit(main())
