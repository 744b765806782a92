"""The frontmatter of SKILL.md against the Agent Skills specification.

A name or description outside the limits keeps the skill from being loaded or triggered. Fields
that clients have added to the format are a note: other clients ignore or refuse them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..diagnostic import Diagnostic, Fix, error, note, warning
from ..inspection import Inspection
from ..markdown import yaml_block
from ..markdown.document import Document
from ..specification import METADATA, NAMES, TEXTS, Field

CODES = {
    "frontmatter-absent": (
        "Without frontmatter on the first line a client does not see the skill at all. Start the "
        "file with `---`, `name`, `description`, `---`."
    ),
    "frontmatter-angle-brackets": (
        "The description is put between XML tags in the client's prompt; angle brackets can break "
        "out of them, and some clients refuse them. Use words."
    ),
    "frontmatter-client-field": (
        "A field that only some clients know. Others ignore it or refuse the skill. Keep it if "
        "your client needs it."
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
        "quotes to be texts; `--fix` adds them."
    ),
    "frontmatter-unknown-field": (
        "The specification has a closed list of fields. Move your own under `metadata`."
    ),
}

#: Fields of single clients, from their documentation (Claude Code "Skills", read 2026-11).
_CLIENT_FIELDS = frozenset(
    {
        "agent",
        "argument-hint",
        "arguments",
        "context",
        "disable-model-invocation",
        "effort",
        "hooks",
        "model",
        "paths",
        "shell",
        "user-invocable",
        "version",
        "when_to_use",
    }
)


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield one finding per field that is wrong."""
    page = inspection.skill.entry_document
    matter = page.frontmatter
    if not matter.present:
        yield error(
            "frontmatter-absent",
            page.path,
            1,
            "the file does not start with frontmatter",
            "start the file with a block `---`, `name: …`, `description: …`, `---`",
        )
        return
    if matter.problems:
        return
    if not isinstance(matter.data, dict):
        yield _not_a_mapping(page)
        return
    yield from _field_errors(page, matter.data)
    yield from _angle_brackets(page, matter.data)


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
        if field.is_required and name not in data:
            yield error(
                "frontmatter-field-missing",
                page.path,
                1,
                f"the field `{name}` is missing",
                f"add `{name}: …`; clients need it to load the skill",
            )
    for name, value in data.items():
        if name in TEXTS:
            yield from _text(page, name, TEXTS[name], value)
        elif name == METADATA:
            yield from _metadata(page, value)
        else:
            yield _unknown_field(page, str(name))


def _text(page: Document, name: str, field: Field, value: object) -> Iterator[Diagnostic]:
    if value is None:
        yield _empty(page, name)
    elif not isinstance(value, str):
        yield _wrong_type(page, (name,), "a text", value)
    elif not value.strip():
        if value or not field.may_be_empty:
            yield _empty(page, name)
    elif field.limit and len(value) > field.limit:
        line, column = page.frontmatter.position((name,))
        yield error(
            "frontmatter-field-too-long",
            page.path,
            line,
            f"`{name}` has {len(value)} characters; the limit is {field.limit}",
            "shorten it; clients cut or refuse longer values",
            column=column,
            length=len(name),
        )


def _metadata(page: Document, value: object) -> Iterator[Diagnostic]:
    if value is None:
        yield _empty(page, METADATA)
    elif not isinstance(value, dict):
        yield _wrong_type(page, (METADATA,), "a mapping of names to texts", value)
    else:
        for name, below in value.items():
            if not isinstance(below, str):
                yield _wrong_type(page, (METADATA, str(name)), "a text", below)


def _wrong_type(page: Document, path: tuple[str, ...], wanted: str, value: object) -> Diagnostic:
    line, column = page.frontmatter.position(path)
    return error(
        "frontmatter-field-type",
        page.path,
        line,
        f"`{'.'.join(path)}` must be {wanted}, not {_kind(value)}",
        _type_hint(path[0], value),
        column=column,
        length=len(path[-1]),
        fix=_quoted(page, line, value),
    )


def _quoted(page: Document, line: int, value: object) -> Fix | None:
    """Return the edit that makes a plain number, date or yes/no of one line a text."""
    if isinstance(value, (list, dict, str)) or value is None:
        return None
    old = page.lines[line - 1]
    new = yaml_block.quoted(old)
    return Fix("line", old, new) if new else None


def _unknown_field(page: Document, name: str) -> Diagnostic:
    line, column = page.frontmatter.position((name,))
    if name in _CLIENT_FIELDS:
        return note(
            "frontmatter-client-field",
            page.path,
            line,
            f"`{name}` is not in the specification; only some clients know it",
            "keep it if your client needs it; `version` belongs under `metadata`",
            column=column,
        )
    return error(
        "frontmatter-unknown-field",
        page.path,
        line,
        f"`{name}` is not a field of the specification",
        f"use one of {', '.join(NAMES)}, or move it under `metadata`",
        column=column,
    )


def _empty(page: Document, field: str) -> Diagnostic:
    line, column = page.frontmatter.position((field,))
    return error(
        "frontmatter-field-empty",
        page.path,
        line,
        f"`{field}` is empty",
        f"write a value, or remove `{field}` if it is optional",
        column=column,
    )


def _angle_brackets(page: Document, data: dict[str, Any]) -> Iterator[Diagnostic]:
    value = data.get("description")
    if isinstance(value, str) and ("<" in value or ">" in value):
        line, column = page.frontmatter.position(("description",))
        yield warning(
            "frontmatter-angle-brackets",
            page.path,
            line,
            "the description contains `<` or `>`",
            "write it in words: the description stands inside XML in the client's prompt, "
            "and some clients refuse it",
            column=column,
        )


def _kind(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "a yes/no value"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, str):
        return "a text"
    return "a date" if hasattr(value, "isoformat") else "something else"


def _type_hint(field: str, value: object) -> str:
    if field == "allowed-tools" and isinstance(value, list):
        return f"write one text: `allowed-tools: {' '.join(map(str, value))[:80]}`"
    if isinstance(value, (dict, list)):
        return "write one text"
    return "put quotes around the value" if value is not None else "write a value or remove it"
