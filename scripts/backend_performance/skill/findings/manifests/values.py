"""Values of fields: their types, names and paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ...folder_scan import ENTRY

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
#: Fields of a plugin, in its own manifest and in that of a marketplace.
TYPES = {
    "version": "a text",
    "description": "a text",
    "displayName": "a text",
    "license": "a text",
    "repository": "a text",
    "homepage": "an address with its scheme",
    "keywords": "a list of texts",
    "author": "an object with a `name`",
    "defaultEnabled": "true or false",
    "userConfig": "an object",
    "settings": "an object",
    "hooks": "a path, a list or an object",
    "mcpServers": "a path, a list or an object",
    "lspServers": "a path, a list or an object",
}


class Problem(NamedTuple):
    """``key`` is a text in the file near the wrong value.

    ``is_refused`` unless Claude Code takes the manifest, and fails only when it needs the value.
    """

    key: str
    message: str
    is_refused: bool = True


def is_of_type(value: Any, wanted: str) -> bool:
    """Return whether a value is what one of the descriptions in ``TYPES`` asks for."""
    match wanted:
        case "a text":
            return isinstance(value, str)
        case "an address with its scheme":
            return isinstance(value, str) and bool(_ADDRESS.fullmatch(value))
        case "a list of texts":
            return is_texts(value)
        case "an object with a `name`":
            return has_name(value)
        case "true or false":
            return isinstance(value, bool)
        case "an object":
            return isinstance(value, dict)
    return isinstance(value, (str, list, dict))


def of_types(data: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem per field that has another type than it should."""
    for key, wanted in types.items():
        if key in data and not is_of_type(data[key], wanted):
            yield Problem(key, f"`{key}` must be {wanted}")


def named(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the name of a plugin or marketplace."""
    name = data.get("name")
    if not isinstance(name, str) or not name:
        yield Problem("name", "`name` must be a text")
    elif not _NAME.fullmatch(name):
        yield Problem("name", f"`name` is {name[:80]!r}; write it in kebab-case, without spaces")


def path(key: str, written: str, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with a path of the field ``key``, which counts from ``folder``."""
    if not written.startswith("./"):
        yield Problem(written, f"the path `{written[:80]}` of `{key}` must start with `./`")
    elif ".." in written.split("/"):
        yield Problem(written, f"the path `{written[:80]}` of `{key}` must not contain `..`")
    elif not (folder / written).exists():
        yield Problem(written, f"the path `{written[:80]}` of `{key}` does not exist")
    else:
        yield from skill_folder(key, written)


def skill_folder(key: str, written: str) -> Iterator[Problem]:
    """Yield a problem for a path of `skills` that names the page instead of its folder."""
    if key == "skills" and written.endswith(f"/{ENTRY}"):
        folder = written.removesuffix(f"/{ENTRY}")
        yield Problem(written, f"`{written[:80]}` of `skills` must be the folder, `{folder[:80]}`")


def has_name(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
