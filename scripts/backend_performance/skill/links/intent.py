"""What a broken citation was meant for: this skill, its plugin, a sample, a form to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from ..markdown.document import Document
from ..package import Skill
from . import context
from .citation_model import Citation
from .suggestion import Suggestions

IN_CODE = frozenset({"code-span", "fence", "text"})
#: How many mentions of a path are read: a page may repeat it without end.
_MAX_MENTIONS = 20
#: Folders that a project has as often as a skill.
_OF_PROJECTS_TOO = frozenset({"scripts", "assets"})
#: A path that begins at the folder of the skill or its plugin: `${CLAUDE_SKILL_DIR}/`, `<skill>/`.
_AT_ROOT = re.compile(r"\A[\"']?[$<{]")
#: "The `/ux` skill has `rules/copy.md`", "load it from that skill".
_OTHER_SKILL = re.compile(
    r"`/[\w:-]+`\W{0,4}skill\b|\b(?:that|another|the other) skill\b|`/[\w:-]+`(?:\*\*| `)"
)
#: How much of a line is read on each side of a link, in characters.
_MAX_NEAR = 300
#: How many dead links show where a page comes from.
_SEVERAL = 3
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp)\Z", re.IGNORECASE)
_ARRIVING = frozenset({"ok", "folder", "missing-anchor", "from-root", "letter-case", "backslash"})


def is_quoted(cited: Citation, page: Document | None) -> bool:
    """Return whether a link or path is in quotes: an example of what to write."""
    if page is None or cited.style not in ("link", "code-span"):
        return False
    line = page.lines[cited.line - 1]
    before = line[max(cited.column - 1 - _MAX_NEAR, 0) : cited.column - 1].rpartition("|")[2]
    after = line[cited.column - 1 : cited.column - 1 + _MAX_NEAR].partition("|")[0]
    quotes = ('"', "“", "”")
    is_open = sum(before.count(mark) for mark in quotes) % 2 == 1
    return is_open and any(mark in after for mark in quotes)


def is_certain(cited: Citation, skill: Skill, suggestions: Suggestions) -> bool:
    """Return whether `SKILL.md` sends the agent to a path in code that can only be its own.

    It begins at the skill's folder, or the skill has a file of that name elsewhere, or the page
    sends the agent into a folder that only a skill has.
    """
    if cited.source != skill.entry:
        return False  # further pages speak of other skills, of projects, of their own making
    if _AT_ROOT.search(cited.written):
        return not _names_owner(cited, skill, suggestions)
    folder = cited.target.partition("/")[0]
    if folder in _OF_PROJECTS_TOO and context.is_drawn(skill.entry_document, cited.target):
        return False  # the layout of a project
    if suggestions.same_name(cited.target) is not None:
        return True
    is_here = folder in skill.directories and folder not in _OF_PROJECTS_TOO
    is_ours = is_here or folder == "references"
    if not is_ours or not is_sent(cited, skill):
        return False
    is_free = _names_owner(cited, skill, suggestions) or _is_made(cited, skill.entry_document)
    return not is_free


def is_sent(cited: Citation, skill: Skill) -> bool:
    """Return whether a page tells its reader to open or run a path in code."""
    page = skill.documents.get(cited.source)
    is_run = bool(cited.role)
    return is_run or (page is not None and context.is_asked_for(page, cited.line, cited.column))


def _names_owner(cited: Citation, skill: Skill, suggestions: Suggestions) -> bool:
    """Return whether a sentence speaks of another skill, or the page names one with the file."""
    page = skill.entry_document
    line = page.lines[cited.line - 1][max(cited.column - 1 - _MAX_NEAR, 0) :][: 2 * _MAX_NEAR]
    is_other = bool(_OTHER_SKILL.search(line))
    return is_other or any(owner in page.text for owner in suggestions.owners(cited.target))


def _is_made(cited: Citation, page: Document) -> bool:
    """Return whether the page says at another place that the file is made, or need not exist."""
    found = re.finditer(re.escape(cited.written), page.text)
    for offset in (match.start() for match in islice(found, _MAX_MENTIONS)):
        line, column = page.line_column(offset)
        if context.is_elsewhere(page, line, column, cited.written, True):
            return True
    return False


def copied(skill: Skill, edges: Iterable[Citation]) -> frozenset[str]:
    """Return the further pages none of whose links leads anywhere in the skill.

    Such a page is a copy from a web site or a project, or a form for one.
    """
    led: dict[str, list[bool]] = {}
    for cited in edges:
        is_link = cited.style not in IN_CODE and cited.status not in ("external", "empty")
        if is_link and cited.target != cited.source:
            led.setdefault(cited.source, []).append(cited.status in _ARRIVING)
    return frozenset(
        source
        for source, arrives in led.items()
        if source != skill.entry and len(arrives) >= _SEVERAL and not any(arrives)
    )


def pictures_left_out(skill: Skill, edges: Iterable[Citation]) -> frozenset[str]:
    """Return the missing pictures whose folders the skill does not have either.

    Such pages are a copy of documentation without its pictures, which no agent looks at.
    """
    missing = {
        cited.target
        for cited in edges
        if cited.status == "missing-file"
        and _PICTURE.search(cited.target)
        and cited.target.rpartition("/")[0] not in skill.directories
    }
    return frozenset(missing) if len(missing) >= _SEVERAL else frozenset()
