"""Every citation of a file or heading of the skill must lead somewhere.

An agent follows a broken path once, then works without the page. Links, images, HTML, code
spans and commands are read alike; a path in code counts only where it can mean this skill.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from .. import paths
from ..citation_model import Citation
from ..diagnostic import Diagnostic, error, note, warning
from ..inspection import Inspection
from ..package import Skill

CODES = (
    "link-absolute",
    "link-backslash",
    "link-empty",
    "link-from-root",
    "link-letter-case",
    "link-outside-skill",
    "link-anchor-missing",
    "link-target-missing",
    "path-letter-case",
    "path-target-missing",
)
_IN_CODE = frozenset({"code-span", "fence", "text"})


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per citation that does not resolve."""
    for cited in inspection.graph.edges:
        describe = _DESCRIBE.get(cited.status)
        if describe:
            yield describe(cited, inspection.skill)


def _target_missing(cited: Citation, skill: Skill) -> Diagnostic:
    nearest = difflib.get_close_matches(cited.target, sorted(skill.files), n=1, cutoff=0.75)
    hint = f"did you mean `{nearest[0]}`?" if nearest else "add the file or correct the path"
    in_code = cited.style in _IN_CODE
    report = warning if in_code else error
    if paths.is_material(cited.source):
        report = note  # where the template is filled in, the target may well exist
    return report(
        "path-target-missing" if in_code else "link-target-missing",
        cited.source,
        cited.line,
        f"`{cited.written}` leads to {cited.target}, which does not exist",
        hint,
        cited.column,
    )


def _anchor_missing(cited: Citation, skill: Skill) -> Diagnostic:
    anchors = sorted(skill.documents[cited.target].anchors)
    nearest = difflib.get_close_matches(cited.anchor or "", anchors, n=1, cutoff=0.6)
    hint = f"did you mean `#{nearest[0]}`?" if nearest else "link to a heading that exists"
    return error(
        "link-anchor-missing",
        cited.source,
        cited.line,
        f"{cited.target} has no heading with the anchor `#{cited.anchor}`",
        hint,
        cited.column,
    )


def _letter_case(cited: Citation, skill: Skill) -> Diagnostic:
    in_code = cited.style in _IN_CODE
    return error(
        "path-letter-case" if in_code else "link-letter-case",
        cited.source,
        cited.line,
        f"`{cited.written}` differs from the file's name in letter case",
        f"write `{cited.suggestion}`; most servers tell case apart",
        cited.column,
    )


def _from_root(cited: Citation, skill: Skill) -> Diagnostic:
    return warning(
        "link-from-root",
        cited.source,
        cited.line,
        f"`{cited.written}` exists from the skill's root, but not from this page",
        f"write `{cited.suggestion}`; links are relative to the page they stand in",
        cited.column,
    )


def _outside(cited: Citation, skill: Skill) -> Diagnostic:
    exists = (skill.root / cited.target).exists()
    report = note if paths.is_material(cited.source) else warning if exists else error
    return report(
        "link-outside-skill",
        cited.source,
        cited.line,
        f"`{cited.written}` leads out of the skill"
        + ("" if exists else ", and there is no such file"),
        "copy the file into the skill; an installed skill stands alone",
        cited.column,
    )


def _simple(code: str, message: str, hint: str) -> Callable[[Citation, Skill], Diagnostic]:
    def describe(cited: Citation, skill: Skill) -> Diagnostic:
        return error(
            code, cited.source, cited.line, message.format(cited.written), hint, cited.column
        )

    return describe


_DESCRIBE: dict[str, Callable[[Citation, Skill], Diagnostic]] = {
    "missing-file": _target_missing,
    "missing-anchor": _anchor_missing,
    "letter-case": _letter_case,
    "from-root": _from_root,
    "outside": _outside,
    "absolute": _simple(
        "link-absolute",
        "`{}` is an absolute path",
        "write a path relative to this page",
    ),
    "backslash": _simple(
        "link-backslash",
        "`{}` contains a backslash",
        "separate folders with forward slashes",
    ),
    "empty": _simple("link-empty", "the link has no target{}", "write a target or remove the link"),
}
