"""What a broken citation was meant for: this skill, its plugin, a sample, a form to fill in."""

from __future__ import annotations

import re
from functools import lru_cache

from ..markdown.document import Document
from ..package import Skill
from . import context, paths
from .citation_model import Citation
from .graph import is_for_people
from .suggestion import Suggestions
from .target import CONVENTIONAL

IN_CODE = frozenset({"code-span", "fence", "text"})
#: Folders that a project has as often as a skill.
_OF_PROJECTS_TOO = frozenset({"scripts", "assets"})
#: A path that begins at the folder of the skill or its plugin: `${CLAUDE_SKILL_DIR}/`, `<skill>/`.
_AT_ROOT = re.compile(r"\A[\"']?[$<{]")
#: "The `/ux` skill has `rules/copy.md`", "load it from that skill".
_OTHER_SKILL = re.compile(
    r"`/[\w:-]+`\W{0,4}skill\b|\b(?:that|another|the other) skill\b|`/[\w:-]+`(?:\*\*| `)"
)
#: `scripts/validate-skills.py` is for those who work on the collection.
_OF_COLLECTION = re.compile(r"(?:skill|plugin|marketplace)s?(?:[_.-]|\Z)")
#: How much of a line is read on each side of a link, in characters.
_MAX_NEAR = 300
#: `[name of the team]`, which is no link, footnote or box.
_TO_FILL_IN = re.compile(r"\[[^\[\]\n^]{4,200}\](?![(\[:])")
_MANY_TO_FILL_IN = 20
_EXAMPLES = re.compile(r"(?:\A|/)examples?(?:/|\.md\Z)")


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
    """Return whether the agent is sent to a path in code, and it can only be one of this skill."""
    page = skill.documents.get(cited.source)
    if page is None or is_for_people(cited.source) or _EXAMPLES.search(cited.source.lower()):
        return False
    if _AT_ROOT.search(cited.written):
        return True
    line = page.lines[cited.line - 1][max(cited.column - 1 - _MAX_NEAR, 0) :][: 2 * _MAX_NEAR]
    if _OTHER_SKILL.search(line) or _names_owner(cited, page, suggestions):
        return False
    is_sent = bool(cited.role) or context.is_asked_for(page, cited.line, cited.column)
    folder, above = cited.target.partition("/")[0], suggestions.above(cited.target)
    is_here = folder in skill.directories
    if folder in _OF_PROJECTS_TOO:
        is_other = cited.written.startswith("./") or _OF_COLLECTION.search(cited.target)
        return is_sent and is_here and above is None and not is_other
    if above is not None or suggestions.same_name(cited.target) is not None:
        return True
    is_usual = is_here or folder == "references" or bool(suggestions.owners(cited.target))
    return is_sent and is_usual


def _names_owner(cited: Citation, page: Document, suggestions: Suggestions) -> bool:
    """Return whether a sentence names a skill beside this one that has the file."""
    near = "\n".join(page.lines[max(cited.line - 2, 0) : cited.line])
    return any(owner in near for owner in suggestions.owners(cited.target))


def is_material(cited: Citation, skill: Skill) -> bool:
    """Return whether the page, or the skill as a whole, is a template to be copied."""
    return paths.is_material(f"{skill.root.name}/{cited.source}")


def is_form(cited: Citation, skill: Skill) -> bool:
    """Return whether a page is a form for a project, and a link leads to a folder of that one."""
    folder, is_below, _ = cited.target.partition("/")
    is_ours = folder in CONVENTIONAL or folder in skill.directories
    page = skill.documents.get(cited.source)
    if page is None or not is_below or is_ours or cited.style in IN_CODE:
        return False
    return _is_to_fill_in(page.text)


@lru_cache(maxsize=4)
def _is_to_fill_in(text: str) -> bool:
    return len(_TO_FILL_IN.findall(text)) >= _MANY_TO_FILL_IN


def is_sibling(cited: Citation, skill: Skill) -> bool:
    """Return whether another skill of the same folder is meant: a plugin brings both."""
    folder = skill.root / cited.target.removesuffix("/SKILL.md")
    return folder.resolve().parent == skill.root.parent and (folder / "SKILL.md").is_file()


def is_in_plugin(target: str, skill: Skill) -> bool:
    """Return whether a path stays in the plugin of the skill, which is installed as a whole."""
    whole = skill.plugin
    return whole is not None and (skill.root / target).resolve().is_relative_to(whole)
