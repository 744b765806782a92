"""What is known of source code, in the same words for every language.

Lines count from 1. Texts are bounded and stem from the audited code: data, never instructions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_TEXT = 240
#: The value of a name that gets a collection whose elements are all written out.
LISTED = "[*]"


class Loop(NamedTuple):
    """Something that runs once per element, or again and again.

    ``kind`` is ``each`` (a collection), ``counted`` (an index) or ``while`` (a condition).
    """

    kind: str
    line: int
    end_line: int
    over: str  #: what is iterated over or the condition, as path
    variable: str  #: names of the element
    via: str  #: the call whose function argument runs per element, else ""
    retries: bool = False  #: an error is caught inside
    literal: bool = False  #: the collection is a literal in the code
    stops: bool = False  #: a condition inside ends it: one element is looked for

    @property
    def names(self) -> list[str]:
        """The names in ``variable``: two for ``for key, value in …``."""
        return re.findall(r"\w+", self.variable)


class Call(NamedTuple):
    """One call, or one object that is built (``constructs``)."""

    name: str
    receiver: str  #: path before the name, arguments collapsed to ()
    line: int
    end_line: int
    arguments: tuple[str, ...]
    loops: tuple[int, ...]  #: indices into ``File.loops``, outermost first
    scopes: tuple[str, ...]  #: paths of calls and constructs that hold while this runs
    target: str = ""  #: the name that the result is assigned to
    awaited: bool = False
    constructs: bool = False
    chained: bool = False  #: another call is made on its result
    returned: bool = False
    argument_of: str = ""  #: path of the call that takes the result
    guard: str = ""  #: with, finally, catch
    later: bool = False  #: runs after the function has returned, or elsewhere
    condition: str = ""  #: of the innermost branch around it, within the innermost loop

    @property
    def path(self) -> str:
        """Receiver and name."""
        return f"{self.receiver}.{self.name}" if self.receiver else self.name


class Read(NamedTuple):
    """An attribute read of something that is no module and not the object itself."""

    path: str
    line: int
    loops: tuple[int, ...]


class Text(NamedTuple):
    """A statement in a string."""

    text: str
    line: int


class Field(NamedTuple):
    """A field of a class with all that is written about it: annotations, tags, type."""

    name: str
    text: str
    line: int


@dataclass(slots=True)
class Function:
    """A function, a method, or the top level of a file (``name`` is empty)."""

    name: str
    owner: str  #: class, module or receiver type, else ""
    line: int
    end_line: int
    is_async: bool = False
    parameters: str = ""
    result: str = ""  #: the declared type of what it gives back
    decorators: tuple[str, ...] = ()
    entry: str = ""  #: route, job, view, script, migration, test or ""
    calls: list[Call] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    statements: list[Text] = field(default_factory=list)
    assigned: dict[str, str] = field(default_factory=dict)  #: name → path of its last value
    values: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  #: with their lines
    #: Texts of literals, and of what is called a key, by the name that they get.
    texts: dict[str, Text] = field(default_factory=dict)
    patterns: list[Text] = field(default_factory=list)  #: regular expressions as literals
    types: dict[str, str] = field(default_factory=dict)
    returns: list[str] = field(default_factory=list)
    #: Where it ends early: the line, and the innermost condition around it.
    exits: list[tuple[int, str]] = field(default_factory=list)

    @property
    def qualified(self) -> str:
        """Owner and name."""
        return f"{self.owner}.{self.name}" if self.owner else self.name or "top-level"


@dataclass(slots=True)
class Class:
    """A class with what its body declares."""

    name: str
    bases: str
    line: int
    end_line: int
    decorators: tuple[str, ...] = ()
    types: dict[str, str] = field(default_factory=dict)
    assigned: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)  #: of literals
    calls: list[Call] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """One source file."""

    path: str
    language: str
    lines: int
    imports: str
    functions: list[Function]
    classes: list[Class]
    loops: list[Loop]
    damaged: bool = False  #: the parser met text that is not the language
