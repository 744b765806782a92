"""A report in one of its formats, and where its links lead."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePath

from ... import files
from ...refusal import Refusal
from .model import Report


def rendered(
    report: Report, form: str, *, full: bool, output: Path | None, skill: Path | None
) -> str:
    """Return ``report`` as ``md``, ``json`` or ``html``.

    Raises:
        Refusal: the format needs a package that is not installed.
    """
    if form == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
    links = way_to_skill(output, skill)
    if form == "html":
        from .html import render as html

        return html(report)
    from .markdown import render as markdown

    return markdown(report, full=full, links=links)


def way_to_skill(output: Path | None, skill: Path | None) -> str | None:
    """Return the relative way from the report to the skill, where the skill lies beside it.

    A skill installed elsewhere on this machine is not linked: the link would lead nowhere for
    any other reader, and would tell them how this machine's folders are called.
    """
    from ...skill_root import default_root

    folder = (output.parent if output else Path()).resolve()
    try:
        root = (skill or default_root()).resolve()
        way = PurePath(os.path.relpath(root.parent if root.is_file() else root, folder))
    except (OSError, ValueError):
        return None
    return None if ".." in way.parts else way.as_posix()


def write(path: Path, text: str) -> None:
    """Write the report, which only its owner may read; an earlier one is replaced.

    Raises:
        Refusal: the path cannot be written, or is something else than a report.
    """
    try:
        if os.path.lexists(path):
            files.refuse_special(path)
            if _is_session(path):
                raise Refusal(f"{path} is a session, which the report would destroy")
        files.write_atomically(path, text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as exc:
        raise Refusal(f"cannot write {path}: {files.reason(exc)}") from exc


def _is_session(path: Path) -> bool:
    return b'"schema": "session/' in files.read_beginning(path, 200)
