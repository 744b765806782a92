"""Columns that queries filter or sort by, against the indexes that are declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any

from ...base import Code
from ...facts import Call
from ...origin import subject
from ...project import Place
from ...words import names
from .columns import Table, bare, tables
from .tables import NAME, by_table

_FILTERS = names("filter_calls")
SORTS = names("sort_calls")
_BY_NAME = names("calls_by_name")
#: ``uniqueness: { scope: :shop_id }``
_ONCE = re.compile(r"uniqueness(?:_of|:(?!\s*false)|\s*=>)")
_SCOPE = re.compile(r"\bscope(?::|\s*=>)\s*(\[[^\]]*\]|:\w+)")
_WORD = re.compile(r"\w+")
LIMITED = re.compile(r"(?i)^(limit|take|first|last|top|paginate|page)")
_KEYWORD = re.compile(
    r"^[:\"']?(\w+?)(?:__(?:gte?|lte?|in|exact|range))?[\"']?\s*(?:=(?!=)|:(?!:)|=>)"
)
_SORTED = re.compile(r"^(?:[\"':]-?|(?=\w+: :?(?:asc|desc)))(\w+)[\"']?(?:\s*(?::|=>)\s*:?\w+)?$")
#: ``o => o.Email == email`` of C#, ``"email = ?"`` of Go.
_LAMBDA = re.compile(r"^\(?\w+\)?\s*=>\s*\w+\.(\w+)\s*(?:==|[<>]=?|$)")
_CONDITION = re.compile(
    r"^[\"`'](?:(\w+)\.)?(\w+)\s*(?:=|[<>]=?|\b(?:not )?in\b|\bbetween\b|\basc\b|\bdesc\b)", re.I
)
#: ``Order.email == email`` and ``Order.at.desc()`` of SQLAlchemy.
_COMPARED = re.compile(
    r"^(?:(?:\w+\.)?(?:desc|asc)\((?=\w+\.\w+\)))?(\w+)\.(\w+)"
    r"\s*(?:==|[<>]=?|\)|\.(?:in_|between|desc|asc)\()"
)
#: Lookups of Django that no plain index serves.
_INSIDE = re.compile("contains|endswith|regex|search")
#: ``whereEmail($email)`` of Laravel.
_DYNAMIC = re.compile(r"where([A-Z]\w*)")
#: ``where('email', $email)`` of Laravel, of two or three arguments.
_NAMED = re.compile(r"^[\"'](?:(\w+)\.)?(\w+)[\"']$")
#: Functions of Django that are given the model.
_NAMING = frozenset(("get_object_or_404", "aget_object_or_404", "get_list_or_404"))
#: ``{ where: { email } }`` of Prisma, Sequelize and TypeORM, ``{ email }`` of Mongoose.
_BARE = frozenset(("find", "findOne"))
_WHERE = re.compile(r"\b(?:where|orderBy)\s*:\s*\[?\{([^{}]*)")
_OBJECT = re.compile(r"^\{([^{}]*)")
_KEYS = re.compile(r"(?:^|,)\s*(\w+)(?=\s*(?::|,|$))")
#: ``findByEmailAndStatus`` of Spring Data, in an interface of a repository of ``Order``.
_DERIVED = re.compile(r"^(?:find|get|read|count|exists|delete|query|stream)\w*?By([A-Z]\w*)")
_PARTS = re.compile(r"And|Or(?=[A-Z])|OrderBy")
_SUFFIX = re.compile(
    r"(?:Is|Equals|In|Between|Before|After|LessThan\w*|GreaterThan\w*|IgnoreCase|Asc|Desc)+$"
)
_REPOSITORY = re.compile(r"Repository\w*<\s*(\w+)")
#: ``orders: Repository<Order>`` in what a class is built with.
_HELD = re.compile(r"(\w+)\s*:\s*(?:\w+\.)?Repository<(\w+)>")


def searches(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each table with columns that queries search by and no index serves."""
    seen: set[tuple[str, str]] = set()
    rows: list[dict[str, Any]] = []
    for place, call, table, columns in queries(code):
        around = chained(place, call) if call else []
        served = [*columns, *(name for other in around for name in searched(other, table))]
        if any(map(table.serves, served)):
            continue
        if call and call.name in SORTS and not any(LIMITED.search(c.name) for c in around):
            continue
        column = next(filter(None, map(table.plain, columns)), "")
        if column and (table.name, column) not in seen:
            seen.add((table.name, column))
            rows.append(_row(code, place, call, table, column))
    rows.sort(key=lambda row: (row["file"], row["table"]))
    for _, group in groupby(rows, key=lambda row: (row["file"], row["table"])):
        yield from by_table([*group], "entry")


def chained(place: Place, call: Call) -> list[Call]:
    """The other calls of the expression that a call is part of."""
    return [
        other
        for other in place.function.calls
        if other.line <= call.end_line  # first: a function may have thousands of calls
        and call.line <= other.end_line
        and other is not call
        and _is_chained(call, other)
    ]


def _is_chained(call: Call, other: Call) -> bool:
    """Whether one of two calls is made on the result of the other."""
    return other.receiver.startswith(f"{call.path}()") or call.receiver.startswith(
        f"{other.path}()"
    )


Query = tuple[Place, Call | None, Table, list[str]]


@lru_cache(maxsize=1)  # two readings and the places of searches need them
def queries(code: Code) -> tuple[Query, ...]:
    """Return each call that searches a table, or derived method, with the columns in its order."""
    return tuple(_queries(code, tables(code)))


def _queries(code: Code, known: Mapping[str, Table]) -> Iterator[Query]:
    by_word = _words(code, known)
    for place in code.project.places:
        if derived := _derived(code, place, known):
            yield place, None, *derived
        for one in code.effects.calls[place.number]:
            name = one.call.name
            if name == "filter" and place.file.language != "python":
                continue  # of a list
            if name in _FILTERS or name in SORTS or _DYNAMIC.match(name):
                table = _table(code, one.call, place, by_word)
                if table is not None:
                    yield place, one.call, table, searched(one.call, table)
    for table in known.values():
        yield from _declared(code, table)


def _declared(code: Code, table: Table) -> Iterator[Query]:
    """What a model of Rails declares: scopes, and values that are looked up before each save."""
    model = code.project.models.classes.get(table.name)
    place = code.project.by_path[table.file][0]
    for call in model.calls if model and place.file.language == "ruby" else ():
        if not call.receiver and (call.name in _FILTERS or call.name in SORTS):
            yield place, call, table, searched(call, table)
        elif _ONCE.search(text := f"{call.name} {' '.join(call.arguments)}"):
            columns = [one[1] for one in map(NAME.match, call.arguments[:1]) if one]
            scope = _SCOPE.search(text)
            yield place, call, table, columns + (_WORD.findall(scope[1]) if scope else [])


def _row(code: Code, place: Place, call: Call | None, table: Table, column: str) -> dict[str, Any]:
    """Where the column is declared, with the query that searches by it."""
    at = call.line if call else place.function.line
    return code.row(
        place,
        table.columns[column],
        call=call.path if call else "none",
        file=table.file,
        function=table.name,
        table=table.name,
        column=column,
        searched_at=f"{place.file.path}:{at}",
    )


def _words(code: Code, known: Mapping[str, Table]) -> dict[str, Table]:
    """Tables by the words that name them in the path of a query."""
    found = {f"{name}.": table for table in known.values() for name in table.names} | dict(known)
    for name, table in known.items():
        if table.file.endswith(".prisma"):
            found.setdefault(f"{name[:1].lower()}{name[1:]}", table)
    found |= {
        attribute: known[name]  # public DbSet<Order> Orders
        for attribute, name in code.project.models.named.items()
        if name in known
    }
    for place in code.project.places:
        held = _HELD.findall(place.function.parameters)
        found |= {
            f"{place.function.owner}.{attribute}": known[name]
            for attribute, name in held
            if name in known
        }
        for call in place.function.calls:  # mongoose.model("Order", orderSchema)
            if call.name == "model" and len(call.arguments) == 2 and call.arguments[1] in known:
                for word in (call.target, call.arguments[0].strip("\"'`")):
                    found.setdefault(word, known[call.arguments[1]])
    return found


def _table(code: Code, call: Call, place: Place, by_word: Mapping[str, Table]) -> Table | None:
    """The table that a query is about: the first of its words that names one."""
    if any(word in code.project.models.to_many for word in _WORD.findall(call.receiver)):
        return None  # user.orders.where(…) searches by the column that refers, too
    words = _WORD.findall(subject(code.project, call, place))
    words += [f"{place.function.owner}.{word}" for word in words]
    if call.name in _NAMING and call.arguments:
        words += _WORD.findall(call.arguments[0])
    for other in chained(place, call):  # db.Where("name = ?", name).Find(&hooks)
        given = _WORD.findall(" ".join(other.arguments[:1]))
        words += [place.function.types.get(word, word) for word in given]
    for text in call.arguments:  # db.Where("orders.email = ?", email)
        of = _CONDITION.match(text)
        words += [f"{of[1].lower()}."] if of and of[1] and "join" not in call.receiver else []
    return next((by_word[word] for word in words if word in by_word), None)


def searched(call: Call, table: Table) -> list[str]:
    """The columns of a table in all conditions of a call, in their order."""
    found: list[str] = []
    of_table = {bare(name) for name in ("", table.name, *table.names)}
    if dynamic := _DYNAMIC.match(call.name):
        found += [name for name in table.columns if bare(name) == bare(dynamic[1])]
    for number, text in enumerate(call.arguments):
        sorted_by = _SORTED.match(text) if call.name in SORTS else _KEYWORD.match(text)
        match = _LAMBDA.match(text) or sorted_by
        named = _NAMED.match(text) if call.name in _BY_NAME and not number else None
        of = _CONDITION.match(text) or _COMPARED.match(text) or named
        inside = _WHERE.search(text) or (_OBJECT.match(text) if call.name in _BARE else None)
        if match:
            name, _, lookup = match[1].lstrip("-").partition("__")
            found += [] if _INSIDE.search(lookup) else [name]
        elif of and bare(of[1] or "") in of_table:
            found.append(of[2])
        elif inside:
            found += _KEYS.findall(inside[1])
    return found


def _derived(
    code: Code, place: Place, known: Mapping[str, Table]
) -> tuple[Table, list[str]] | None:
    """The columns in the name of a repository's method."""
    name = _DERIVED.match(place.function.name)
    if name is None or not place.function.owner:
        return None
    bases = " ".join(one.bases for one, _ in code.project.classes.get(place.function.owner, ()))
    entity = _REPOSITORY.search(bases)
    if entity is None or entity[1] not in known:
        return None
    return known[entity[1]], [_SUFFIX.sub("", part) for part in _PARTS.split(name[1])]
