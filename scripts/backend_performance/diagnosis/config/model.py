"""What the readers find in configuration files, and what they make of it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where something is written; line 0 is a documented default that no file states."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Entry:
    """One key as a file writes it. ``dialect`` names the vocabulary that the key belongs to."""

    dialect: str
    key: str
    value: str
    line: int


@dataclass(frozen=True)
class Setting:
    """A canonical setting: bytes, seconds or a count for numbers, otherwise text.

    ``value`` is ``None`` for a number that the file leaves to a variable.
    """

    name: str
    value: float | str | None
    place: Place

    @property
    def number(self) -> float | None:
        return self.value if isinstance(self.value, float) else None

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""


@dataclass(frozen=True)
class Part:
    """One thing that runs (``workload``) or one file that configures a program (``file``)."""

    name: str
    kind: str
    place: Place
    program: str = ""
    entries: tuple[Entry, ...] = ()
    #: Folder of the code that the workload is built from, below the root; ``None``: an image.
    context: str | None = None
    #: Names under which other parts reach it.
    hosts: frozenset[str] = frozenset()
    #: Further facts that only one analysis reads: health checks, proxied locations, alerts.
    facts: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)

    @property
    def deployment(self) -> str:
        """What is deployed together: the parts of one folder."""
        return self.place.file.rpartition("/")[0]


@dataclass(frozen=True)
class Unread:
    """A file that was recognised and not understood, with the reason."""

    file: str
    reason: str


@dataclass(frozen=True)
class Service:
    """A part with its canonical settings, those of the files that apply to it included."""

    part: Part
    settings: Mapping[str, Setting]

    @property
    def program(self) -> str:
        return self.part.program

    def number(self, name: str) -> float | None:
        """Return the figure of a setting: a count, bytes or seconds; ``None`` if not known."""
        setting = self.settings.get(name)
        return setting.number if setting else None

    def text(self, name: str) -> str:
        setting = self.settings.get(name)
        return setting.text if setting else ""

    def place(self, name: str) -> str:
        """Return ``file:line`` of a setting, or the name of the default."""
        setting = self.settings.get(name)
        return str(setting.place) if setting else ""

    def written(self, name: str) -> bool:
        """Return whether a file states the setting, rather than a documented default."""
        setting = self.settings.get(name)
        return setting is not None and setting.place.line > 0


@dataclass(frozen=True)
class Configuration:
    """All services of a tree, and what could not be read."""

    services: tuple[Service, ...]
    files_read: int
    unread: tuple[Unread, ...]

    def workloads(self) -> tuple[Service, ...]:
        return tuple(one for one in self.services if one.part.kind == "workload")

    def running(self, program: str) -> tuple[Service, ...]:
        return tuple(one for one in self.services if one.program == program)
