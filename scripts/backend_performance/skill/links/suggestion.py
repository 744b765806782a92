"""What a dead link may have meant: the nearest file or heading of the skill.

Comparing every dead link with every heading is quadratic. Answers are remembered, only candidates
that share a word or a beginning are compared, and a skill has a fixed number of comparisons.
"""

from __future__ import annotations

import difflib
import os
import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from ..folder_scan import ENTRY
from ..package import Skill
from .paths import base_name

#: How many folders above the skill a missing file is looked for: those of a plugin or project.
_MAX_ABOVE = 3
#: How many folders beside the skill are looked into.
_MAX_BESIDE = 500
#: Comparisons in one skill, at most 0.2 ms each.
MAX_COMPARISONS = 5_000
_MAX_LENGTH = 100
#: A word found in more names than this distinguishes none of them.
_MAX_SHARING = 100
_WORD = re.compile(r"[^\W_]{3,}")
_BEGINNING = 2
#: So many folders in a path make it distinct.
_LONG = 2
#: How alike two names must be for one to be a misspelling of the other.
_MISSPELT = 0.8
_UPWARDS = re.compile(r"\A(?:\.\./)+")
_PART = re.compile(r"[^\W\d_]{2,}")
#: The number of a heading and its first word: `6-review-`.
_NUMBERED = re.compile(r"\d+-+[^\W\d]\w*-")
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp"})


class Suggestions:
    """Answers for one skill."""

    def __init__(self, skill: Skill) -> None:
        self._skill = skill
        self._left = MAX_COMPARISONS
        self._files: dict[tuple[str, str], str] = {}
        self._owners: dict[str, list[str]] = {}
        self._anchors: dict[tuple[str, str], str | None] = {}
        self._sorted: dict[str, list[str]] = {}
        self._index: dict[str, dict[str, list[str]]] = {}

    def for_file(self, target: str, source: str) -> str:
        """Return what to do about a missing file that the page ``source`` cites."""
        key = (target, source)
        if key not in self._files:
            page = self._skill.documents.get(source)
            self._files[key] = self._for_file(target, page.text if page else "")
        return self._files[key]

    def _for_file(self, target: str, text: str) -> str:
        is_skill = target.endswith(f"/{ENTRY}")
        same = self.same_name(target)
        if same and same not in text:  # a page that names both means two files
            return f"did you mean `{same}`?"
        path = self.above(target)
        if path and is_skill:
            return f"it is another skill, at `{path}`: name the skill instead of its file"
        whole = self._skill.plugin
        if path and whole and (self._skill.root / path).resolve().is_relative_to(whole):
            return f"it is at `{path}` in the plugin: write that path, or copy the file in"
        if path:
            return f"it is at `{path}`, outside the skill, which must stand alone: copy it in"
        owners = self.owners(target)
        # Many skills have a `references/guide.md`; a longer path is a name of its own.
        is_own = len(owners) == 1 and target.count("/") >= _LONG
        is_file = "." in base_name(target)
        owner = next((each for each in owners if is_file and (is_own or each in text)), None)
        if owner:
            return f"the skill `{owner}` has it: name that skill, or copy it in"
        if is_skill:
            return "name the other skill instead of its file, or remove the link"
        # Paths in one folder are always similar, so the names must mean the same, too.
        for name in self._nearest(target, "", self._skill.files, cutoff=0.75):
            if _is_same_kind(target, name) and _is_like(_stem(target), _stem(name)):
                return f"did you mean `{name}`?"
        return "add the file or correct the path"

    def page_of(self, address: str) -> str | None:
        """Return the one page that a path of a web site means: `/docs/tabs/#api` is `Tabs.md`."""
        path, _, anchor = address.partition("#")
        name = base_name(path.rstrip("/")).partition(".")[0].lower()
        found = self._by_stem.get(name, ()) if name else ()
        if len(found) != 1:
            return None
        has_anchor = anchor in self._skill.documents[found[0]].anchors
        return f"{found[0]}#{anchor}" if has_anchor else found[0]

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._skill.documents:
            found.setdefault(_stem(name).lower(), []).append(name)
        return found

    def from_above(self, target: str) -> str | None:
        """Return where a missing file outside the skill is, if it has the wrong number of `../`."""
        rest = _UPWARDS.sub("", target)
        found = self.above(rest) if rest and rest != target else None
        return found if found != target else None

    def same_name(self, target: str) -> str | None:
        """Return the one file of the skill that has the name of a missing one."""
        base = base_name(target)
        same = self._skill.by_base_name.get(base, ())
        return same[0] if len(same) == 1 and base != ENTRY else None

    def above(self, target: str) -> str | None:
        """Return the path to a file that is missing here but exists in a folder above the skill."""
        paths = (f"{'../' * up}{target}" for up in range(1, _MAX_ABOVE + 1))
        return next((p for p in paths if os.path.exists(os.path.join(self._skill.root, p))), None)

    def owners(self, target: str) -> list[str]:
        """Return the skills beside this one that have a file which is missing here."""
        if target not in self._owners:
            folders = (f for f in self._beside if os.path.exists(os.path.join(f, target)))
            self._owners[target] = [os.path.basename(folder) for folder in folders]
        return self._owners[target]

    @cached_property
    def _beside(self) -> list[str]:
        parent, own = self._skill.root.parent, self._skill.root.name
        names = sorted(os.listdir(parent)) if parent.is_dir() else []
        folders = [os.path.join(parent, name) for name in names[:_MAX_BESIDE] if name != own]
        return [folder for folder in folders if os.path.exists(os.path.join(folder, ENTRY))]

    def for_anchor(self, file: str, anchor: str) -> str | None:
        """Return the anchor of the page ``file`` that is nearest to one that it lacks."""
        key = (file, anchor)
        if key not in self._anchors:
            known = self._skill.documents[file].anchors
            begun = self._begun(file, anchor)
            near = [begun] if begun else self._nearest(anchor, file, known, cutoff=0.6)
            likely = (name for name in near if begun or _is_like(anchor, name, share=2))
            self._anchors[key] = next(likely, None)
        return self._anchors[key]

    def _begun(self, file: str, anchor: str) -> str | None:
        """Return the one anchor of a page that goes on, `r121-imports`, or has the same number."""
        if file not in self._sorted:
            self._sorted[file] = sorted(self._skill.documents[file].anchors)
        names = self._sorted[file]
        same = _NUMBERED.match(anchor)
        for beginning in (f"{anchor}-", same.group() if same else ""):
            at = bisect_left(names, beginning)
            found = [name for name in names[at : at + 2] if name.startswith(beginning)]
            if len(found) == 1 and len(beginning) > 1:
                return found[0]
        return None

    def _nearest(self, wanted: str, place: str, known: Iterable[str], cutoff: float) -> list[str]:
        """Return up to three candidates, best first; none once the comparisons are used up."""
        if place not in self._index:
            self._index[place] = _indexed(known)
        index = self._index[place]
        if len(wanted) > _MAX_LENGTH:
            return []
        sharing = (index.get(key, []) for key in _keys(wanted))
        few = (names for names in sharing if len(names) <= _MAX_SHARING)
        candidates = sorted({name for names in few for name in names})
        if len(candidates) > self._left:
            return []
        self._left -= len(candidates)
        return difflib.get_close_matches(wanted, candidates, cutoff=cutoff)


def _indexed(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names by their words and beginnings."""
    index: dict[str, list[str]] = {}
    for name in names:
        if len(name) <= _MAX_LENGTH:
            for key in _keys(name):
                index.setdefault(key, []).append(name)
    return index


def _keys(name: str) -> set[str]:
    base = base_name(name)
    return {base[:_BEGINNING], *_WORD.findall(base.lower())}


def _stem(path: str) -> str:
    return base_name(path).partition(".")[0]


def _is_same_kind(one: str, other: str) -> bool:
    """Return whether a link to one file may mean the other: a page is no picture."""
    ends = [base_name(path).rpartition(".")[2].lower() for path in (one, other)]
    return "." not in base_name(one) or ends[0] == ends[1] or _PICTURES.issuperset(ends)


def _is_like(one: str, other: str, share: int = 3) -> bool:
    """Return whether a name is misspelt, or has at most ``share`` times the words of the other."""
    if difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio() >= _MISSPELT:
        return True
    pair = ({word.rstrip("s") for word in _PART.findall(name.lower())} for name in (one, other))
    few, many = sorted(pair, key=len)
    return bool(few) and few <= many and len(many) <= share * len(few)
