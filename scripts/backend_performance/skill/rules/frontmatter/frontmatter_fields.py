"""The frontmatter of SKILL.md against the Agent Skills specification.

A name or description outside the limits keeps the skill from being loaded or triggered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...clients import UPLOAD, table
from ...diagnostic import Diagnostic, Fix, error, note, warning
from ...inspection import Inspection
from ...markdown import yaml_block
from ...markdown.document import Document
from ...specification import METADATA, TEXTS, Field, kind_of

CODES = {
    "frontmatter-angle-brackets": (
        "The description is put between XML tags in the client's prompt, and uploads to claude.ai "
        "refuse angle brackets. An end tag can break out of the prompt's own; a placeholder such "
        "as `<name>` is a note unless you ask for `--client upload`. Use words."
    ),
    "frontmatter-field-empty": (
        "An empty field is as bad as a missing one, and an optional one says nothing. Write a "
        "value or remove it."
    ),
    "frontmatter-field-missing": (
        "`name` and `description` are required: clients decide by them whether to load the skill."
    ),
    "frontmatter-field-too-long": (
        "Clients cut or refuse values beyond the specification's limits. Shorten the value."
    ),
    "frontmatter-field-type": (
        "The value has another type than the specification says. Numbers, dates and yes/no need "
        "quotes to be texts; `--fix` adds them, but never below `metadata`, where clients may "
        "want them as they are."
    ),
    "frontmatter-value-cut": (
        "In YAML ` #` begins a comment, so the rest of the line is not part of the value. Put the "
        "value in quotes."
    ),
}

#: How many lines of a value are read.
_MAX_LINES = 50
_END_TAG = re.compile(r"</\s*\w")
#: Keys below which single clients keep mappings of their own.
_CLIENT_METADATA = frozenset({"openclaw", "clawdbot", "hermes"})


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield one finding per field that is wrong."""
    page = inspection.skill.entry_document
    matter = page.frontmatter
    if not matter.present or matter.problems:
        return
    if not isinstance(matter.data, dict):
        yield _not_a_mapping(page)
        return
    yield from _field_errors(page, matter.data)
    yield from _angle_brackets(page, matter.data, inspection.clients)


def _not_a_mapping(page: Document) -> Diagnostic:
    empty = page.frontmatter.data is None
    return error(
        "frontmatter-field-missing" if empty else "frontmatter-field-type",
        page.path,
        1,
        "the frontmatter is empty" if empty else "the frontmatter is not a list of fields",
        "write at least `name: …` and `description: …`",
    )


def _field_errors(page: Document, data: dict[Any, Any]) -> Iterator[Diagnostic]:
    for name, field in TEXTS.items():
        if name in data:
            yield from _text(page, name, field, data[name])
        elif field.is_required:
            yield _missing(page, name, data)
    if METADATA in data:
        yield from _metadata(page, data[METADATA])


def _missing(page: Document, name: str, data: dict[Any, Any]) -> Diagnostic:
    named = ((str(key), value) for key, value in data.items())
    instead = next((key for key, value in named if table().meant(key, value) == name), None)
    line, column = page.frontmatter.position((instead,)) if instead else (1, 1)
    hint = f"add `{name}: …`; most clients do not load a skill without it"
    return error(
        "frontmatter-field-missing",
        page.path,
        line,
        f"the field `{name}` is missing",
        f"rename `{instead}` to `{name}`" if instead else hint,
        column=column,
    )


def _text(page: Document, name: str, field: Field, value: object) -> Iterator[Diagnostic]:
    line, column = page.frontmatter.position((name,))
    if name == "allowed-tools" and isinstance(value, list):
        tools = " ".join(map(str, value))[:80]
        yield note(
            "frontmatter-field-type",
            page.path,
            line,
            "the specification wants `allowed-tools` as one text; Claude Code reads lists, too",
            f"write `allowed-tools: {tools}` for all clients",
            column=column,
            length=len(name),
        )
    elif value is None or (isinstance(value, str) and not value.strip()):
        if value != "" or not field.may_be_empty:
            yield _empty(page, name)
    elif not isinstance(value, str):
        yield _wrong_type(page, name, "a text", value)
    elif field.limit and len(value) > field.limit:
        yield error(
            "frontmatter-field-too-long",
            page.path,
            line,
            f"`{name}` has {len(value)} characters; the limit is {field.limit}",
            "shorten it; clients cut or refuse longer values",
            column=column,
            length=len(name),
        )
    elif cut := _cut(page, line, value):
        yield warning(
            "frontmatter-value-cut",
            page.path,
            cut,
            f"the value of `{name}` ends before ` #`, which begins a comment",
            "put the value in quotes",
            column=page.lines[cut - 1].find(" #") + 2,
        )


def _cut(page: Document, first: int, value: str) -> int:
    """Return the line in which ` #` ends a plain value, or 0; a real comment has a space there."""
    for number in range(first, min(first + _MAX_LINES, page.frontmatter.body_line)):
        before, found, rest = page.lines[number - 1].partition(" #")
        if number > first and not before[:1].isspace():
            break
        tail = before.rpartition(": ")[2].strip()
        if found and rest[:1].isalnum() and tail and value.endswith(tail):
            return number
    return 0


def _metadata(page: Document, value: object) -> Iterator[Diagnostic]:
    if value is None:
        yield _empty(page, METADATA)
    elif not isinstance(value, dict):
        yield _wrong_type(page, METADATA, "a mapping of names to texts", value)
    else:
        for name, below in value.items():
            if not isinstance(below, str):
                yield _metadata_value(page, str(name), below)


def _metadata_value(page: Document, name: str, value: object) -> Diagnostic:
    """Report a value that is no text; no repair, as `internal: true` must stay what it is."""
    line, column = page.frontmatter.position((METADATA, name))
    is_nested = isinstance(value, (list, dict)) and name not in _CLIENT_METADATA
    hint = "clients read it all the same; quotes make it a text for all of them"
    if is_nested:
        hint = "write one text: Crush does not load a skill with nested metadata"
    return note(
        "frontmatter-field-type",
        page.path,
        line,
        f"the specification wants `{METADATA}.{name}` to be a text, not {kind_of(value)}",
        hint,
        column=column,
        length=len(name),
    )


def _wrong_type(page: Document, name: str, wanted: str, value: object) -> Diagnostic:
    line, column = page.frontmatter.position((name,))
    return error(
        "frontmatter-field-type",
        page.path,
        line,
        f"`{name}` must be {wanted}, not {kind_of(value)}",
        _type_hint(name, value),
        column=column,
        length=len(name),
        fix=None if name == "allowed-tools" else _quoted(page, line, value),
    )


def _quoted(page: Document, line: int, value: object) -> Fix | None:
    """Return the edit that makes a plain number, date or yes/no of one line a text."""
    if isinstance(value, (list, dict, str)) or value is None:
        return None
    old = page.lines[line - 1]
    new = yaml_block.quoted(old)
    return Fix("line", old, new) if new else None


def _empty(page: Document, field: str) -> Diagnostic:
    line, column = page.frontmatter.position((field,))
    is_required = field in TEXTS and TEXTS[field].is_required
    hint = (
        "write a value; clients need it" if is_required else f"write a value, or remove `{field}`"
    )
    message = f"`{field}` is empty"
    if page.lines[line - 1].partition(":")[2].lstrip().startswith("#"):
        message += ": what follows `#` is a comment"
        hint = "put the text in quotes"
    return error("frontmatter-field-empty", page.path, line, message, hint, column=column)


def _angle_brackets(
    page: Document, data: dict[Any, Any], clients: tuple[str, ...]
) -> Iterator[Diagnostic]:
    value = data.get("description")
    if isinstance(value, str) and ("<" in value or ">" in value):
        line, column = page.frontmatter.position(("description",))
        report = warning if _END_TAG.search(value) or UPLOAD in clients else note
        yield report(
            "frontmatter-angle-brackets",
            page.path,
            line,
            "the description contains `<` or `>`; uploads to claude.ai refuse it",
            "write it in words: the description stands inside XML in the client's prompt",
            column=column,
        )


def _type_hint(field: str, value: object) -> str:
    if field == "allowed-tools":
        return "write the names of tools, separated by spaces"
    return "write one text" if isinstance(value, (dict, list)) else "put quotes around the value"
