"""Repairs that need no judgement: made in one file at a time, shown as a diff or written.

An edit replaces exactly the text that the finding is about, on its line, outside code. Text that
has changed since is left alone. Files keep their mode, line ends and encoding, and links out of the
skill are not followed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...files import read_regular, write_below
from ..diagnostic import Diagnostic
from ..markdown import reading
from ..markdown.layout import Layout
from .checked import Checked

_LINE = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True)
class Repair:
    """The change of one file below ``root``: its bytes before and after, its new mode."""

    root: Path
    file: str
    shown: str
    before: bytes
    after: bytes
    mode: int | None
    count: int

    def diff(self) -> str:
        """Return the change as a unified diff, with a line for the mode as git writes it."""
        name = self.shown.lstrip("/")
        old, new = (
            data.decode("utf-8", "replace").splitlines(keepends=True)
            for data in (self.before, self.after)
        )
        lines = list(difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"))
        if self.mode is not None:
            present = (self.root / self.file).stat().st_mode & 0o777
            lines[:0] = [f"old mode 100{present:o}\n", f"new mode 100{self.mode:o}\n"]
            if len(lines) == 2:
                lines.insert(0, f"diff --git a/{name} b/{name}\n")
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    def write(self) -> None:
        """Put the new content in place of the old, all or nothing."""
        # Also where only the mode changes: the file may have a second name outside.
        write_below(self.root, self.file, self.after, self.mode)


def repairs(results: Iterable[Checked]) -> list[Repair]:
    """Return the repairs of all findings that have one, a file each."""
    made = []
    for result in results:
        by_file: dict[str, list[Diagnostic]] = {}
        for found in result.found:
            if found.diagnostic.fix is not None:
                by_file.setdefault(found.diagnostic.file, []).append(found.diagnostic)
        for file, diagnostics in sorted(by_file.items()):
            repair = _repair(result, file, diagnostics)
            if repair:
                made.append(repair)
    return made


def _repair(result: Checked, file: str, diagnostics: Sequence[Diagnostic]) -> Repair | None:
    path = result.root / file
    if path.is_symlink() or not path.resolve().is_relative_to(result.root):
        return None
    try:
        before = read_regular(path, reading.MAX_BYTES)
        present = path.stat().st_mode & 0o777
    except OSError:
        return None
    after, count = _edited(before, file, diagnostics)
    mode = None
    if any(d.fix and d.fix.kind == "executable" for d in diagnostics):
        # Whoever may read it may run it.
        mode = present | (present & 0o444) >> 2
        count += mode != present
        mode = mode if mode != present else None
    if after == before and mode is None:
        return None
    return Repair(result.root, file, result.path(file), before, after, mode, count)


def _edited(data: bytes, file: str, diagnostics: Sequence[Diagnostic]) -> tuple[bytes, int]:
    mark = reading.BYTE_ORDER_MARK if data.startswith(reading.BYTE_ORDER_MARK) else b""
    try:
        text = data[len(mark) :].decode("utf-8")
    except UnicodeDecodeError:
        return data, 0
    count = 0
    if mark and any(d.fix and d.fix.kind == "bom" for d in diagnostics):
        mark, count = b"", 1
    parts = _LINE.split(text)
    page = Layout(reading.parse(data, file))
    # From the end of a line to its beginning, so that columns stay true.
    for each in sorted(diagnostics, key=lambda d: (d.line, d.column), reverse=True):
        index = (each.line - 1) * 2
        if index < len(parts):
            edited = edited_line(parts[index], each, page)
            count += edited != parts[index]
            parts[index] = edited
    return mark + "".join(parts).encode("utf-8"), count


def edited_line(line: str, each: Diagnostic, page: Layout) -> str:
    """Return a line of a page as the edit of a finding leaves it."""
    fix = each.fix
    if fix is None or page.fence_at(each.line):
        return line
    if fix.kind == "line":
        return fix.new if line == fix.old else line
    if fix.kind != "text" or not fix.old:
        return line
    start = line.find(fix.old, each.column - 1)
    if start < 0 or page.span_at(each.line, start + 1):
        return line
    return line[:start] + fix.new + line[start + len(fix.old) :]
