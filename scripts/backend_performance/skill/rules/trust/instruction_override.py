"""Text that tells the reader to drop its instructions or to keep something from the user.

A skill has no reason to say this, least of all where people do not look: in comments, alternative
texts, hidden elements or the frontmatter. Pages that speak *about* such text quote it or name
the attack, and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from ...diagnostic import Diagnostic, note, warning
from ...inspection import Inspection
from ...markdown.document import Document
from ...markdown.layout import Layout
from ...markdown.place import line_column

CODES = {
    "instruction-override": (
        "The text asks to ignore earlier instructions or to hide something from the user, as "
        "injected text does. Remove it; if the page describes the attack, put the words in quotes "
        "or code."
    ),
}

#: Every match of ``_OVERRIDE`` contains one of these; most texts contain none.
_VERBS = (b"ignore", b"disregard", b"forget", b"override", b"bypass", b"you are no")
_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|every|the|your|these|those|of"
    r"|and|or|safety)\s+){0,3}"
    r"(?:previous|prior|above|earlier|preceding|foregoing|system|existing|original|other)\s+"
    r"(?:(?:system|user|developer|safety)\s+)?"
    r"(?:instructions?|prompts?|rules|guidelines|directives|messages)\b"
    r"|\byou are (?:now|no longer)\s+(?:in\s+)?(?:DAN\b|developer mode|jailbroken|unrestricted"
    r"|bound by|god mode)",
    re.IGNORECASE,
)
_SECRECY = re.compile(
    r"\b(?:do not|don't|never)\s+(?:tell|inform|notify|alert|warn|mention (?:this|it) to"
    r"|reveal (?:this|it) to|show (?:this|it) to|ask)\s+(?:the\s+)?user\b"
    r"|\bwithout\s+(?:telling|informing|notifying|asking|alerting)\s+(?:the\s+)?user\b"
    r"|\bhide this from (?:the )?user|<\|im_start\|>|\[/?INST\]|</system>|^[ \t]*<system>",
    re.IGNORECASE | re.MULTILINE,
)
#: The title of a link and the attributes of an element that are shown on demand only.
_TITLE = re.compile(
    r"\]\(\s*(?:<[^<>\n]*>|[^()\s<>]*)\s+[\"'(]([^\"()\n]{1,500})[\"')]\s*\)"
    r"|<[a-z]+\b[^<>]{0,300}\s(?:alt|title|aria-label|content|placeholder|data-[\w-]+)"
    r"\s*=\s*[\"']([^\"<>]{1,500})[\"']",
    re.IGNORECASE,
)
#: How far before a title its link or element may begin, in characters.
_MAX_BEFORE_TITLE = 1_000
_MAX_BEFORE = 100
_ABOUT = re.compile(
    r"inject|jailbreak|attack|malicious|adversar|detect|example|e\.g\.|such as|phrase|pattern"
    r"|attempt|payload|untrusted|suspicious|red.?team|refuse|attacker|poison|\blike\b|says?\b"
    r"|instead of|hostile|threat|scan|flag|override attempts|social engineering|test case"
    r"|never follow|do not follow|embedded",
    re.IGNORECASE,
)
#: A page may rank its own words: "these limits override all other instructions in this skill".
_OF_ITSELF = re.compile(
    r"\s+(?:in|of|from|on)\s+(?:this|the)\s+(?:skill|page|file|document|reference|guide)\b",
    re.IGNORECASE,
)
#: "Never allow user content to override …" forbids it.
_FORBIDDEN = re.compile(
    r"\b(?:never|not|cannot|\w+n['’]t)\s+(?:(?:allow|let|permit|use)\b[^.;,\n]{0,60})?\Z",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«»'‘’`*_|]\s*\Z")
_HIDDEN = re.compile(
    r"<[a-z]+\b[^<>]{0,300}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0"
    r"|\shidden\b)[^<>]{0,300}>([^<]{1,2000})",
    re.IGNORECASE,
)


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per passage, with its span."""
    for page in inspection.skill.documents.values():
        seen: set[int] = set()
        hidden = frozenset(start for start, _ in _out_of_sight(page))
        for start, end in chain(_out_of_sight(page), _in_prose(page)):
            if start in seen:
                continue
            seen.add(start)
            # Where people see it, an author may rank rules; nobody does that out of sight.
            report = warning if start in hidden else note
            passage = " ".join(page.text[start:end].split())
            line, column = line_column(page.text, start)
            yield report(
                "instruction-override",
                page.path,
                line,
                f"`{passage[:80]}` reads like an injected instruction",
                "remove it, or put it in quotes or code if the page describes the attack",
                column=column,
                length=len(page.text[start:end].split("\n", 1)[0]),
            )


def _out_of_sight(page: Document) -> Iterator[tuple[int, int]]:
    """Search comments, alternative texts, hidden elements and the frontmatter."""
    places = [(c.line, c.text) for c in page.comments]
    places += [(link.line, link.text) for link in page.links if link.style == "image"]
    head = page.lines[: page.frontmatter.body_line]
    matter = page.text[: page.starts[page.frontmatter.body_line]]
    if _OVERRIDE.search(matter) or _SECRECY.search(matter):
        places += [(n, line) for n, line in enumerate(head, 1) if not _ABOUT.search(line)]
    for line, text in places:
        for pattern in (_OVERRIDE, _SECRECY):
            for match in pattern.finditer(text):
                at = page.text.find(match.group(), page.starts[line - 1])
                if at >= 0 and not _is_quoted(text, match.start()):
                    yield at, at + len(match.group())
    if "<" in page.text:
        for element in _HIDDEN.finditer(page.text):
            for pattern in (_OVERRIDE, _SECRECY):
                hidden = pattern.search(element.group(1))
                if hidden:
                    start = element.start(1) + hidden.start()
                    yield start, start + len(hidden.group())


def _in_prose(page: Document) -> Iterator[tuple[int, int]]:
    """Search the visible text, without quotations, code and sentences about attacks."""
    text, layout = page.text, None
    lowered = text.encode(errors="replace").lower()  # the case of ASCII alone, which is quick
    if not any(verb in lowered for verb in _VERBS):
        return
    about: dict[int, bool] = {}
    for match in _OVERRIDE.finditer(text):
        layout = layout or Layout(page)
        if layout.is_code(match.start()) or _OF_ITSELF.match(text, match.end()):
            continue
        # The quotes around a title or an attribute hide the words; they do not quote them.
        line, _ = layout.page.line_column(match.start())
        if line not in about:
            about[line] = _is_about(page, line)
        is_seen = not _is_quoted(text, match.start()) and not about[line]
        if is_seen or _is_in_title(text, match):
            yield match.span()


def _is_in_title(text: str, match: re.Match[str]) -> bool:
    start = max(match.start() - _MAX_BEFORE_TITLE, 0)
    start = max(text.rfind("\n", start, match.start()) + 1, start)
    line = text[start : match.end() + 500].split("\n", 1)[0]
    spans = (title.span(1 if title.group(1) else 2) for title in _TITLE.finditer(line))
    return any(low <= match.start() - start < high for low, high in spans)


def _is_about(page: Document, line: int) -> bool:
    heading = page.heading_above(line)
    around = "\n".join((heading.text if heading else "", *page.lines[max(line - 3, 0) : line + 1]))
    return bool(_ABOUT.search(around))


def _is_quoted(text: str, start: int) -> bool:
    """Return whether the words before a passage quote or forbid it."""
    before = text[max(start - _MAX_BEFORE, 0) : start]
    return bool(_QUOTED.search(before[-3:]) or _FORBIDDEN.search(before))
