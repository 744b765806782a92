"""Every way in which skills cite their own files, in one model: links, mentions, scripts."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..markdown.document import Document, Link
from ..package import Skill
from ..sources import Sources
from . import mention, paths, scripts
from .citation_model import Citation, relative
from .resolver import PLACEHOLDER, Resolver, below_variable

_LINK_STYLES = frozenset({"link", "reference", "image", "html"})
#: Targets that a reader is meant to replace: `[text](url)`, `[Title](path/to/page.md)`.
_EXAMPLE_TARGET = re.compile(
    r"(?:url|uri|link|href|target|src|path|file|image|img|source|destination|anchor|https?|tbd|todo"
    r"|x|xxx)(?:[-_ ]?\w{0,8})?|(?:\./|/)?path/to/.*|.*\.\.\..*|…|relative/path.*",
    re.IGNORECASE,
)


class Resolved(NamedTuple):
    """Where a link leads, with the fields of ``Citation``."""

    target: str
    anchor: str | None
    status: str
    suggestion: str | None = None


def of_skill(skill: Skill, sources: Sources) -> tuple[Citation, ...]:
    """Return every citation of the skill's pages and scripts, in the order of files and lines."""
    resolver = Resolver(skill)
    found: list[Citation] = []
    for page in skill.documents.values():
        linked = [_of_link(page, link, resolver) for link in page.links]
        seen = {(citation.line, citation.target) for citation in linked}
        of_page = [*linked, *mention.of_page(page, resolver, seen)]
        found.extend(sorted(of_page, key=lambda c: (c.line, c.column)))
    cited = {c.target for c in found if not paths.is_for_developers(c.source)}
    found.extend(scripts.of_skill(skill, sources, resolver, cited))
    return tuple(found)


def _of_link(page: Document, link: Link, resolver: Resolver) -> Citation:
    # A program makes a link of any address: that of a setting shows itself.
    is_value = link.text == link.target and link.target.lower().startswith("file:")
    if link.style not in _LINK_STYLES or paths.is_external(link.target) or is_value:
        resolved = Resolved(link.target, None, "external")
    else:
        resolved = _resolve(page, link.target, resolver)
    return Citation(page.path, link.line, link.column, link.style, link.target, *resolved)


def _resolve(page: Document, written: str, resolver: Resolver) -> Resolved:
    """Return where a link leads, and what is wrong with that."""
    path, anchor = paths.split_anchor(written)
    if not written.strip(" #"):
        return Resolved(page.path, None, "empty", None)
    if paths.is_absolute(path):
        from_root = paths.resolve("", path.lstrip("/"))
        is_ours = path.startswith("/") and from_root in resolver.files
        suggestion = relative(page.path, from_root) if is_ours else None
        return Resolved(from_root if is_ours else path, anchor, "absolute", suggestion)
    in_plugin = resolver.below_plugin(path)
    if in_plugin:
        is_there = in_plugin in resolver.files or resolver.is_on_disk(in_plugin)
        return Resolved(in_plugin, anchor, "ok" if is_there else "missing-file")
    variable = below_variable(path)
    if variable:
        target = paths.resolve("", variable[0])
        is_missing = variable[1] and not PLACEHOLDER.search(target) and not resolver.exists(target)
        status = "ok" if target in resolver.files else "placeholder"
        return Resolved(target, anchor, "missing-file" if is_missing else status, None)
    if "\\" in path:
        slashed = path.replace("\\", "/")
        return Resolved(paths.resolve(page.path, slashed), anchor, "backslash", slashed)
    target = paths.resolve(page.path, path)
    target = resolver.other_form(target) or target
    if resolver.exists(target) and not target.startswith("../"):
        if resolver.is_folder(target):
            return Resolved(target, anchor, "folder", None)
        if anchor is not None and not resolver.has_anchor(target, anchor):
            return Resolved(target, anchor, "missing-anchor", None)
        return Resolved(target, anchor, "ok", None)
    if PLACEHOLDER.search(path) or "[" in path or _EXAMPLE_TARGET.fullmatch(path):
        return Resolved(target, anchor, "placeholder", None)
    return _missing(page, path, target, anchor, resolver)


def _missing(
    page: Document, path: str, target: str, anchor: str | None, resolver: Resolver
) -> Resolved:
    from_root = paths.resolve("", path)
    if from_root != target and resolver.exists(from_root):
        return Resolved(from_root, anchor, "from-root", relative(page.path, from_root))
    if target == ".." or target.startswith("../"):
        if resolver.is_in_outer(target):
            return Resolved(target, anchor, "ok")
        return Resolved(target, anchor, "outside", None)
    if resolver.is_beside(target):
        return Resolved(target, anchor, "ok", None)
    other = resolver.other_case(target)
    if other is not None:
        return Resolved(target, anchor, "letter-case", relative(page.path, other))
    return Resolved(target, anchor, "missing-file", None)
