"""Which skill, in which version, without reading it: a step of a walk has no time for that."""

from __future__ import annotations

import re
from pathlib import Path

from ... import __version__
from ..refusal import Refusal

OWN_NAME = "backend-performance"
_HEAD_BYTES = 64 * 1024
_FIELD = re.compile(r"^\s*(name|version):\s*(.*?)\s*$", re.MULTILINE)


def of_skill(folder: Path | None) -> tuple[str, str]:
    """Return name and version of the skill in ``folder``, of this skill without one.

    Raises:
        Refusal: the folder holds no skill.
    """
    if folder is None:
        return OWN_NAME, __version__
    entry = folder if folder.is_file() else folder / "SKILL.md"
    try:
        with entry.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except (OSError, ValueError) as exc:
        raise Refusal(f"{folder} holds no readable SKILL.md") from exc
    block = head.split("\n---", 1)[0] if head.startswith("---") else ""
    found = {name: value.strip("\"'") for name, value in _FIELD.findall(block)}
    return found.get("name") or entry.resolve().parent.name, found.get("version", "")
