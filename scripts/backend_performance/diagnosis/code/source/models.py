"""Models and relations that ORMs declare in code.

How they declare them is in ``languages/orms.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache

from ..facts import Call, Class, File, Function
from ..words import names
from .grammar import NEVER, table

_QUERYSETS = re.compile(r"QuerySet|Manager\b")
_SCOPE_METHOD = re.compile(r"scope([A-Z])(\w*)")
#: Languages whose models show by what they inherit from.
_INHERITED = ("python", "ruby", "php")
#: Names that are fields of so many things that a read of them says nothing.
_COMMON = names("models_common")
#: Migrations declare what tables once were.
_MIGRATION = re.compile(r"(?:^|/)migrat")
_IN_BRACKETS = re.compile(r"\[[^()]*\]")
#: An argument that names the model of a relation in Python.
_REFERRED = re.compile(r"(?:to\s*=\s*)?[\"']?(?:\w+\.)*(\w+)[\"']?$")


@dataclass(frozen=True)
class Orm:
    """A row of ``orms.yaml``: patterns over what a class, a field or a call declares."""

    languages: tuple[str, ...]
    model: re.Pattern[str]  #: decorators and bases of a class that is a model
    with_field: re.Pattern[str]  #: a field that makes its class a model
    base: re.Pattern[str]  #: bases of a class that is a model, where the fields are calls
    declares: re.Pattern[str]  #: found in the paths of the calls of such a class, a line each
    named: re.Pattern[str]  #: a field elsewhere that names a model
    column: re.Pattern[str]
    served: re.Pattern[str]
    foreign: re.Pattern[str]
    to_one: re.Pattern[str]
    to_many: re.Pattern[str]
    calls_one: re.Pattern[str]  #: ``path name arguments`` of a call that declares a relation
    calls_many: re.Pattern[str]
    given: re.Pattern[str]  #: the first argument of such a call, where it names the relation
    back: re.Pattern[str]  #: an argument that names the relation of the other model
    indexes: re.Pattern[str]  #: first columns of indexes of the class, or of an index call

    def head(self, found: Class) -> str:
        return f"{' '.join(found.decorators)} {found.bases}"

    def is_model(self, found: Class) -> bool:
        """Whether a class is a model by itself."""
        text = self.head(found)
        return bool(self.model.search(text)) or any(
            self.with_field.search(one.text) for one in found.fields
        )


@cache
def orms() -> Mapping[str, tuple[Orm, ...]]:
    """Return the rows of the table by language."""
    rows = table("orms")
    found: dict[str, tuple[Orm, ...]] = {}
    for row in rows:
        languages = tuple(row.pop("languages"))
        row.setdefault("declares", "")
        names = [one.name for one in fields(Orm) if one.name != "languages"]
        orm = Orm(languages, **{name: re.compile(row.get(name, NEVER)) for name in names})
        for language in languages:
            found[language] = (*found.get(language, ()), orm)
    return found


@dataclass
class Models:
    """The classes that are rows of a table, and their relations by name."""

    classes: dict[str, Class] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  #: class → path
    to_one: dict[str, set[str]] = field(default_factory=dict)  #: relation → owners
    to_many: dict[str, set[str]] = field(default_factory=dict)
    orms: dict[str, Orm] = field(default_factory=dict)  #: class → row of the table
    named: dict[str, str] = field(default_factory=dict)  #: attribute that names a class → class
    #: Relations whose names say nothing where the model is unknown: name → owners.
    common: dict[str, set[str]] = field(default_factory=dict)
    #: Names of queries that models declare: scopes, methods of query sets and managers.
    scopes: set[str] = field(default_factory=set)
    rows: dict[str, set[str]] = field(default_factory=dict)  #: relation to many → its rows' classes
    #: Methods of query sets that load relations of their rows: name → relations.
    loads: dict[str, set[str]] = field(default_factory=dict)

    def is_relation(self, name: str) -> bool:
        """Whether some model has a relation of that name."""
        return name in self.to_one or name in self.to_many


def models(files: Iterable[File]) -> Models:
    """Return the models that classes declare."""
    known = Models()
    classes = [(found, file) for file in files for found in file.classes]
    for found, file in classes:
        orm = next((one for one in orms().get(file.language, ()) if one.is_model(found)), None)
        if orm is not None:
            _keep(known, found, file, orm)
    by_name = {name: orm for _, name, orm in _named(classes)}
    known.named = {attribute: name for attribute, name, _ in _named(classes)}
    for found, file in classes:
        orm = by_name.get(found.name)
        if orm is not None and file.language in orm.languages:
            _keep(known, found, file, orm)
    for _ in range(4):  # models that inherit from models
        before = len(known.classes)
        for found, file in classes:
            if found.name not in known.classes and _is_model(known, found, file):
                _keep(known, found, file, None)
        if len(known.classes) == before:
            break
    for found, file in classes:
        for call in found.calls:
            _relation(known, found.name, call, file.language)
            if call.name == "scope" and file.language == "ruby" and call.arguments:
                known.scopes.add(call.arguments[0].lstrip(":"))
        for function in file.functions:
            if function.owner == found.name:
                _method(known, found, function, file.language)
    return known


def _method(known: Models, owner: Class, function: Function, language: str) -> None:
    """Keep what a method declares: a query of its model, or a relation of Eloquent."""
    if language == "python" and _QUERYSETS.search(owner.bases):
        known.scopes.add(function.name)
        for call in function.calls:
            if call.name in ("select_related", "prefetch_related", "Prefetch"):
                loads = known.loads.setdefault(function.name, set())
                loads.update(re.findall(r"[\"']([\w.]+)", " ".join(call.arguments)))
    elif language == "php" and owner.name in known.classes:
        if scope := _SCOPE_METHOD.fullmatch(function.name):
            known.scopes.add(scope[1].lower() + scope[2])
        for call in function.calls:
            _relation(known, owner.name, call, language, function.name)


def _keep(known: Models, found: Class, file: File, orm: Orm | None) -> None:
    if found.name in known.classes or _MIGRATION.search(file.path):
        return
    known.classes[found.name] = found
    known.files[found.name] = file.path
    if orm is not None:
        known.orms[found.name] = orm
        for one in found.fields:
            if orm.to_many.search(one.text):
                _add(known, one.name, found.name, many=True)
            elif orm.to_one.search(one.text):
                _add(known, one.name, found.name, many=False)


def _named(classes: Iterable[tuple[Class, File]]) -> Iterator[tuple[str, str, Orm]]:
    """Attributes with the models that they name, as ``DbSet<Order> Orders`` does."""
    for found, file in classes:
        for orm in orms().get(file.language, ()):
            for one in found.fields:
                if named := orm.named.search(one.text):
                    yield one.name, named[1], orm


def _is_model(known: Models, found: Class, file: File) -> bool:
    """Whether a class inherits from a model, or from what an ORM makes models of."""
    if file.language not in _INHERITED:
        return False
    calls = "\n".join(call.path for call in found.calls)
    # What stands in brackets is a parameter: ``Repository[User]`` is no user.
    bases = set(re.findall(r"[\w:]+", _IN_BRACKETS.sub("", found.bases)))
    others = (c for c in file.classes if known.files.get(c.name) != file.path)
    bases -= {
        c.name for c in others if not any(o.base.search(c.bases) for o in orms()[file.language])
    }
    return not known.classes.keys().isdisjoint(bases) or any(
        orm.base.search(found.bases) and orm.declares.search(calls) for orm in orms()[file.language]
    )


def _other(call: Call, owner: str) -> str:
    """The class that a relation of Django or SQLAlchemy refers to."""
    found = (_REFERRED.match(text) for text in call.arguments)
    name = next((one[1] for one in found if one), "")
    return owner if name == "self" else "User" if name == "AUTH_USER_MODEL" else name


def _relation(known: Models, owner: str, call: Call, language: str, method: str = "") -> None:
    """Keep the relation that a call in a class declares, if it declares one."""
    for orm in orms().get(language, ()):
        given = orm.given.match(call.arguments[0]) if call.arguments else None
        name = method or (given[1] if given else call.target)
        text = f"{call.path} {name} {' '.join(call.arguments)}"
        many = bool(orm.calls_many.search(text))
        if name and (many or orm.calls_one.search(text)):
            other = _other(call, owner)
            _add(known, name, owner, many=many, rows=other)
            if language == "python":  # Django's name for the way back
                _add(known, f"{owner.lower()}_set", other, many=True, rows=owner)
            for back in filter(None, map(orm.back.match, call.arguments)):
                _add(known, back[1], other, many=True, rows=owner)


def _add(known: Models, name: str, owner: str, *, many: bool, rows: str = "") -> None:
    relations = known.to_many if many else known.to_one
    relations = known.common if name in _COMMON else relations
    relations.setdefault(name, set()).add(owner)
    if many and rows:
        known.rows.setdefault(name, set()).add(rows)
