"""Models and relations that ORMs declare in code, and how a query loads them ahead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..facts import Call, Class, File
from ..words import names, pattern

_MODEL_BASE = pattern("model_base")
_DJANGO = ("ForeignKey", "OneToOneField", "ManyToManyField", "ParentalKey", "GenericForeignKey")
_DJANGO_REVERSE = ("GenericRelation", "TaggableManager", "ParentalManyToManyField")
_RAILS = ("has_many", "has_one", "belongs_to", "has_and_belongs_to_many")
_ALCHEMY = ("relationship", "relation", "orm.relationship", "orm.relation")
_RELATED = re.compile(r"^related_name\s*=\s*[\"'](\w+)")
_BACKREF = re.compile(r"^(?:backref|back_populates)\s*=\s*(?:orm\.backref\()?[\"'](\w+)")
_NAMED = re.compile(r"^[:\"']?([\w]+)")
#: Names that are fields of so many things that a read of them says nothing.
_COMMON = names("models_common")


@dataclass
class Models:
    """The classes that are rows of a table, and their relations by name."""

    classes: dict[str, Class] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  #: class → path
    to_one: dict[str, set[str]] = field(default_factory=dict)  #: relation → owners
    to_many: dict[str, set[str]] = field(default_factory=dict)

    def is_relation(self, name: str) -> bool:
        """Whether some model has a relation of that name."""
        return name in self.to_one or name in self.to_many


def models(files: Iterable[File]) -> Models:
    """Return the models that classes declare."""
    known = Models()
    classes = [(found, file) for file in files for found in file.classes]
    names: set[str] = set()
    for _ in range(4):  # models that inherit from models
        before = len(names)
        for found, file in classes:
            if found.name not in names and _is_model(found, file, names):
                names.add(found.name)
                known.classes[found.name] = found
                known.files[found.name] = file.path
        if len(names) == before:
            break
    for found, file in classes:
        for call in found.calls:
            _relation(known, found, call, file.language)
    return known


def _is_model(found: Class, file: File, names: set[str]) -> bool:
    if file.language == "ruby":
        bases = found.bases.lstrip("< ")
        return bases in ("ApplicationRecord", "ActiveRecord::Base") or bases in names
    if file.language == "php":
        named = re.search(r"Model|Authenticatable|Pivot|Eloquent", found.bases)
        entity = any("Entity" in text for text in found.decorators)
        return bool(named) or entity or found.bases.rpartition(" ")[2] in names
    if file.language == "python":
        has_field = any(
            call.receiver.endswith("models") or call.name in ("Column", "mapped_column")
            for call in found.calls
        )
        inherits = any(name in names for name in re.findall(r"\w+", found.bases))
        return inherits or (has_field and bool(_MODEL_BASE.search(found.bases)))
    return any("@Entity" in text for text in found.decorators)


def _relation(known: Models, owner: Class, call: Call, language: str) -> None:
    if language == "ruby" and call.name in _RAILS and call.arguments:
        name = _NAMED.match(call.arguments[0])
        many = call.name in ("has_many", "has_and_belongs_to_many")
        if name:
            _add(known.to_many if many else known.to_one, name[1], owner)
    elif language == "python":
        if call.name in _DJANGO and call.target:
            many = call.name == "ManyToManyField"
            _add(known.to_many if many else known.to_one, call.target, owner)
            for text in call.arguments:
                related = _RELATED.match(text)
                if related and not related[1].endswith("+"):
                    _add(known.to_many, related[1], owner)
            _add(known.to_many, f"{owner.name.lower()}_set", owner)
        elif call.name in _DJANGO_REVERSE and call.target:
            _add(known.to_many, call.target, owner)
        elif call.path in _ALCHEMY and call.target:
            _add(known.to_many if call.target.endswith("s") else known.to_one, call.target, owner)
            for text in call.arguments:
                back = _BACKREF.match(text)
                if back:
                    _add(known.to_many, back[1], owner)


def _add(relations: dict[str, set[str]], name: str, owner: Class) -> None:
    if name not in _COMMON:
        relations.setdefault(name, set()).add(owner.name)
