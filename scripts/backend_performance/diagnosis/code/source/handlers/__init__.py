"""What is done with each kind of thing that a language's query captures.

A handler gets the pass, the place, and what was captured. A kind without one only opens a frame of
its name.
"""

from __future__ import annotations

from collections.abc import Callable

from ..reading import Captures, Reading
from . import calls, declarations, loops, values

Handler = Callable[[Reading, int, int, Captures], None]

#: What begins at the same byte is handled in this order.
HANDLERS: dict[str, Handler | None] = {
    "decorator": declarations.decorator,
    "field": declarations.field,
    "import": declarations.imported,
    "class": declarations.declared_class,
    "function": declarations.function,
    "lock": None,
    "spawn": None,
    "block": None,
    "finally": None,
    "catch": loops.caught,
    "each": loops.each,
    "counted": loops.counted,
    "while": loops.conditional,
    "assign": values.assigned,
    "return": values.returned,
    "await": None,
    "with": values.managed,
    "closure": None,
    "new": calls.called,
    "call": calls.called,
    "select": None,
    "lambda": loops.function_literal,
    "send": loops.per_element,
    "put": calls.put,
    "retry": loops.retry,
    "typed": declarations.typed,
    "read": values.read,
    "string": values.string,
    "if": loops.branched,
    "break": loops.broken,
    "pattern": values.pattern,
    "exit": values.thrown,
    "removed": calls.removed,
}
