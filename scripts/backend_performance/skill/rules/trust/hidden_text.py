"""Characters that a reviewer does not see and a model does.

Bidirectional overrides show text in another order than it is read; tag characters spell whole
sentences invisibly. Joiners, marks and spaces that a script or an emoji needs are left alone.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator

from ...diagnostic import Diagnostic, Report, error, note, warning
from ...inspection import Inspection
from ...links import paths

CODES = {
    "hidden-bidirectional-text": (
        "Bidirectional control characters make text look other than it is read. Delete them; "
        "right-to-left scripts do not need overrides."
    ),
    "hidden-tag-text": (
        "Characters of the Unicode tag block are invisible and spell out text for a model. There "
        "is no honest use outside flag emoji. Delete them."
    ),
    "hidden-character": (
        "A character without width hides in the text: it breaks searches, paths and commands, and "
        "can smuggle text. Delete it."
    ),
    "control-character": (
        "A control character other than tab and line end can rewrite a terminal's output. Delete "
        "it. In tests it is a note."
    ),
}

_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef]+"
)
_PLAIN = string.printable.replace("\x0b", "").encode()
#: What web sites put behind a heading, `[\u200b](#section)`, and exports of them keep.
_PERMALINK = re.compile("\\[\u200b\\]\\(#")
#: One selector chooses the form of an emoji; several in a row spell something.
_SELECTORS = re.compile("[\ufe00-\ufe0f]{2,}")
_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
#: Marks around characters that a program searches for: quotes, or a class of a pattern.
_OPENS, _CLOSES = frozenset("\"'[/-"), frozenset("\"']\\/-")
#: Flags of regions are spelled in tag characters behind a black flag.
_BLACK_FLAG = "\U0001f3f4"
_FLAG = re.compile(_BLACK_FLAG + "[\U000e0020-\U000e007e]{2,8}\U000e007f")
#: Scripts in which invisible joiners, breaks and marks are part of the spelling.
_NEEDS_JOINERS = re.compile(
    "[\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u0e00-\u0eff\ufb1d-\ufefc\u3040-\u30ff]"
)

#: Windows PowerShell and Excel read UTF-8 only behind a byte-order mark.
_MARKED = (".ps1", ".psm1", ".psd1", ".csv")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per run of suspect characters in pages, scripts and configuration."""
    pages = inspection.skill.documents
    for written in inspection.written:
        problems = pages[written.path].problems if written.path in pages else ()
        reported = {(problem.line, problem.column) for problem in problems}
        for found in _of_text(written.path, written.text, written.path not in pages):
            if (found.line, found.column) not in reported:
                yield found


def _of_text(file: str, text: str, is_source: bool) -> Iterator[Diagnostic]:
    # Plain characters are removed first: in most texts nothing is left to search.
    rest = text.encode(errors="replace").translate(None, _PLAIN).decode()
    if not (_SUSPECT.search(rest) or _SELECTORS.search(rest)):
        return
    visible = text
    if _BLACK_FLAG in text:
        visible = _FLAG.sub(lambda match: "x" * len(match.group()), text)
    runs = list(_SUSPECT.finditer(visible))
    runs += [] if visible.isascii() else _SELECTORS.finditer(visible)
    line, counted = 1, 0
    for match in sorted(runs, key=lambda run: run.start()):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        is_mark = match.start() == 0 and file.lower().endswith(_MARKED)
        found = None if is_mark and match.group() == "\ufeff" else _describe(match, visible)
        if found is None or (is_source and _is_literal(match, visible)):
            continue
        code, report, message = found
        if code == "control-character" and paths.is_for_developers(file):
            report = note  # a test may need it
        column = match.start() - text.rfind("\n", 0, match.start())
        yield report(
            code,
            file,
            line,
            message,
            "delete it, or write it as an escape sequence",
            column=column,
            length=len(match.group()),
        )


def _describe(match: re.Match[str], text: str) -> tuple[str, Report, str] | None:
    run = match.group()
    names = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, '')}".strip() for c in run[:2])
    if _BIDIRECTIONAL.search(run):
        return "hidden-bidirectional-text", error, f"the text holds {names}"
    if _TAGS.search(run):
        spelled = "".join(chr(ord(c) - 0xE0000) for c in run if 0xE0020 <= ord(c) < 0xE007F)
        return "hidden-tag-text", error, f"invisible characters spell {spelled[:80]!r}"
    if run[0] < "\xa0":
        # A form feed separates pages of old texts; a byte-order mark has a rule of its own.
        return "control-character", warning, f"the text holds the control character {names}"
    if _PERMALINK.match(text, match.start() - 1):
        return None
    if _is_needed(run, text[match.start() - 1 : match.start()], text[match.end() :][:2]):
        return None
    return "hidden-character", note, f"the text holds the invisible {names}"


def _is_literal(match: re.Match[str], text: str) -> bool:
    """Return whether a program names the characters, to search for them or to strip them."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() :][:1]
    is_harmless = not (_BIDIRECTIONAL.search(match.group()) or _TAGS.search(match.group()))
    return is_harmless and before in _OPENS and after in _CLOSES


def _is_needed(run: str, before: str, after: str) -> bool:
    if _NEEDS_JOINERS.match(before) or _NEEDS_JOINERS.match(after):
        return True
    if before == "`" and after[:1] in ("", "\n"):
        return True  # keeps the end mark of a fence within another from ending it
    # A selector behind an ideograph chooses one of its forms; runs of them spell something.
    if len(run) == 1 and run >= "\U000e0100":
        return bool(before) and unicodedata.name(before, "").startswith("CJK")
    # Joiners hold emoji together: man + joiner + computer.
    is_emoji = bool(before) and unicodedata.category(before) in ("So", "Sk", "Mn")
    return run == "\u200d" and (is_emoji or before == "\ufe0f")
