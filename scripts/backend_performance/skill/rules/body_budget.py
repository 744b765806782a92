"""``SKILL.md`` is loaded whole when the skill triggers: 500 lines, about 5,000 tokens.

Both limits are recommendations of the Agent Skills specification ("Progressive disclosure").
A token is counted as four characters.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostic import Diagnostic, warning
from ..inspection import Inspection

CODES = ("body-empty", "body-too-long", "body-too-many-tokens")

MAX_LINES = 500
MAX_TOKENS = 5_000
CHARACTERS_PER_TOKEN = 4


def tokens_of(text: str) -> int:
    """Return the estimated number of tokens of ``text``."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per budget that the entry page exceeds."""
    page = inspection.skill.entry_document
    lines = len(page.text.removesuffix("\n").split("\n"))
    if lines > MAX_LINES:
        yield warning(
            "body-too-long",
            page.path,
            MAX_LINES + 1,
            f"the page has {lines} lines; the budget is {MAX_LINES}",
            "move detail into pages under references/ and say when to read them",
        )
    tokens = tokens_of(page.body)
    if tokens > MAX_TOKENS:
        yield warning(
            "body-too-many-tokens",
            page.path,
            1,
            f"the body has about {tokens} tokens; the budget is {MAX_TOKENS}",
            "move detail into pages under references/ and say when to read them",
        )
    if not page.body.strip():
        yield warning(
            "body-empty",
            page.path,
            1,
            "the page has no body",
            "write what the agent should do after loading the skill",
        )
