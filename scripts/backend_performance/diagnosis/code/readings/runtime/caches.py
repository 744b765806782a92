"""What is put into a cache: under which key, for how long, and who loads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, chain
from ...facts import Call
from ...project import Place
from ...words import names, pattern

_EXPIRY = pattern("expiry")
_WHOLE_URL = pattern("whole_url")
_SETTERS = names("setters")
_GETTERS = names("getters")
_LOADERS = names("cache_loaders")
_INCIDENTAL = names("incidental_parameters")
_INTERPOLATES = re.compile(r"[{%#$+]|format|join|`")
_WORD = re.compile(r"[A-Za-z_]\w*")
#: A value that is written down is a switch, which lasts until it is turned.
_SWITCH = re.compile(r"-?\d+|(?i:true|false|nil|null|none)|[\"':]\w*[\"']?")
_MIN_PARAMETER = 2


def keys(code: Code) -> Iterator[dict[str, Any]]:
    """Commands that walk the whole key space."""
    for place, known, _ in code.found("keys"):
        if known.call.arguments:
            yield code.row(place, known.call)


def cached(code: Code) -> Iterator[dict[str, Any]]:
    """Values put into a cache, with what can be told of key, expiry and the load before."""
    for place, known, _ in code.found("cache"):
        call, text = known.call, " ".join(known.call.arguments)
        if call.name not in _SETTERS or not call.arguments:
            continue
        expires = any(other.name in ("expire", "pexpire") for other in place.function.calls)
        yield code.row(
            place,
            call,
            command=call.name,
            expires=expires or bool(_EXPIRY.search(text)) or len(call.arguments) > 2,
            switch=any(map(_SWITCH.fullmatch, call.arguments[1:2])),
            whole_url=bool(_WHOLE_URL.search(text)),
            after_miss=_misses(code, place)
            and any(code.effects.has(k, "http", "query") for k in code.effects.calls[place.number]),
        )


def forgotten(code: Code) -> Iterator[dict[str, Any]]:
    """Cached values that are loaded with an argument of the function which the key leaves out."""
    for place, known, _ in code.found("cache"):
        call = known.call
        if not call.arguments or call.loops:
            continue
        if call.name in _LOADERS or (call.name in _SETTERS and _misses(code, place)):
            key = _key(place, call)
            left_out = _loaded_with(code, place, call) - set(_WORD.findall(key))
            if key and left_out:
                yield code.row(place, call, left_out=",".join(sorted(left_out)))


def _misses(code: Code, place: Place) -> bool:
    """Whether a function asks the cache before it loads."""
    return any(
        k.does("cache") and k.call.name in _GETTERS for k in code.effects.calls[place.number]
    )


def _key(place: Place, call: Call) -> str:
    """The text of the key if all of it is visible: a literal with names in it."""
    text = call.arguments[0]
    if re.fullmatch(r"\$?\w+", text):
        known = place.function.texts.get(text.lstrip("$"))
        text = known.text if known else ""
    literal = "'" in text or '"' in text or "`" in text
    return text if literal and _INTERPOLATES.search(text) and "(" not in text else ""


def _loaded_with(code: Code, place: Place, call: Call) -> set[str]:
    """The parameters of the function that go into a load of the cached value."""
    declared = {name for name in _parameters(place) if len(name) >= _MIN_PARAMETER}
    used: set[str] = set()
    for known in code.effects.calls[place.number]:
        if known.call is not call and code.effects.has(known, "query", "http"):
            texts = (*known.call.arguments, chain(place, known.call))
            used.update(_WORD.findall(" ".join(texts)))
    return declared & used


def _parameters(place: Place) -> set[str]:
    """The names of the parameters, without types and defaults."""
    parts = re.split(r",(?![^<(\[{]*[>)\]}])", place.function.parameters.strip("()"))
    found = set()
    for part in parts:
        words = _WORD.findall(re.split(r"[:=]", part)[0])
        found.update(words[:1] if place.file.language == "go" else words[-1:])
    return found - _INCIDENTAL
