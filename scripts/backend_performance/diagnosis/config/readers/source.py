"""One file to read, with what the table says about its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..tables import FileKind


@dataclass(frozen=True)
class Source:
    """A file: where it is, its path below the root, its text and its kind."""

    path: Path
    name: str
    text: str
    kind: FileKind

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers; one that ends in a backslash goes on in the next."""
        begun, first = "", 0
        for number, row in enumerate(self.text.splitlines(), 1):
            first = first if begun else number
            begun += row.removesuffix("\\") + " "
            if not row.endswith("\\"):
                yield first, begun
                begun = ""
        if begun:
            yield first, begun
