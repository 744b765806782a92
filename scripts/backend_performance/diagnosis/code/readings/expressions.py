"""Regular expressions whose time can grow with the power of the text's length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code
from ..facts import Text
from ..project import Place
from ..words import names

_TAKES = names("takes_expression")
#: One character, or one of a class.
_PIECE = r"(?:\\.|\[(?:\\.|[^\]\\])+\]|[^\\()\[\]|+*?{}])"
#: A group that is repeated, of one repetition with only what may be left out around it: (a+)+,
#: (\w+\s?)*. The same text matches it in many ways, and a failure tries them all.
_NESTED = re.compile(rf"\((?:\?(?::|P?<\w+>))?(?:{_PIECE}[*?])*{_PIECE}[+*](?:{_PIECE}[*?])*\)[+*]")
_LITERAL = re.compile(r"^[rRbBuUfF@$]*([\"'`/])(.*)\1[gimsuyx]*$", re.S)
#: These engines never go back: their time is linear.
_LINEAR = frozenset(("go",))


def expressions(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each regular expression with a repetition inside a repetition."""
    for place in code.project.places:
        if place.file.language not in _LINEAR:
            for text in _texts(place):
                if _NESTED.search(text.text):
                    yield code.row(place, text.line)


def _texts(place: Place) -> Iterator[Text]:
    yield from place.function.patterns
    for call in place.function.calls:
        if call.name in _TAKES and call.arguments:
            literal = _LITERAL.match(call.arguments[0])
            if literal is not None:
                yield Text(literal[2], call.line)
