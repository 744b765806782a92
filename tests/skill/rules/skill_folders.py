"""Small skill folders from text: what the case files below ``defects/`` and ``lookalikes/`` say.

A file holds many cases::

    === broken link to a page
    >>> SKILL.md
    {head}
    # Demo

    Read ⟦link-target-missing⟧[the guide](references/gide.md).
    >>> scripts/run.sh [x]
    #!/bin/sh
    >>> references/loop -> ..

``⟦code⟧`` stands right before the place of the finding and is not written; ``⟦note:code⟧`` asks
for its severity too. ``{head}`` is a valid frontmatter of four lines. ``\\u{202E}`` is that
character and ``{text*5}`` the text five times. ``@name`` at the end of a case's title names its
folder, otherwise ``demo``. Options behind a path: ``x`` (executable),
``crlf``, ``utf-16``, ``latin-1``, ``no-end`` (no line end at the end), ``secret-in-file`` … any
code (a finding about the file as a whole: line 1, column 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

HEAD = "---\nname: demo\ndescription: Shows one thing. Use it when a case needs a skill.\n---"
_MARK = re.compile(r"⟦(?:(error|warning|note):)?([a-z0-9-]+)⟧")
_ESCAPE = re.compile(r"\\u\{([0-9A-Fa-f]+)\}")
_REPEAT = re.compile(r"\{([^{}]+?)\*(\d+)\}")
_OPTIONS = re.compile(r"\s+\[([^\]]*)\]$")


@dataclass(frozen=True, order=True)
class Expected:
    file: str
    line: int
    column: int
    code: str
    severity: str = ""


@dataclass
class File:
    path: str
    text: str = ""
    link: str | None = None
    options: tuple[str, ...] = ()


@dataclass
class Case:
    """``origin`` is the case file and the line of it at which the case starts."""

    name: str
    origin: str
    folder: str = "demo"
    files: list[File] = field(default_factory=list)

    def expected(self) -> set[Expected]:
        found: set[Expected] = set()
        for file in self.files:
            _, marks = _plain(file)
            found |= marks
            found |= {
                Expected(file.path, 1, 1, option)
                for option in file.options
                if "-" in option and option not in _NOT_CODES
            }
        return found


_NOT_CODES = frozenset({"utf-16", "latin-1", "no-end"})


def read(path: Path) -> list[Case]:
    """Return the cases of one case file."""
    cases: list[Case] = []
    lines: list[str] | None = None
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if line.startswith("=== "):
            name, _, folder = line[4:].strip().partition(" @")
            cases.append(Case(name, f"{path.name}:{number}", folder or "demo"))
            lines = None
        elif line.startswith(">>> "):
            lines = []
            cases[-1].files.append(_file(line[4:], lines))
        elif lines is not None:
            lines.append(line)
            cases[-1].files[-1].text = "\n".join(lines)
    return cases


def _file(header: str, lines: list[str]) -> File:
    options = _OPTIONS.search(header)
    names = tuple(options.group(1).split()) if options else ()
    path, arrow, link = _OPTIONS.sub("", header).strip().partition(" -> ")
    return File(_ESCAPE.sub(_character, path), link=link if arrow else None, options=names)


def _character(match: re.Match[str]) -> str:
    return chr(int(match.group(1), 16))


def _plain(file: File) -> tuple[str, set[Expected]]:
    """Return the text to write and what is expected in it."""
    text = file.text.rstrip("\n").replace("{head}", HEAD) + "\n"
    text = _REPEAT.sub(lambda m: m.group(1).replace("\\n", "\n") * int(m.group(2)), text)
    text = _ESCAPE.sub(_character, text)
    lines, found = [], set()
    for number, line in enumerate(text.split("\n"), start=1):
        while match := _MARK.search(line):
            column = match.start() + 1
            found.add(Expected(file.path, number, column, match.group(2), match.group(1) or ""))
            line = line[: match.start()] + line[match.end() :]
        lines.append(line)
    return "\n".join(lines), found


def write(case: Case, folder: Path) -> Path:
    """Write the skill of a case to ``folder``/its name and return that."""
    root = folder / case.folder
    root.mkdir()
    for file in case.files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.link is not None:
            path.symlink_to(file.link)
            continue
        text, _ = _plain(file)
        if "no-end" in file.options:
            text = text.removesuffix("\n")
        if "crlf" in file.options:
            text = text.replace("\n", "\r\n")
        encodings = [name for name in file.options if name in ("utf-16", "latin-1")]
        path.write_bytes(text.encode(*encodings or ["utf-8"]))
        if "x" in file.options:
            path.chmod(0o755)
    return root
