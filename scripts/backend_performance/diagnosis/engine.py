"""How a kind of system is declared: what may be told about one, and the function that asks it.

A declaration is light: it is read to build the command lines, and imports what asks only when it
is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from .probes.key_metrics import Metrics
from .probes.run import Run


class Kind(Enum):
    """What an option takes on the command line."""

    FLAG = auto()
    NUMBER = auto()
    WHOLE = auto()
    CHOICE = auto()
    TEXT = auto()
    TEXTS = auto()
    PATH = auto()
    #: The name of an environment variable; its value reaches the system, and never the output.
    VARIABLE = auto()


@dataclass(frozen=True)
class Option:
    """One thing a caller may say about a system.

    Args:
        name: As ``probe.py SYSTEM`` spells it, without hyphens in front; or of a positional one.
        walk: As ``walk.py start`` spells it; empty where it is not offered there.
        low, high: Bounds of a number, both allowed.
    """

    name: str
    help: str
    kind: Kind = Kind.TEXT
    metavar: str = ""
    default: Any = None
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    positional: bool = False
    group: str = ""
    walk: str = ""


@dataclass(frozen=True)
class Call:
    """The options and limits of one run.

    Args:
        told: Values by the name of the option; an option that was not offered has none.
        variables: The environment variable that holds a value, by the name of the option.
        parameters: Facts about the deployment, such as ``pool_total``.
        metrics: Rows of the key-metrics table, as in ``checklists/1``.
        tick: Called with what is done so far, in a few words, for a sign of progress.
    """

    told: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    timeout: float | None = None
    parameters: Mapping[str, int] = field(default_factory=dict)
    metrics: Metrics = ()
    tick: Callable[[str], None] = lambda _: None

    def get(self, name: str, otherwise: Any = None) -> Any:
        """Return the value of that option, else ``otherwise``."""
        value = self.told.get(name)
        return otherwise if value is None else value


def itself(engine: Engine, server: Mapping[str, Any]) -> str | None:
    """Return the engine's own name: evidence about a server is about its engine."""
    return engine.name


def nothing(engine: Engine, server: Mapping[str, Any]) -> None:
    """Return no engine: files are about none."""


@dataclass(frozen=True)
class Engine:
    """A kind of system: its first option names the one to ask.

    Args:
        name: The sub-command, the folder of its probes and the beginning of their identifiers.
        title: What messages and reports call one of them.
        ask: Asks the system a call is about. Raises `Refusal` where that is not possible.
        timeout: Default of ``--timeout`` in seconds; None where something else limits the time.
        deployment: Whether the size of the deployment's pools matters.
        judged_by_metrics: Whether probes are judged by the key-metrics table.
        opening: What is sent besides what the probes send: to log in, to limit the session.
        concerns: From what the system turned out to be, whose checklist items it is about.
        formats: What ``probe.py`` can print; text comes first.
    """

    name: str
    title: str
    help: str
    description: str
    examples: str
    options: tuple[Option, ...]
    ask: Callable[[Call], Run]
    timeout: float | None = None
    deployment: bool = False
    judged_by_metrics: bool = False
    opening: Callable[[], Sequence[str]] = tuple
    concerns: Callable[[Engine, Mapping[str, Any]], str | None] = itself
    formats: tuple[str, ...] = ("text", "json")

    @property
    def target(self) -> Option:
        """The option that names the system to ask."""
        return self.options[0]
