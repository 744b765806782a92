"""What is taken into memory whole: files, answers, tables; and what only grows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code
from ..facts import Call
from ..project import Place

_LIMITS = re.compile(
    r"limit|\btop\b|take|page|first|slice|\[:|\[\]|batch|iterator|find_each|LIMIT|paginate|chunk|cursor|offset|count|stream|range",
    re.I,
)
_ALL = frozenset("all findAll find_all findMany getAll listAll list getMany ListAll FindAll GetAll selectAll toList ToListAsync getResultList fetchall All Find findBy find pluck to_a load ToArrayAsync collectList list_all".split())
_CONTAINERS = re.compile(r"^(\{\}|\[\]|dict\(\)|list\(\)|set\(\)|defaultdict\(\)|(new )?(Map|Set|WeakMap|HashMap|ConcurrentHashMap|ArrayList|LinkedHashMap|Hash|Dictionary|ConcurrentDictionary|List)\b|make\(\)|map\[|Hash\.new|OrderedDict\(\)|Map\(\)|Set\(\))")
_ADDS = frozenset("append add push put set setdefault insert computeIfAbsent putIfAbsent TryAdd Add update Store LoadOrStore".split())
_REMOVES = frozenset("pop popitem clear delete remove discard del evict Remove Delete Clear splice shift poll removeIf expunge popleft invalidate retain".split())
_BOUNDED = re.compile(r"maxsize\s*=\s*\d|LRU|lru|TTL|ttl|bounded|Weak|Caffeine|maxSize|\bmax\s*:", re.I)
_UNBOUNDED_CACHE = re.compile(r"lru_cache\(maxsize\s*=\s*None\)|functools\.cache\b|^@cache\b|@cache$|lru_cache|@memoize|@lru")


def whole(code: Code) -> Iterator[dict[str, Any]]:
    """Reads of a whole file, body or sheet."""
    for place in code.project.places:
        for known in code.effects.calls[place.number]:
            sink, call = known.sink, known.call
            if sink is None or sink.does != "read_all":
                continue
            text = " ".join((*call.arguments, call.receiver, call.argument_of, code.project.subject(call, place)))
            yield code.row(
                place,
                call,
                name=call.path,
                library=sink.library,
                sized=bool(call.arguments) and bool(re.match(r"^\d|.*(size|SIZE|limit|LIMIT|max|MAX|n\b)", call.arguments[0])) or bool(re.search(r"[lL]imit|MaxBytes", text)),
                remote=bool(re.search(r"resp|\bres\b|body|Body|stream|download|http|url|fetch", text, re.I)),
                in_loop=any(place.file.loops[i].kind == "each" for i in call.loops),
                upload=bool(re.search(r"upload|\bfile\b|attachment|blob|image|zip|archive|chunk|dump|export|import", f"{text} {place.function.name}", re.I)),
                config=bool(re.search(r"config|setting|template|key|cert|pem|secret|manifest|package\.json|version|schema|fixture|license|token|yaml|json\b|__dir|__file|static|locale|stdin|tmpl|sql\b", f"{text} {place.function.qualified} {place.file.path}", re.I)),
                errors_only=call.guard == "catch",
            )


def unbounded(code: Code) -> Iterator[dict[str, Any]]:
    """Queries for all rows of something that is not limited."""
    for place in code.project.places:
        for known in code.effects.calls[place.number]:
            sink, call = known.sink, known.call
            if sink is None or sink.does != "query" or call.chained or call.name not in _ALL:
                continue
            text = " ".join((call.path, *call.arguments, call.argument_of))
            chain = [c for c in place.function.calls if c.chained and call.receiver.startswith(c.path)]
            more = " ".join(a for c in chain for a in c.arguments)
            yield code.row(
                place,
                call,
                name=call.path,
                library=sink.library,
                limited=bool(_LIMITS.search(text)) or bool(_LIMITS.search(place.function.parameters)),
                filtered=bool(call.arguments) or bool(re.search(r"filter|where|Where|find_by|exclude", call.receiver)),
                filters=more[:120],
                memory=_into_memory(place, call),
                in_loop=bool(call.loops),
                returned=call.returned,
            )


def _into_memory(place: Place, call: Call) -> bool:
    """Whether the rows are filtered, sorted or counted in the program."""
    name = call.target.split(",")[0].lstrip("@$ ")
    used = re.compile(rf"^{re.escape(name)}$") if name else None
    later = [
        c for c in place.function.calls
        if used and c.name in ("filter", "select", "reject", "find", "sort", "sort_by", "some", "every", "reduce", "any", "len", "sorted", "sum", "stream", "detect", "count", "length", "size")
        and (used.match(c.receiver) or any(used.match(a) for a in c.arguments))
    ]  # fmt: skip
    return bool(later) or call.argument_of in ("len", "sorted", "set", "list", "json.dumps", "max", "min")


def growing(code: Code) -> Iterator[dict[str, Any]]:
    """Containers that outlive a request and are only added to, and caches without a bound."""
    for file in code.project.files:
        for function in file.functions:
            for text in function.decorators:
                if _UNBOUNDED_CACHE.search(text) and ("self" in function.parameters or "maxsize=None" in text.replace(" ", "")):
                    yield {
                        "file": file.path, "line": function.line - 1, "end_line": function.line, "function": function.qualified,
                        "entry": "", "language": file.language, "kind": "cached_method", "name": function.name,
                        "bounded": False, "removed": False, "keyed": True,
                        "method": "self" in function.parameters,
                    }  # fmt: skip
    for place in code.project.places:
        yield from _module_containers(code, place)


def _module_containers(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    if place.function.name or not place.function.assigned:
        return
    containers = {
        name: value for name, value in place.function.assigned.items()
        if _CONTAINERS.match(value) and re.fullmatch(r"\w+", name)
    }  # fmt: skip
    if not containers:
        return
    functions = [f for f in place.file.functions if f.name]
    for name, value in containers.items():
        added = [c for f in functions for c in f.calls if c.receiver == name and c.name in _ADDS]
        stored = [
            (f, target) for f in functions for target in f.assigned
            if re.match(rf"{re.escape(name)}\[", target)
        ]  # fmt: skip
        if not added and not stored:
            continue
        removed = any(c.receiver == name and c.name in _REMOVES or c.name in ("delete", "len") and name in c.arguments for f in place.file.functions for c in f.calls)
        owner = next((f for f in functions if any(c.receiver == name and c.name in _ADDS for c in f.calls)), stored[0][0] if stored else place.function)
        line = added[0].line if added else owner.line
        where = code.project.places[place.number]
        yield code.row(where, None) | {
            "line": line, "end_line": line, "function": owner.qualified, "kind": "container", "name": name,
            "bounded": bool(_BOUNDED.search(value)), "removed": removed,
            "keyed": bool(re.match(r"\{|Map|dict|defaultdict|(new )?\w*Map|make|Hash|\w*Dict", value)),
            "method": False,
        }  # fmt: skip
