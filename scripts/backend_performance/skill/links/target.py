"""What a path in code or prose means: a file of the skill, a missing one, or nothing of ours.

The same words may name a file of the user's project, an output, an example. Only what cannot be
one of these is called missing: it stands alone in a code span or is given to an interpreter,
points into a folder of the skill or one that every skill has by convention, and its line does
not speak of the user's project, another skill or of writing the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..markdown.document import Document
from . import paths
from .resolver import PLACEHOLDER, Resolver, below_variable

#: (target, status, suggestion) as in ``Citation``.
Target = tuple[str, str, str | None]

#: Folders of the Agent Skills specification: a path into one means this skill, even without it.
_CONVENTIONAL = frozenset({"references", "reference", "scripts", "assets"})
#: Stems that stand for any file.
_EXAMPLE_STEM = re.compile(
    r"(?:my|your|the|some|any|new|old|sample|example|another|other)(?:[_-].*)?|file\w*|foo|bar|baz"
    r"|name|topic|x|xxx|script\d*|module|page|.*[_-]name|[A-Z_]{3,}",
)
_OF_THE_USER = re.compile(
    r"\b(?:your|user'?s?|their|the project'?s|target|host)\s+(?:own\s+)?"
    r"(?:project|repo|app|code ?base|workspace)"
    r"|\b(?!(?:this|the|each|every|a|your)\b)[\w-]+[`*]* skill(?:['’]s)?\W{0,3}\Z"
    r"|\b(?:creat|sav|writ|generat|produc|scaffold|output)(?:e|es|ing|s|ed)?\b"
    r"(?:[^.;]|\.(?=\w))*\Z"
    r"|\b(?:copy|rename|move)\b(?:[^.;]|\.(?=\w))*\bto\W*\Z",
    re.IGNORECASE,
)
#: What introduces a path that need not be there, and what says so after it.
_AS_EXAMPLE = re.compile(
    r"(?:\be\.g\.|\b(?:for example|for instance|such as|like))[,:]?\W{0,3}\Z", re.IGNORECASE
)
_LABEL = re.compile(
    r"\s*[-*+]\W+(?:examples?|good|bad|right|wrong|better|avoid|prefer)[*_]*:[*_]*\s*`",
    re.IGNORECASE,
)
_IMAGINED = re.compile(r"`?(?:\s+\w+){0,4}\s+(?:would|could|might)\b")
#: Skills and pages on how skills are made: their paths are those of any skill.
_ABOUT_SKILLS = re.compile(
    r"\b(?:creat|writ|author|build|design|develop)(?:e|ing)?-(?:\w+-)?skills?\b"
    r"|\bskills?-(?:creat|writ|author|build|design|develop)\w+"
)
#: How far around a path its line is looked at, in characters: it may have millions.
_MAX_NEAR = 300
_HOME = re.compile(r"/(?:home|Users)/([^/]+)/.")
_ANYBODY = re.compile(r"(?:your?|user|me|name|someone|runner|ubuntu|node|vscode)\w*", re.IGNORECASE)
_WINDOWS_SCRIPT = (".ps1", ".bat", ".cmd", ".psm1")


class Mentioned(NamedTuple):
    """A path as written. ``style`` is code-span, fence or text; ``is_whole``: nothing else is in
    the code span; ``role``: run by an interpreter, read, invoke (directly) or nothing."""

    text: str
    line: int
    column: int
    style: str
    is_whole: bool = False
    role: str = ""
    is_windows: bool = False


def targets(page: Document, mentioned: Mentioned, resolver: Resolver) -> Iterator[Target]:
    """Yield what one written path leads to; nothing when it is not ours."""
    written = mentioned.text
    variable = below_variable(written)
    if variable:
        yield from _below_variable(*variable, resolver)
        return
    if "\\" in written:
        yield from _with_backslashes(page, mentioned, resolver)
        return
    candidates = (paths.resolve(page.path, written), paths.resolve("", written.lstrip("/")))
    for target in candidates:
        if target != "." and resolver.exists(target):
            yield target, "folder" if resolver.is_folder(target) else "ok", None
            return
    if PLACEHOLDER.search(written) or "[" in written:
        yield from ((name, "ok", None) for name in resolver.matching(candidates))
    elif "/" not in written:
        yield from _bare(page, written, resolver)
    elif own := _after_own_name(written, resolver):
        home = _HOME.match(written)
        is_anybody = home is None or _ANYBODY.fullmatch(home.group(1))
        yield own, "ok" if is_anybody else "absolute", None
    elif mentioned.is_whole or mentioned.role:
        yield from _missing(page, mentioned, candidates, resolver)


def _below_variable(rest: str, is_root: bool, resolver: Resolver) -> Iterator[Target]:
    target = paths.resolve("", rest)
    if PLACEHOLDER.search(rest):
        yield from ((name, "ok", None) for name in resolver.matching((target,)))
        return
    parts = target.split("/")
    for start in range(len(parts)):
        below = "/".join(parts[start:])
        if below in resolver.files:
            yield below, "ok", None
            return
    is_ours = is_root and (resolver.is_folder(parts[0]) or parts[0] in _CONVENTIONAL)
    if is_ours and not _is_example(target):
        yield target, "missing-file", None


def _with_backslashes(page: Document, mentioned: Mentioned, resolver: Resolver) -> Iterator[Target]:
    slashed = mentioned.text.replace("\\", "/")
    is_windows = mentioned.is_windows or slashed.lower().endswith(_WINDOWS_SCRIPT)
    for target in (paths.resolve(page.path, slashed), paths.resolve("", slashed)):
        if target in resolver.files:
            yield target, "ok" if is_windows else "backslash", None if is_windows else slashed
            return


def _bare(page: Document, written: str, resolver: Resolver) -> Iterator[Target]:
    found = resolver.named(written)
    folder = page.path.rpartition("/")[0]
    near = [name for name in found if name.rpartition("/")[0] == folder]
    yield from ((name, "ok", None) for name in near or found)


def _after_own_name(written: str, resolver: Resolver) -> str | None:
    """Resolve `skills/this-skill/references/x.md` and `other/…/references/x.md`."""
    parts = written.split("/")
    for index in range(1, len(parts)):
        rest = "/".join(parts[index:])
        if rest in resolver.files and (parts[index - 1] in resolver.own_names or "/" in rest):
            return rest
    return None


def _missing(
    page: Document, mentioned: Mentioned, candidates: tuple[str, ...], resolver: Resolver
) -> Iterator[Target]:
    for target in candidates:
        other = resolver.other_case(target)
        if other:
            yield target, "letter-case", other
            return
    written = mentioned.text
    parts = written.removeprefix("./").split("/")
    if written.endswith("/") or _is_example(written) or _is_of_the_user(page, mentioned):
        return
    if _is_imagined(page, mentioned) or any(
        _ABOUT_SKILLS.search(f"{name}/{page.path}") for name in resolver.own_names
    ):
        return
    if parts[0] == "..":
        if candidates[0].startswith("../") and not _CONVENTIONAL.isdisjoint(parts[1:-1]):
            yield candidates[0], "outside", None
    elif _is_ours(written, parts[0], resolver):
        yield candidates[-1], "ok" if resolver.is_beside(candidates[-1]) else "missing-file", None


def _is_ours(written: str, first: str, resolver: Resolver) -> bool:
    """Return whether a path's first folder means this skill; `./scripts/` may be a project's."""
    if first.strip(".") and resolver.is_folder(first):
        return True
    return first in _CONVENTIONAL and not written.startswith("./scripts/")


def _is_of_the_user(page: Document, mentioned: Mentioned) -> bool:
    index, end = mentioned.line - 1, mentioned.column - 1
    before = page.lines[index][max(end - _MAX_NEAR, 0) : end]
    if mentioned.style == "code-span" and index and end < _MAX_NEAR:
        # A sentence goes on over the line's end.
        before = f"{page.lines[index - 1][-_MAX_NEAR:]} {before}"
    return bool(_OF_THE_USER.search(before))


def _is_imagined(page: Document, mentioned: Mentioned) -> bool:
    """Return whether the line only shows what a path may look like."""
    line = page.lines[mentioned.line - 1]
    start = mentioned.column - 1
    end = start + len(mentioned.text)
    return bool(
        _AS_EXAMPLE.search(line[max(start - _MAX_NEAR, 0) : start])
        or (start < _MAX_NEAR and _LABEL.match(line, 0, start))
        or _IMAGINED.match(line, end, end + _MAX_NEAR)
    )


def _is_example(path: str) -> bool:
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return bool(_EXAMPLE_STEM.fullmatch(stem))
