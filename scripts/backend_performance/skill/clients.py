"""The table of clients: which one reads which field of the frontmatter (``clients.yaml``)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .. import plain_yaml
from .specification import METADATA, NAMES

DEFAULT = ("specification",)
UPLOAD = "upload"
#: A name that is less alike, or differs more in length, is another name and no misspelling.
_ALIKE = 0.8
_MAX_LENGTH_DIFFERENCE = 1


@dataclass(frozen=True)
class Client:
    """``refuses`` a skill with a field it does not know; the others ignore the field."""

    id: str
    name: str
    source: str
    refuses: bool


@dataclass(frozen=True)
class ClientField:
    """A field that is not in the specification.

    ``kind``: text, texts, boolean, mapping or any. ``values`` are the only ones accepted, if any.
    ``clients`` read the field; ``refused_by`` do not load a skill whose value is of another kind.
    """

    name: str
    kind: str
    values: tuple[str, ...]
    clients: tuple[str, ...]
    refused_by: tuple[str, ...]

    def accepts(self, value: object) -> bool:
        """Return whether the clients that read the field can use the value."""
        if self.values:
            return value in self.values
        match self.kind:
            case "text":
                return isinstance(value, str)
            case "texts":
                each = value if isinstance(value, list) else [value]
                return all(isinstance(text, str) for text in each)
            case "boolean":
                return isinstance(value, bool) or value in ("true", "false")
            case "mapping":
                return isinstance(value, dict)
        return True


@dataclass(frozen=True)
class Table:
    clients: Mapping[str, Client]
    fields: Mapping[str, ClientField]
    aliases: Mapping[str, str]

    def names(self, clients: Iterable[str]) -> str:
        """Return the clients as a sentence names them: "Claude Code and Cursor"."""
        named = [self.clients[client].name for client in clients]
        if len(named) < 2:
            return "".join(named)
        return f"{', '.join(named[:-1])} and {named[-1]}"

    def do(self, clients: Sequence[str], verb: str) -> str:
        """Return clients and a verb that agrees: "Codex refuses", "Codex and Cursor refuse"."""
        is_one = len(clients) == 1 and clients[0] != UPLOAD  # "uploads to claude.ai" are several
        return f"{self.names(clients)} {verb}{'s' if is_one else ''}"

    def meant(self, field: str, value: object) -> str | None:
        """Return the known field that an unknown name with this value most likely means."""
        if field in self.aliases:
            return self.aliases[field]
        plain = {_plain(name): name for name in sorted({*NAMES, *self.fields})}
        near = difflib.get_close_matches(_plain(field), plain, n=1, cutoff=_ALIKE)
        is_near = bool(near) and abs(len(near[0]) - len(_plain(field))) <= _MAX_LENGTH_DIFFERENCE
        return plain[near[0]] if is_near and self._holds(plain[near[0]], value) else None

    def _holds(self, name: str, value: object) -> bool:
        """Return whether a field can have a value of this kind at all."""
        kind = self.fields[name].kind if name in self.fields else "text"
        if kind == "any":
            return True
        if name == METADATA or kind == "mapping":
            return isinstance(value, dict)
        is_one = not isinstance(value, (list, dict))
        return is_one or (isinstance(value, list) and (kind == "texts" or name == "allowed-tools"))


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


@cache
def table() -> Table:
    """Return the table."""
    data = plain_yaml.load_file(Path(__file__).with_name("clients.yaml"))
    return Table(
        clients={
            key: Client(key, row["name"], row["source"], row["others"] == "refuse")
            for key, row in data["clients"].items()
        },
        fields={
            name: ClientField(
                name,
                row["type"],
                tuple(row.get("values", ())),
                tuple(row["clients"]),
                tuple(row.get("refused-by", ())),
            )
            for name, row in data["fields"].items()
        },
        aliases=data["aliases"],
    )
