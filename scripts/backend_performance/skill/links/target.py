"""What a path in code or prose means: a file of the skill, a missing one, or nothing of ours.

The same words may name a file of the user's project, an output, an example. Only what cannot be
one of these is called missing: it fills a code span or is given to an interpreter,
points into a folder of the skill or one that every skill has by convention, and its line does
not mention the user's project, another skill or writing the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..markdown.document import Document
from . import context, paths
from .resolver import PLACEHOLDER, Resolver, below_variable


class Target(NamedTuple):
    """What a path leads to, with the fields of ``Citation``."""

    target: str
    status: str
    suggestion: str | None = None


#: Folders of the Agent Skills specification: a path into one means this skill, even without it.
CONVENTIONAL = frozenset({"references", "reference", "scripts", "assets"})
#: Stems that mean any file.
_EXAMPLE_STEM = re.compile(
    r"(?:my|your|the|some|any|new|old|sample|example|another|other)(?:[_-].*)?|file\w*|foo|bar|baz"
    r"|name|topic|(?:\d+\.)*x|.*[xX]{3}.*|script\d*|module|page|.*[_-]name|[A-Z_]{3,}",
)
#: Skills and pages on how skills are made: their paths are those of any skill.
_ABOUT_SKILLS = re.compile(
    r"\b(?:creat|writ|author|build|design|develop)(?:e|ing)?-(?:\w+-)?(?:skill|plugin)s?\b"
    r"|\bagent-skills\b|\b(?:skill|plugin)s?-(?:creat|writ|author|build|design|develop)\w+"
    r"|\b(?:skill|plugin|hook|command|agent)-(?:dev|structure|development)\b"
)
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
    in_plugin = resolver.below_plugin(written)
    if in_plugin:
        yield from _in_plugin(page, mentioned, in_plugin, resolver)
        return
    variable = below_variable(written)
    if variable:
        yield from _below_variable(page, mentioned, *variable, resolver)
        return
    if "\\" in written:
        if context.is_counter_example(page, mentioned.line):
            return
        yield from _with_backslashes(page, mentioned, resolver)
        return
    candidates = (paths.resolve(page.path, written), paths.resolve("", written.lstrip("/")))
    for target in candidates:
        if target != "." and resolver.exists(target):
            yield Target(target, "folder" if resolver.is_folder(target) else "ok")
            return
    if PLACEHOLDER.search(written) or "[" in written:
        yield from (Target(name, "ok") for name in resolver.matching(candidates))
    elif "/" not in written:
        yield from _bare(page, written, resolver)
    elif own := _after_own_name(written, resolver):
        home = _HOME.match(written)
        is_anybody = home is None or _ANYBODY.fullmatch(home.group(1))
        yield Target(own, "ok" if is_anybody else "absolute")
    elif mentioned.is_whole or mentioned.role:
        yield from _missing(page, mentioned, candidates, resolver)


def _in_plugin(
    page: Document, mentioned: Mentioned, target: str, resolver: Resolver
) -> Iterator[Target]:
    if target in resolver.files:
        yield Target(target, "ok")
    elif "[" in target:
        yield from (Target(name, "ok") for name in resolver.matching((target,)))
    elif (mentioned.is_whole or mentioned.role) and not (
        resolver.is_on_disk(target)
        or _is_example(target)
        or _is_elsewhere(page, mentioned)
        or _is_sample(page, mentioned, resolver)
    ):
        yield Target(target, "missing-file")


def _below_variable(
    page: Document, mentioned: Mentioned, rest: str, is_root: bool, resolver: Resolver
) -> Iterator[Target]:
    target = paths.resolve("", rest)
    if PLACEHOLDER.search(rest) or ("[" in rest and target not in resolver.files):
        yield from (Target(name, "ok") for name in resolver.matching((target,)))
        return
    parts = target.split("/")
    for start in range(len(parts)):
        below = "/".join(parts[start:])
        if below in resolver.files:
            yield Target(below, "ok")
            return
    named = resolver.named(parts[-1]) if len(parts) == 1 else ()
    yield from (Target(name, "ok") for name in named)
    is_ours = not named and is_root and (resolver.is_folder(parts[0]) or parts[0] in CONVENTIONAL)
    is_free = _is_example(target) or _is_sample(page, mentioned, resolver)
    if is_ours and not (
        is_free or context.is_absent(page, mentioned.line, mentioned.column, mentioned.text)
    ):
        yield Target(target, "missing-file")


def _is_sample(page: Document, mentioned: Mentioned, resolver: Resolver) -> bool:
    """Return whether a path is in a sample on a page that explains how skills are made."""
    return mentioned.style == "fence" and _is_about_skills(page, resolver)


def _is_about_skills(page: Document, resolver: Resolver) -> bool:
    plugin = {resolver.plugin.name} if resolver.plugin else set()
    names = resolver.own_names | plugin
    return any(_ABOUT_SKILLS.search(f"{name}/{page.path}") for name in names)


def _with_backslashes(page: Document, mentioned: Mentioned, resolver: Resolver) -> Iterator[Target]:
    slashed = mentioned.text.replace("\\", "/")
    is_windows = mentioned.is_windows or slashed.lower().endswith(_WINDOWS_SCRIPT)
    for target in (paths.resolve(page.path, slashed), paths.resolve("", slashed)):
        if target in resolver.files:
            yield Target(target, "ok") if is_windows else Target(target, "backslash", slashed)
            return


def _bare(page: Document, written: str, resolver: Resolver) -> Iterator[Target]:
    found = resolver.named(written)
    folder = page.path.rpartition("/")[0]
    near = [name for name in found if name.rpartition("/")[0] == folder]
    yield from (Target(name, "ok") for name in near or found)


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
        # `./readme.md` alone may be any file of a project.
        if other and "/" in other and not _is_named_folder(page, mentioned.text):
            yield Target(target, "letter-case", other)
            return
    written = mentioned.text
    parts = written.removeprefix("./").split("/")
    if written.endswith("/") or _is_example(written) or _is_elsewhere(page, mentioned):
        return
    if _is_about_skills(page, resolver):
        return
    if parts[0] == "..":
        if candidates[0].startswith("../") and not CONVENTIONAL.isdisjoint(parts[1:-1]):
            yield Target(candidates[0], "outside")
    elif _is_ours(written, parts[0], resolver):
        target = candidates[-1]
        is_there = (
            resolver.is_beside(target)
            or resolver.is_above(target)
            or resolver.is_in_project(target)
        )
        if "PLUGIN_ROOT" in page.text and resolver.plugin:
            is_there = is_there or os.path.exists(resolver.plugin / target)
        yield Target(target, "ok" if is_there else "missing-file")


def _is_named_folder(page: Document, written: str) -> bool:
    """Return whether a path begins with a name that the page explains: `SCRIPTS = …`."""
    first = written.partition("/")[0]
    return first.isupper() and bool(re.search(rf"\b{re.escape(first)}\b\s*(?:=|:|is\b)", page.text))


def _is_ours(written: str, first: str, resolver: Resolver) -> bool:
    """Return whether a path's first folder means this skill; `./scripts/` may be a project's."""
    if first.strip(".") and resolver.is_folder(first):
        return True
    return first in CONVENTIONAL and not written.startswith("./scripts/")


def _is_elsewhere(page: Document, mentioned: Mentioned) -> bool:
    line, written = mentioned.line, mentioned.text
    return (
        context.is_elsewhere(page, line, mentioned.column, written, mentioned.style == "code-span")
        or context.is_counter_example(page, line)
        or context.is_below_verdict(page, line)
        or context.is_in_clone(page, line)
        or context.is_in_foreign_column(page, line, written)
        or context.is_given(page, written)
    )


def _is_example(path: str) -> bool:
    stem = paths.stem(path)
    return paths.is_for_developers(path) or bool(_EXAMPLE_STEM.fullmatch(stem))
