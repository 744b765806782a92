"""The columns of models, with those that an index begins with, from wherever they are declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ...base import Code
from ...facts import Call, Class, File
from ...source.models import Orm
from ...words import pattern
from .tables import NAME, created_tables, index_names, snake, table_names

_COLUMN = frozenset(("Column", "mapped_column", "Field"))
#: Django gives their columns an index.
_INDEXED_RELATIONS = frozenset(("ForeignKey", "OneToOneField", "ParentalKey"))
_ATTRIBUTE = re.compile(r"(\w+)\.(\w+)")
_REFERS = re.compile(r"ForeignKey\(|\bforeign_key\s*=")
_FIELD_TYPES = pattern("searched_field")
_SERVED = pattern("served_field")
_LARGE = pattern("large_column")
_INDEXED = re.compile(r"(?:index|primary_key|unique)\s*=\s*True")
_OWN_KEY = re.compile(r"foreign_key(?::|\s*=>)\s*[:\"'](\w+)")
_QUOTED = re.compile(r"[\"'](-?\w+)[\"']")
_INDEX_CALLS = frozenset(
    ("index", "HasIndex", "HasKey", "createIndex", "createIndexes", "define", "init")
)
#: The name of a column in the database: of JPA and TypeORM, of GORM, of Sequelize.
_STORED = re.compile(
    r"Column\(\s*(?:name\s*[=:]\s*)?[\"'](\w+)[\"']|\bcolumn:(\w+)|\bfield:\s*[\"'](\w+)"
)
_PRISMA = re.compile(r"^[ \t]+(\w+)[ \t]+(?:String|Int|BigInt|DateTime)\b(.*)$", re.M)
_PRISMA_TABLE = re.compile(r"@@map\(\"(\w+)\"\)")
_PRISMA_STORED = re.compile(r"(?<!@)@map\(\"(\w+)\"\)")
_PRISMA_REFERENCE = re.compile(r"@relation\(.*?fields:\s*\[(\w+)")
_PRISMA_SERVED = re.compile(
    r"@@(?:index|unique|id)\(\s*(?:fields:\s*)?\[(\w+)|^\s+(\w+)\s.*@(?:id|unique)\b", re.M
)


@dataclass
class Table:
    """A model: its columns with their lines, those that refer, and those an index serves."""

    name: str
    file: str
    line: int
    columns: dict[str, int] = field(default_factory=dict)
    foreign: dict[str, int] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)
    large: set[str] = field(default_factory=set)  #: documents: JSON, bytes, texts of any length
    #: Names of the table in the database, and of columns that differ there.
    names: tuple[str, ...] = ()
    stored: dict[str, str] = field(default_factory=dict)
    #: Whether the queries of its ORM can be told, so that a column without one is not searched.
    told: bool = False

    def serves(self, column: str) -> bool:
        """Whether an index begins with a column, however it is spelled there."""
        known = {bare(name) for name in self.served}
        return not known.isdisjoint({bare(column), f"{bare(column)}id"})

    def named(self, column: str) -> str:
        """Return a column as it is declared, or as it is given."""
        return next((name for name in self.columns if bare(name) == bare(column)), column)

    def plain(self, column: str) -> str:
        """Return the declared column of that name that no index begins with, or ""."""
        found = self.named(column)
        return "" if found not in self.columns or self.serves(found) else found


def bare(column: str) -> str:
    """``created_at`` and ``createdAt`` are one column."""
    return column.replace("_", "").lower()


@lru_cache(maxsize=1)  # two readings and the places of tables need them
def tables(code: Code) -> dict[str, Table]:
    """Return the tables by the name of their model."""
    found = {one.name: one for one in _prisma(code)}
    rails = created_tables(code)
    models = code.project.models
    for name, model in models.classes.items():
        table = Table(name, models.files[name], model.line)
        table.names = table_names(code, name, model, rails)
        given = [(one.target, f"{one.name}({' '.join(one.arguments)}") for one in model.calls]
        given += [(one.name, one.text) for one in model.fields]
        table.large = {name for name, text in given if name and _LARGE.search(f"{name} {text}")}
        declared = next((rails[one] for one in table.names if one in rails), None)
        orm = models.orms.get(name)
        if declared is not None:
            _of_created(code, table, model, declared)
        elif orm is not None:
            _of_fields(table, model, orm, models.classes)
        else:
            _of_calls(table, model)
        found[name] = table
    _inherited(found, models.classes)
    created = index_names(code)
    for name in models.orms:
        table = found[name]
        table.served.update(column for known in table.names for column in created.get(known, ()))
    for file in code.project.files:
        _metas(file, found)
        for function in file.functions:
            _index_calls(code, found, function.parameters, function.calls)
            for call in function.calls if file.language == "python" else ():
                if call.name == "Index":
                    _of_attributes(found, function.owner, call)
    return found


def _inherited(found: dict[str, Table], classes: Mapping[str, Class]) -> None:
    """What models of Python have from those that they inherit from."""
    for name, model in classes.items():
        table = found[name]
        above = [found[one] for one in re.findall(r"\w+", model.bases) if one in found]
        for base in above if table.file.endswith(".py") else ():
            table.served |= base.served
            table.columns = dict.fromkeys(base.columns, table.line) | table.columns
            table.foreign = dict.fromkeys(base.foreign, table.line) | table.foreign


def _of_created(code: Code, table: Table, model: Class, declared: dict[str, bool]) -> None:
    """Rails and Laravel, whose migrations or schema have the columns."""
    table.columns = dict.fromkeys(declared, model.line)
    table.served = {column for column, indexed in declared.items() if indexed} | {"id"}
    table.told = True
    for call in model.calls:
        relation = NAME.match(call.arguments[0]) if call.arguments else None
        if call.name == "belongs_to" and relation:
            text = " ".join(call.arguments)
            column = _OWN_KEY.search(text)
            of_any = "polymorphic" in text and declared.get(f"{relation[1]}_type")
            if not of_any:
                table.foreign[column[1] if column else f"{relation[1]}_id"] = call.line
    for place in code.project.by_path[table.file]:
        for call in place.function.calls if place.function.owner == model.name else ():
            if call.name == "belongsTo" and call.receiver == "$this":
                key = NAME.match(call.arguments[1]) if len(call.arguments) > 1 else None
                name = key[1] if key else f"{snake(place.function.name)}_id"
                table.foreign[name] = call.line
    table.foreign = {name: line for name, line in table.foreign.items() if name in declared}


def _of_calls(table: Table, model: Class) -> None:
    """Django and SQLAlchemy: the calls that a class gives its attributes."""
    for call in model.calls:
        text = " ".join(call.arguments)
        if call.name in ("Index", "UniqueConstraint"):
            quoted = [one for one in call.arguments if _QUOTED.match(one)]
            first = _QUOTED.match(quoted[call.name == "Index"]) if len(quoted) > 1 else None
            table.served.update((first[1],) if first else _QUOTED.findall(text))
        elif call.target and call.name in _INDEXED_RELATIONS and "db_index=False" not in text:
            table.served.add(call.target)
        elif call.name == "GenericForeignKey":  # Django indexes its type alone
            table.foreign[_QUOTED.findall(text)[1] if len(call.arguments) > 1 else "object_id"] = (
                call.line
            )
        elif call.target and (call.name in _COLUMN or _FIELD_TYPES.search(call.name)):
            table.columns[call.target] = call.line
            if call.name in _COLUMN and _REFERS.search(text):
                table.foreign[call.target] = call.line
            refers = call.target in table.foreign
            if (_INDEXED if refers else _SERVED).search(f"{call.name}({text}"):
                table.served.add(call.target)


def _of_fields(table: Table, model: Class, orm: Orm, models: Iterable[str]) -> None:
    known = frozenset(models)
    table.told = True
    table.served.update(_first(orm.indexes.finditer(orm.head(model))))
    for call in model.calls:
        if call.name in _INDEX_CALLS:
            table.served.update(_first(orm.indexes.finditer(" ".join(call.arguments[1:]))))
    for one in model.fields:
        if orm.column.search(one.text):
            table.columns[one.name] = one.line
        if stored := _STORED.search(one.text):
            table.stored[one.name] = stored[1] or stored[2] or stored[3]
        if orm.served.search(one.text):
            table.served.add(one.name)
        refers = orm.foreign.search(one.text)
        if refers and known.issuperset(refers.groups()):
            table.foreign[one.name] = one.line


def _first(matches: Iterable[re.Match[str]]) -> Iterator[str]:
    return (next(name for name in found.groups() if name) for found in matches)


def _index_calls(code: Code, found: dict[str, Table], parameters: str, calls: list[Call]) -> None:
    """``userSchema.index({ a: 1 })``, and ``HasIndex`` in what configures a class."""
    for call in calls:
        if call.name in _INDEX_CALLS and call.arguments:
            words = re.findall(r"\w+", f"{call.receiver} {parameters}")
            for name in [word for word in words if word in code.project.models.orms]:
                columns = code.project.models.orms[name].indexes.finditer(call.arguments[0])
                found[name].served.update(_first(columns))


def _of_attributes(found: dict[str, Table], owner: str, call: Call) -> None:
    """``Index("name", Order.email)``, and ``cls.email`` where a class declares its options."""
    for one in filter(None, map(_ATTRIBUTE.match, call.arguments[1:2])):
        table = found.get(owner if one[1] == "cls" else one[1])
        if table is not None:
            table.served.add(one[2])


def _metas(file: File, found: dict[str, Table]) -> None:
    """The indexes in the ``Meta`` of a class of Django."""
    metas = [one for one in file.classes if one.name == "Meta"]
    for outer in file.classes if metas else ():
        for meta in metas:
            if outer.name in found and outer.line <= meta.line <= outer.end_line:
                if meta.assigned.get("managed") == "False":  # another program makes the table
                    del found[outer.name]
                    continue
                texts = [text.text for text in meta.texts.values()]
                texts += [text for call in meta.calls for text in call.arguments]
                names = [name for text in texts for name in _QUOTED.findall(text)]
                found[outer.name].served.update(name.lstrip("-") for name in names)


def _prisma(code: Code) -> Iterator[Table]:
    for place in code.project.places:
        for block in place.function.statements if place.file.language == "prisma" else ():
            table = Table(block.text.split(maxsplit=2)[1], place.file.path, block.line)
            served = _PRISMA_SERVED.findall(block.text)
            table.served = {name for pair in served for name in pair if name}
            mapped = _PRISMA_TABLE.search(block.text)
            table.names = ((mapped[1] if mapped else table.name).lower(),)
            for one in _PRISMA.finditer(block.text):
                table.columns[one[1]] = block.line + block.text.count("\n", 0, one.start())
                if stored := _PRISMA_STORED.search(one[2]):
                    table.stored[one[1]] = stored[1]
            for one in _PRISMA_REFERENCE.finditer(block.text):
                line = block.line + block.text.count("\n", 0, one.start())
                table.foreign[one[1]] = line
            yield table
