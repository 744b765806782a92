"""Fields of the frontmatter that are not in the specification: who reads them, who refuses them.

``clients.yaml`` has the table. By default a field that some client reads is a note; with
``--client`` only the clients named count.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...clients import DEFAULT, ClientField, table
from ...diagnostic import Diagnostic, Report, error, note, warning
from ...inspection import Inspection
from ...markdown.document import Document
from ...specification import METADATA, NAMES

CODES = {
    "frontmatter-client-field": (
        "A field that only some clients read; the message names them. Others ignore it, and "
        "uploads to claude.ai refuse the skill. Keep it if your client needs it; `--client` "
        "names those you care about."
    ),
    "frontmatter-client-value": (
        "The client that reads this field cannot use the value: it ignores it or does not load "
        "the skill. Write one that it accepts."
    ),
    "frontmatter-unknown-field": (
        "No known client reads this field; uploads to claude.ai and the reference validator "
        "refuse the skill. Correct the name, or move the field under `metadata`. A misspelt field "
        "is an error: what it says is lost."
    ),
}
_WANTED = {
    "text": "one text",
    "texts": "one text or a list of texts",
    "boolean": "true or false",
    "mapping": "a mapping",
}


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding per field; unread fields share one."""
    page = inspection.skill.entry_document
    data = page.frontmatter.data
    if not isinstance(data, dict):
        return
    unread = [str(key) for key, value in data.items() if _is_unread(str(key), value, data)]
    if unread:
        yield _unread(page, unread, inspection.clients)
    for key, value in data.items():
        name = str(key)
        field = table().fields.get(name)
        if name in NAMES or name in unread or _replaces_missing(name, value, data):
            continue
        if field is None:
            yield _misspelt(page, name, table().meant(name, value))
        elif value is not None and not field.accepts(value):
            yield _bad_value(page, field, inspection.clients)
        else:
            yield from _known(page, field, inspection.clients)


def _replaces_missing(name: str, value: object, data: dict[object, object]) -> bool:
    """Return whether the field replaces a required one, whose finding names it."""
    meant = table().meant(name, value)
    return meant in ("name", "description") and meant not in data


def _known(page: Document, field: ClientField, clients: tuple[str, ...]) -> Iterator[Diagnostic]:
    known = table().clients
    refusing = [c for c in clients if known[c].refuses and c not in field.clients]
    if not refusing and any(c in field.clients for c in clients):
        return
    line, column = page.frontmatter.position((field.name,))
    readers, reading = table().names(field.clients), table().do(field.clients, "read")
    report: Report = note
    if clients == DEFAULT:
        rest = "uploads to claude.ai refuse the skill"
    elif refusing:
        report, rest = error, f"{table().do(refusing, 'refuse')} it"
    else:
        rest = f"{table().do(clients, 'ignore')} it"
    hint = f"keep it if you write for {readers}"
    if field.name == "version":
        hint = "write it under `metadata`, where all clients accept it"
    yield report(
        "frontmatter-client-field",
        page.path,
        line,
        f"`{field.name}` is not in the specification: {reading} it; {rest}",
        hint,
        column=column,
        length=len(field.name),
    )


def _bad_value(page: Document, field: ClientField, clients: tuple[str, ...]) -> Diagnostic:
    line, column = page.frontmatter.position((field.name,))
    wanted = " or ".join(f"`{value}`" for value in field.values) or _WANTED[field.kind]
    refusing = [client for client in clients if client in field.refused_by]
    what = f"{table().names(field.clients)} cannot use it"
    if field.refused_by:
        what += f"; {table().do(field.refused_by, 'refuse')} the skill"
    report = error if refusing or set(clients) & set(field.clients) else warning
    return report(
        "frontmatter-client-value",
        page.path,
        line,
        f"`{field.name}` must be {wanted}: {what}",
        f"write {wanted}, or remove `{field.name}`",
        column=column,
        length=len(field.name),
    )


def _is_unread(name: str, value: object, data: dict[object, object]) -> bool:
    """Return whether neither the specification nor a client has a field of a like name."""
    is_known = name in NAMES or name in table().fields
    meant = table().meant(name, value)
    return not is_known and (meant is None or meant in data)


def _unread(page: Document, names: list[str], clients: tuple[str, ...]) -> Diagnostic:
    line, column = page.frontmatter.position((names[0],))
    refuses = any(table().clients[client].refuses for client in clients)
    report = error if refuses and clients != DEFAULT else note
    them = "it" if len(names) == 1 else "them"
    return report(
        "frontmatter-unknown-field",
        page.path,
        line,
        f"neither the specification nor a client known here has `{'`, `'.join(names)}`; uploads "
        "to claude.ai and skills-ref refuse the skill",
        f"move {them} under `{METADATA}`, or remove {them}",
        column=column,
        length=len(names[0]),
    )


def _misspelt(page: Document, name: str, meant: str | None) -> Diagnostic:
    line, column = page.frontmatter.position((name,))
    return error(
        "frontmatter-unknown-field",
        page.path,
        line,
        f"no client reads `{name}`; uploads to claude.ai and skills-ref refuse the skill",
        f"did you mean `{meant}`?",
        column=column,
        length=len(name),
    )
