"""``SKILL.md`` is loaded whole when the skill triggers: 500 lines, about 5,000 tokens.

Both limits are recommendations of the Agent Skills specification ("Progressive disclosure").
A token is counted as four characters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...diagnostic import Diagnostic, note, warning
from ...inspection import Inspection
from ...links import paths
from ...links.graph import is_for_people

CODES = {
    "body-empty": (
        "A skill without a body tells the agent nothing once it is loaded. Write the steps."
    ),
    "body-too-long": (
        "`SKILL.md` is read whole each time the skill triggers. Move detail into pages under "
        "`references/` and say when to read them. Not reported beside `body-too-many-tokens`."
    ),
    "body-too-many-tokens": (
        "The specification recommends less than 5,000 tokens for the body: they stay in the "
        "context for the whole task. Move detail into pages."
    ),
    "page-too-large": (
        "A page beyond 25,000 tokens does not fit into one read of common clients; the agent sees "
        "the beginning only. Split it by subject."
    ),
}

MAX_LINES = 500
MAX_TOKENS = 5_000
#: What common clients read of a file at once.
MAX_PAGE_TOKENS = 25_000
CHARACTERS_PER_TOKEN = 4


def tokens_of(text: str) -> int:
    """Return the estimated number of tokens of ``text``."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per budget that the entry page exceeds."""
    page = inspection.skill.entry_document
    body = page.body
    lines, tokens = len(page.lines) - (not page.lines[-1]), tokens_of(body)
    # One body that is too large is one defect, and tokens are what it costs.
    if tokens > MAX_TOKENS:
        yield note(
            "body-too-many-tokens",
            page.path,
            1,
            f"the body has about {tokens} tokens; the budget is {MAX_TOKENS}",
            "move detail into pages under references/ and say when to read them",
        )
    elif lines > MAX_LINES:
        yield note(
            "body-too-long",
            page.path,
            MAX_LINES + 1,
            f"the page has {lines} lines; the budget is {MAX_LINES}",
            "move detail into pages under references/ and say when to read them",
        )
    if page.frontmatter.present and not page.frontmatter.problems and not body.strip():
        yield warning(
            "body-empty",
            page.path,
            1,
            "the page has no body",
            "write what the agent should do after loading the skill",
        )
    yield from _large_pages(inspection)


def _large_pages(inspection: Inspection) -> Iterator[Diagnostic]:
    entry = inspection.skill.entry_document
    reported = {p.file for p in inspection.skill.problems if p.code == "huge-file"}
    for other in inspection.skill.documents.values():
        tokens = tokens_of(other.text)
        is_read = not (is_for_people(other.path) or paths.is_for_developers(other.path))
        is_known = other is entry or other.path in reported
        if tokens > MAX_PAGE_TOKENS and is_read and not is_known:
            yield note(
                "page-too-large",
                other.path,
                1,
                f"the page has about {tokens} tokens; agents read {MAX_PAGE_TOKENS} at once",
                "split the page by subject",
            )
