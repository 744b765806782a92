"""Write docs/rules.md from the rules: `python -m harness.rules_page`.

What a code means stands in the module of its rule and nowhere else; a test holds that the page
says the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
_HEAD = """\
# Rules

One section for each code that `validate.py` can find: why it matters and how to repair it. Made by
`make rules-page` from the rules themselves; change a text in its rule.
"""


def content() -> str:
    """Return the page."""
    from backend_performance.skill.findings.codes import explained

    sections = [f"## {code}\n\n{why}\n" for code, why in explained().items()]
    return "\n".join([_HEAD, *sections])


def main() -> int:
    """Write the page."""
    PAGE.write_text(content(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "scripts"))
    sys.exit(main())
