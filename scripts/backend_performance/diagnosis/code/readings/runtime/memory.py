"""What is taken into memory whole: files, answers, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, chain
from ...facts import Call
from ...origin import subject
from ...project import Place
from ...source.paths import last, root
from ...source.sql import body, statement
from ...words import names, pattern

#: Languages whose ORMs load the rows of a query as soon as a loop begins.
_LOADS_AT_ONCE = ("python", "ruby", "php")
_ROWS = pattern("rows_of_query")
_BULK = pattern("bulk_work")
_AT_START = pattern("at_start")
_LIMITS = pattern("memory_limits")
_SIZED = pattern("sized")
_REMOTE = pattern("remote_body")
_LARGE = pattern("large")
_SMALL = pattern("small")
_FILTERED, _OPTIONS, _FINDS_BY = pattern("filtered"), pattern("options"), pattern("finds_by")
_ERRORS = pattern("error_branch")
_NOTHING = pattern("no_condition")
_GIVES_ALL = names("memory_all")
#: What a call of Go fills, or is ended by; it is no condition.
_FILLED = re.compile(r"&[\w.\[\]]+$|\w*[cC]tx$|context\.")
_WHOLE_TABLE = pattern("whole_table")
_EAGER = names("memory_eager")
_EAGER_ALL = pattern("eager_all")
_ORDERS = names("orders")
_MODEL = re.compile(r"\\?([A-Z]\w*\.?)+")
#: A statement without a condition; one that goes on in another string ends with a space.
_EVERY_ROW = re.compile(
    r"select (?!.*\b(where|limit|count|sum|max|min|exists|fetch|top|join|union|using|having)\b)"
    r"(?!.*[(%{?]).* from [\w.\"`]+( order by .*)?"
)
_SMALL_TABLES, _TABLE = pattern("small_tables"), pattern("table_of_receiver")
#: A query that Django sends when its rows are asked for, and functions that give one to it.
_MANAGER = re.compile(r"\bobjects\.(all|\w+\(\)\.all)$")
_GIVES_QUERY = re.compile(r"(get_)?\w*(queryset|query)$|resolve_")
_WORD = re.compile(r"[A-Za-z_]\w*")
_KEYS = re.compile(r"(id|pk|uuid)(__in)?\s*=")
_REFINES, _REFINES_EXPOSED = names("refines"), names("refines_exposed")
_INTO_LISTS = names("into_lists")


def whole(code: Code) -> Iterator[dict[str, Any]]:
    """Reads of a whole file, body or sheet into memory."""
    for place, known in code.acting():
        call = known.call
        step, hops = code.effects.of_call(known, "read_all")
        if step is None or hops > 1:
            continue
        text = " ".join((*call.arguments, subject(code.project, call, place), call.argument_of))
        where = f"{text} {place.function.qualified} {place.file.path}"
        yield code.row(
            place,
            call,
            hops=hops,
            sized=bool(_SIZED.search(f"{text} {call.condition}")),
            remote=bool(_REMOTE.search(text)),
            large=bool(_LARGE.search(f"{text} {place.function.name}")),
            small=bool(_SMALL.search(where)),
            in_loop=any(place.file.loops[index].kind == "each" for index in call.loops),
            errors_only=call.guard == "catch" or bool(_ERRORS.search(call.condition)),
            starts=bool(_AT_START.match(place.function.name)),
        )


def unbounded(code: Code) -> Iterator[dict[str, Any]]:
    """Queries for all rows of something that is not limited."""
    for place, known, _ in code.found("query"):
        call = known.call
        eager = call.name in _EAGER or bool(_EAGER_ALL.search(call.name))
        # A function that is called after all rows, and gives back what a query found.
        whole = bool(_EAGER_ALL.search(place.function.name)) and call.returned and not call.loops
        eager = eager or whole
        if not eager and (call.chained or call.name not in _GIVES_ALL):
            continue
        if not _is_one(place, call) and not _is_unsent(place, call):
            built = any(
                _OPTIONS.fullmatch(t) and t in place.function.assigned for t in call.arguments
            )
            filtered = built or _is_filtered(call, eager and not whole) or _is_chosen(place, call)
            limited = bool(_LIMITS.search(_texts(place, call)))
            yield _all(code, place, call, limited=limited, filtered=filtered)
    yield from _looped(code)
    yield from _statements(code)
    for place, known, _ in code.found("write"):
        call = known.call
        if call.name in ("delete", "destroy_all") and call.receiver.endswith("objects.all()"):
            yield _all(code, place, call, everything=True)


def _all(code: Code, place: Place, at: Call | int, **columns: Any) -> dict[str, Any]:
    flags = dict.fromkeys(("limited", "filtered", "everything", "looped"), False)
    return code.row(place, at) | flags | columns


def _texts(place: Place, call: Call) -> str:
    """What is written about a query: its chain, and what its function gets and gives back."""
    own = (call.path, *call.arguments, call.argument_of, chain(place, call))
    return " ".join((*own, place.function.parameters, place.function.result))


def _is_chosen(place: Place, call: Call) -> bool:
    """Whether a query that gives all rows chooses them, by the words around it."""
    sent = " ".join(one.text for one in place.function.statements)
    own = (call.path, *call.arguments, call.argument_of, chain(place, call))
    before = last(call.receiver) if call.receiver.endswith("()") else ""
    return (
        bool(_FINDS_BY.match(before) and chain(place, call))
        or bool(_FILTERED.search(" ".join((*own, _steps(place, call), sent))))
        or _is_refined(place, call)
        or any(map(_SMALL_TABLES.search, _tables(call.receiver)))
        or (call.name in ("all", "get") and not _WHOLE_TABLE.search(call.receiver))
    )


def _tables(receiver: str) -> list[str]:
    """A receiver, and the tables that are named in it: ``role`` of ``roleRepository.Query()``."""
    named = (name for pair in _TABLE.findall(receiver) for name in pair)
    return [receiver, root(receiver), *filter(None, named)]


def _looped(code: Code) -> Iterator[dict[str, Any]]:
    """Loops of jobs over a query that gives all its rows at once."""
    for place in code.project.places:
        function = place.function
        named = _BULK.search(f"{function.owner} {function.name}")
        bulk = place.entry == "job" or named or place.file.path.endswith(".rake")
        if not bulk or place.file.language not in _LOADS_AT_ONCE or place.entry == "migration":
            continue
        for loop in place.file.loops:
            if not function.line <= loop.line <= function.end_line or loop.kind != "each":
                continue
            source = code.source_of(loop.over, place, loop.line)
            models = code.project.models
            asked = _ROWS.search(source) or last(source) in models.scopes | models.classes.keys()
            found = asked and not _LIMITS.search(source) and not code.batched(loop)
            if found and last(loop.via or "each") == "each" and not _by_keys(place, loop.over):
                yield _all(code, place, loop.line, call=loop.over, filtered=True, looped=True)


def _by_keys(place: Place, over: str) -> bool:
    """Whether the rows of a query are those of keys that the program has."""
    return any(
        call.target == root(over) and any(map(_KEYS.match, call.arguments))
        for call in place.function.calls
    )


def _statements(code: Code) -> Iterator[dict[str, Any]]:
    """Statements in strings that give every row of a table."""
    for place in code.project.places:
        for text in place.function.statements if place.file.language != "sql" else ():
            found = statement(text.text)
            whole = body(text.text).rstrip(";") == body(text.text).rstrip(" ;\n")
            if found is not None and whole and _EVERY_ROW.fullmatch(found.template):
                limited = bool(_SMALL_TABLES.search(found.table))
                yield _all(code, place, text.line, limited=limited)


def _is_one(place: Place, call: Call) -> bool:
    """Whether a call finds one row, or rows by their keys."""
    if place.file.language == "python" and call.name == "get":
        return True
    return place.file.language in ("ruby", "php") and call.name == "find"


def _is_unsent(place: Place, call: Call) -> bool:
    """Whether a query is only passed on: to a field, a framework, another function."""
    if place.file.language == "ruby":  # the last line of a method gives its query back
        ends = call.end_line == place.function.end_line - 1 and bool(place.function.name)
        return ends and not (call.target or call.argument_of or call.loops)
    if place.file.language != "python" or not _MANAGER.search(call.path):
        return False
    if call.argument_of:
        return call.argument_of not in _INTO_LISTS
    return call.returned or bool(_GIVES_QUERY.match(place.function.name))


def _steps(place: Place, call: Call) -> str:
    """The names of the calls that build a query, also over several statements."""
    given = set(_WORD.findall(f"{root(call.receiver)} {chain(place, call)}"))
    return " ".join(other.name for other in place.function.calls if other.target in given)


def _is_filtered(call: Call, eager: bool) -> bool:
    """Whether arguments choose rows: any for ``find``, a value for ``getAll``, two elsewhere."""
    if call.name in _ORDERS:
        return not _MODEL.fullmatch(call.receiver)
    if _EAGER_ALL.search(call.name):
        return not all(map(_NOTHING.match, call.arguments))
    given = [t for t in call.arguments if not (_FILLED.match(t) or _NOTHING.match(t))]
    return len(given) > (1 if eager else 0)


def _is_refined(place: Place, call: Call) -> bool:
    """Whether a query that is not sent yet gets conditions later."""
    name = call.target.lstrip("@$ ")
    if place.file.language == "csharp":  # LINQ goes on with the query that was asked for
        loads = call.name.startswith("To")
        later = [
            c.name
            for c in place.function.calls
            if c.receiver.startswith(f"{call.path}()") or (not loads and root(c.receiver) == name)
        ]
        return not _REFINES.isdisjoint(later)
    refines = _REFINES_EXPOSED if place.file.language == "kotlin" else _REFINES
    return place.file.language in ("python", "ruby", "php", "kotlin") and any(
        name and root(other.receiver).lstrip("@$") == name and other.name in refines
        for other in place.function.calls
    )
