"""Small skills on disk for the tests of what becomes of findings."""

import json
from pathlib import Path

from backend_performance.commands import validate

FRONT = """\
---
name: {name}
description: Shows one thing. Use when testing what becomes of findings.
---

# Title

"""


def skill(folder: Path, body: str = "Text.\n", front: str = FRONT, **pages: str) -> Path:
    """Write a skill of the folder's name; pages are named ``references__guide`` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    text = front.format(name=folder.name) + body
    (folder / "SKILL.md").write_bytes(text.encode())
    for name, content in pages.items():
        path = folder / (name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return folder


def run(capsys, *arguments) -> tuple[int, str, str]:
    code = validate.main([str(each) for each in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def codes(capsys, *arguments) -> list[str]:
    _, out, _ = run(capsys, *arguments, "--format", "json")
    return [each["code"] for each in json.loads(out)["diagnostics"]]
