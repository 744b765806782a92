"""Every citation of a file of the skill must lead somewhere.

An agent follows a broken path once, then works without the page. Links, images, HTML, code
spans and commands are read alike; a path in code counts only where it can mean this skill.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ... import git_ignore
from ...diagnostic import Diagnostic, Fix, error, note, warning
from ...inspection import Inspection
from ...links.citation_model import Citation, relative
from ...links.intent import IN_CODE, copied, is_certain, is_quoted, is_sent, pictures_left_out
from ...links.suggestion import Suggestions
from ...markdown import fence_nest
from ...package import Skill

CODES = {
    "link-absolute": (
        "An absolute path leads nowhere on another machine, and in text copied from a web site "
        "nowhere at all. Write it relative to the page, or the whole address."
    ),
    "link-backslash": "A backslash separates folders on Windows only. Write forward slashes.",
    "link-empty": "The link has no target. Write one or remove the link.",
    "link-from-root": (
        "The specification counts paths from the skill's root; GitHub and editors count a link "
        "from its page, where this one leads nowhere. Agents find both."
    ),
    "link-letter-case": (
        "The path differs from the file's name in letter case and is not found on most servers. "
        "`--fix` corrects it."
    ),
    "link-outside-skill": (
        "The path leads out of the skill. An installed skill stands alone; copy what it needs "
        "into it. An error only where the file is not there either."
    ),
    "link-target-missing": (
        "The link's target does not exist. Add the file or correct the path. A note on pages that "
        "no agent comes to, and in templates."
    ),
    "path-absolute": (
        "A path in a user's home directory names a file of this skill; no other machine has "
        "it. Write it relative to the skill."
    ),
    "path-backslash": (
        "A path in code or prose separates folders with backslashes, which only Windows reads. "
        "Write forward slashes; Windows reads them too."
    ),
    "path-outside-skill": (
        "A path in code or prose leads out of the skill. An installed skill stands alone; copy "
        "what it needs into it."
    ),
    "path-letter-case": "As `link-letter-case`, for a path in code or prose.",
    "path-target-missing": (
        "A path in code or prose points into a folder of the skill at a file that does not exist: "
        "the agent will try it and fail. A warning where `SKILL.md` sends the agent there, or the "
        "path begins at the skill's folder; else a note, as it may be one of the project. "
        "A file that `.gitignore` names is made where the skill is used."
    ),
}
Describe = Callable[[Citation, Skill, Suggestions], Diagnostic]


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per citation that does not resolve."""
    skill = inspection.skill
    # A broken symbolic link has its own finding.
    reported = {p.file for p in skill.problems if p.code.startswith("symlink-")}
    suggestions = Suggestions(skill)
    foreign = copied(skill, inspection.graph.edges)
    pictures = pictures_left_out(skill, inspection.graph.edges)
    spilled: dict[str, frozenset[int]] = {}
    absolute = {
        (cited.source, cited.line, cited.written)
        for cited in inspection.graph.edges
        if cited.status == "absolute" and cited.style not in IN_CODE
    }
    for cited in inspection.graph.edges:
        if cited.style in IN_CODE and (cited.source, cited.line, cited.written) in absolute:
            continue  # the target of a link that is reported
        is_missing = cited.status == "missing-file"
        if is_missing and cited.style in IN_CODE and git_ignore.names(skill.root, cited.target):
            continue  # made where the skill is used
        describe = _DESCRIBE.get(cited.status)
        if reported and is_missing and _is_below(cited.target, reported):
            continue
        if describe:
            page = skill.documents.get(cited.source)
            if page and cited.source not in spilled:
                spilled[cited.source] = fence_nest.meant_as_code(page)
            found = describe(cited, skill, suggestions)
            is_example = cited.line in spilled.get(cited.source, ()) or is_quoted(cited, page)
            is_foreign = cited.source in foreign or not inspection.is_read(cited.source)
            is_mild = is_example or is_foreign or cited.target in pictures
            yield replace(found, severity="note") if is_mild else found


def _is_below(target: str, links: set[str]) -> bool:
    parts = target.split("/")
    return any("/".join(parts[:end]) in links for end in range(1, len(parts) + 1))


def _target_missing(cited: Citation, skill: Skill, suggestions: Suggestions) -> Diagnostic:
    in_code = cited.style in IN_CODE
    report = warning if in_code else error
    hint = suggestions.for_file(cited.target, cited.source)
    is_doubtful = in_code and not is_certain(cited, skill, suggestions)
    if is_doubtful or re.match(r"\.\w", cited.target):
        # In a project with that hidden folder it may exist.
        report = note
    return report(
        "path-target-missing" if in_code else "link-target-missing",
        cited.source,
        cited.line,
        f"`{cited.written}` leads to {cited.target}, which does not exist",
        hint,
        column=cited.column,
    )


def _rewritten(cited: Citation) -> Fix | None:
    """Return the edit of a link's path; it applies only where the page has the path as read."""
    if cited.suggestion is None:
        return None
    path = cited.written.partition("#")[0].partition("?")[0]
    return Fix("text", path, cited.suggestion)


def _letter_case(cited: Citation, skill: Skill, suggestions: Suggestions) -> Diagnostic:
    in_code = cited.style in IN_CODE
    report = warning if in_code else error
    return report(
        "path-letter-case" if in_code else "link-letter-case",
        cited.source,
        cited.line,
        f"`{cited.written}` differs from the file's name in letter case",
        f"write `{cited.suggestion}`; most servers tell case apart",
        column=cited.column,
        length=len(cited.written) if in_code else 0,
        fix=None if in_code else _rewritten(cited),
    )


def _from_root(cited: Citation, skill: Skill, suggestions: Suggestions) -> Diagnostic:
    return note(
        "link-from-root",
        cited.source,
        cited.line,
        f"`{cited.written}` counts from the skill's root, as the specification asks; on GitHub a "
        "link counts from its page",
        f"write `{cited.suggestion}` if people are to follow the link on the web",
        column=cited.column,
    )


def _outside(cited: Citation, skill: Skill, suggestions: Suggestions) -> Diagnostic:
    exists = os.path.exists(skill.root / cited.target)
    in_code = cited.style in IN_CODE
    report = note
    if not exists:  # else it works where the collection is whole
        report = error if not in_code else warning if is_sent(cited, skill) else note
    return report(
        "path-outside-skill" if in_code else "link-outside-skill",
        cited.source,
        cited.line,
        f"`{cited.written}` leads out of the skill"
        + ("" if exists else ", and there is no such file"),
        _outside_hint(cited, exists, suggestions),
        column=cited.column,
    )


def _outside_hint(cited: Citation, exists: bool, suggestions: Suggestions) -> str:
    found = None if exists else suggestions.from_above(cited.target)
    if found and found.endswith("/SKILL.md"):
        return f"it is another skill, at `{found}`: name the skill instead of its file"
    if found:
        return f"it is at `{found}`, seen from the skill's root; an installed skill lacks it"
    if not exists:
        return "remove the link or correct the path; an installed skill stands alone"
    if cited.target.endswith("/SKILL.md"):
        return "name the other skill instead of its file; it may be installed elsewhere, or not"
    return "copy the file into the skill; an installed skill stands alone"


def _absolute(cited: Citation, skill: Skill, suggestions: Suggestions) -> Diagnostic:
    hint = "write a path relative to this page"
    page = suggestions.page_of(cited.written)
    if page and cited.style not in IN_CODE:
        hint = f"did you mean `{relative(cited.source, page)}`?"
    if not cited.written.startswith("~"):
        message = "`{}` starts at the root of one machine or web site"
        return _simple("absolute", message, hint)(cited, skill, suggestions)
    message = "`{}` is a path in one person's home, which other machines need not have"
    found = _simple("absolute", message, hint)(cited, skill, suggestions)
    return replace(found, severity="warning") if found.severity == "error" else found


def _simple(code: str, message: str, hint: str) -> Describe:
    def describe(cited: Citation, skill: Skill, suggestions: Suggestions) -> Diagnostic:
        in_code = cited.style in IN_CODE
        report = warning if in_code else error
        if cited.written == "#" or (in_code and code == "absolute"):
            report = note  # `#` is what a form has for a target
        return report(
            f"{'path' if in_code else 'link'}-{code}",
            cited.source,
            cited.line,
            message.format(cited.written),
            f"write `{cited.suggestion}`" if cited.suggestion else hint,
            column=cited.column,
            length=len(cited.written) if in_code else 0,
        )

    return describe


_DESCRIBE: dict[str, Describe] = {
    "missing-file": _target_missing,
    "letter-case": _letter_case,
    "from-root": _from_root,
    "outside": _outside,
    "absolute": _absolute,
    "backslash": _simple(
        "backslash", "`{}` contains a backslash", "separate folders with forward slashes"
    ),
    "empty": _simple("empty", "the link has no target", "write a target or remove the link"),
}
