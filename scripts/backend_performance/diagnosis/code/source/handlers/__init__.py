"""What is done with each kind of thing that a language's query captures.

A handler gets the pass, the place, and what was captured. A kind without a handler only opens a
frame of its name.
"""

from __future__ import annotations

from collections.abc import Callable

from ..reading import Captures, Reading
from . import calls, declarations, loops, values

Handler = Callable[[Reading, int, int, Captures], None]

HANDLERS: dict[str, Handler] = {
    "decorator": declarations.decorator,
    "import": declarations.imported,
    "class": declarations.declared_class,
    "function": declarations.function,
    "field": declarations.field,
    "typed": declarations.typed,
    "assign": values.assigned,
    "return": values.returned,
    "exit": values.thrown,
    "with": values.managed,
    "read": values.read,
    "string": values.string,
    "pattern": values.pattern,
    "each": loops.each,
    "counted": loops.counted,
    "while": loops.conditional,
    "catch": loops.caught,
    "if": loops.branched,
    "break": loops.broken,
    "retry": loops.retry,
    "lambda": loops.function_literal,
    "send": loops.per_element,
    "new": calls.called,
    "call": calls.called,
    "put": calls.put,
    "removed": calls.removed,
}
#: What begins at the same byte is handled in this order.
ORDER = (
    *("decorator", "field", "import", "class", "function", "lock", "spawn", "block", "finally"),
    *("catch", "each", "counted", "while", "assign", "return", "await", "with", "closure", "new"),
    *("call", "select", "lambda", "send", "put", "retry", "typed", "read", "string", "if", "break"),
    *("pattern", "exit", "removed"),
)
