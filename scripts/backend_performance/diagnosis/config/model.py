"""What the readers find in configuration files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Setting:
    """A canonical setting: bytes, seconds or a count for numbers, otherwise text.

    ``value`` is ``None`` for a number that the file leaves to a variable. ``place`` is
    ``file:line``, or the name of a documented default, which no file has ``written``.
    """

    value: float | str | None
    place: str
    written: bool = True


Settings = dict[str, Setting]


@dataclass(frozen=True)
class Part:
    """One thing that runs (``workload``), or a file that configures a program.

    ``kind`` is ``workload``, ``file``, ``image``, ``script``, ``server``, ``proxy``,
    ``monitoring`` or ``autoscaler``.
    """

    name: str
    kind: str
    file: str
    line: int
    program: str = ""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    #: Folder of the code that the workload is built from, below the root; ``None``: an image.
    context: str | None = None
    #: The Dockerfile that it is built by, where it is named.
    dockerfile: str = ""
    #: Scripts that its command runs, as it writes them.
    scripts: tuple[str, ...] = ()
    #: Names under which other parts reach it.
    hosts: frozenset[str] = frozenset()
    #: Further facts that only one analysis reads: proxied locations, alerts, addresses.
    facts: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)

    @property
    def deployment(self) -> str:
        """What is deployed together: the parts of one folder."""
        return self.file.rpartition("/")[0]

    def number(self, name: str) -> float | None:
        """Return the figure of a setting: a count, bytes or seconds; ``None`` if not known."""
        value = self.settings[name].value if name in self.settings else None
        return value if isinstance(value, float) else None

    def text(self, name: str) -> str:
        value = self.settings[name].value if name in self.settings else ""
        return value if isinstance(value, str) else ""

    def written(self, name: str) -> bool:
        """Return whether a file states the setting, rather than a documented default."""
        return name in self.settings and self.settings[name].written

    def place(self, name: str) -> str:
        """Return where a setting is written, or its documented default, or where this begins."""
        return self.settings[name].place if name in self.settings else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Unread:
    """A file that was recognised and not understood, with the reason."""

    file: str
    reason: str


@dataclass(frozen=True)
class Configuration:
    """All parts of a tree, each with the settings of the files that apply to it."""

    services: tuple[Part, ...]
    files_read: int
    unread: tuple[Unread, ...]

    def workloads(self) -> tuple[Part, ...]:
        return tuple(one for one in self.services if one.kind == "workload")

    def each(self, kind: str) -> Iterator[tuple[Part, Mapping[str, object]]]:
        """Yield every fact of a kind, with the part that states it."""
        for part in self.services:
            for fact in part.facts.get(kind, ()):
                yield part, fact

    def running(self, programs: Iterable[str]) -> tuple[Part, ...]:
        """Return the workloads that run one of the programs, else what its files describe."""
        wanted = set(programs)
        found = [one for one in self.services if one.program in wanted]
        workloads = [one for one in found if one.kind == "workload"]
        return tuple(workloads or found)
