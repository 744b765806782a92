"""One code base: its functions, classes and models by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .facts import Class, File, Function
from .source.grammar import Entry, grammars
from .source.models import Models, models

#: A name that more functions than this share says nothing without a type.
MAX_CANDIDATES = 4
MIN_NAME = 5
WORD = re.compile(r"[A-Za-z_]\w*")
_FAMILIES = {"typescript": "javascript", "tsx": "javascript", "kotlin": "java"}
#: Declarations of Rails that name methods.
_CALLBACK = re.compile(r"(before|after|around)_(save|create|update|destroy|validation)")
_MIGRATION = re.compile(r"(^|/)migrat|(^|/)(changelog|liquibase)|(^|/)V\d[^/]*__")


@dataclass(frozen=True)
class Place:
    """A function with its file."""

    number: int
    file: File
    function: Function
    entry: str
    #: What its class declares it to be called after: ``after_save``.
    callbacks: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The languages that call each other share a family."""
        return _family(self.file)

    @property
    def stem(self) -> str:
        """The name of the file without its extensions."""
        return _stem(self.file)


class Project:
    """The facts of all files with their indices; functions are numbers of places."""

    def __init__(self, files: Iterable[File]) -> None:
        self.files = list(files)
        self.models: Models = models(self.files)
        self.places: list[Place] = []
        self.by_path: dict[str, list[Place]] = defaultdict(list)
        self.classes: dict[str, list[tuple[Class, File]]] = defaultdict(list)
        #: Classes by the name of a class that they inherit from.
        self.heirs: dict[str, list[str]] = defaultdict(list)
        #: Functions by (class, name), (family, name), (path, name) and (module, name).
        self.methods: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.named: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.local: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.modules: dict[tuple[str, str], list[int]] = defaultdict(list)
        #: The names of all functions.
        self.functions: set[str] = set()
        #: Classes that have methods in the project; an interface of Go has none.
        self.owners: set[str] = set()
        #: What all functions of a name give back, by (family, name); "" where they differ.
        self.results: dict[tuple[str, str], str] = {}
        #: What the top level of a file makes, by (family, name); "" where they differ.
        self.made: dict[tuple[str, str], str] = {}
        #: Attributes that are functions, by name: reading one calls it.
        self.properties: dict[str, list[int]] = defaultdict(list)
        #: All imports of a family, and the words in those of a file.
        self.imports: dict[str, str] = {}
        self.imported = {f.path: frozenset(WORD.findall(f.imports)) for f in self.files}
        for file in self.files:
            self._index(file)
        #: Where a name may be declared, by the number of the function that has it.
        self.holders = [self._holders(place) for place in self.places]
        for family in {_family(file) for file in self.files}:
            texts = {file.imports for file in self.files if _family(file) == family}
            self.imports[family] = "\n".join(sorted(texts))

    def _index(self, file: File) -> None:
        for found in file.classes:
            self.classes[found.name].append((found, file))
            for base in WORD.findall(found.bases):
                self.heirs[base].append(found.name)
        callbacks, entries = _callbacks(file), _entries(file)
        for function in file.functions:
            called = tuple(callbacks.get((function.owner, function.name), ()))
            place = Place(len(self.places), file, function, _entry(file, function, entries), called)
            self.places.append(place)
            self.by_path[file.path].append(place)
            tells = not self.models.is_relation(function.name)  # else it may be either
            if tells and any("property" in text for text in function.decorators):
                self.properties[function.name].append(place.number)
            if function.name:
                self._name(place)
            else:
                self._keep_made(place)

    def _keep_made(self, place: Place) -> None:
        for name, value in place.function.assigned.items():
            if value.endswith("()") and name.isidentifier():
                known = self.made.setdefault((place.family, name), value)
                if known != value:
                    self.made[place.family, name] = ""

    def _holders(self, place: Place) -> list[Function | Class]:
        """The function, its class, and the top of the file."""
        owners = self.classes.get(place.function.owner, ()) if place.function.owner else ()
        return [place.function, *(known for known, _ in owners[:3]), place.file.functions[0]]

    def _name(self, place: Place) -> None:
        function, number = place.function, place.number
        self.functions.add(function.name)
        self.named[place.family, function.name].append(number)
        result = self.results.setdefault((place.family, function.name), function.result)
        if result != function.result:
            self.results[place.family, function.name] = ""
        self.local[place.file.path, function.name].append(number)
        if function.owner:
            self.methods[function.owner, function.name].append(number)
            self.owners.add(function.owner)
        else:
            folder = place.file.path.rpartition("/")[0].rpartition("/")[2]
            self.modules[place.stem, function.name].append(number)
            self.modules[folder, function.name].append(number)

    def each_class(self) -> Iterator[tuple[Class, File]]:
        """Yield every class with its file."""
        for file in self.files:
            for found in file.classes:
                yield found, file

    def file(self, path: str) -> File:
        """Return the file at a path."""
        return self.by_path[path][0].file


def _family(file: File) -> str:
    return _FAMILIES.get(file.language, file.language)


def _callbacks(file: File) -> dict[tuple[str, str], list[str]]:
    """What the classes of Ruby declare about their methods, by class and method."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    if file.language == "ruby":
        for one in file.classes:
            for call in one.calls:
                if _CALLBACK.match(call.name):
                    for text in call.arguments:
                        found[one.name, text.lstrip(":")].append(call.name)
    return found


def _stem(file: File) -> str:
    return file.path.rpartition("/")[2].partition(".")[0]


def _entries(file: File) -> list[Entry]:
    """What the functions of a file may be to the outside, by its path."""
    known = grammars().get(file.language)
    return [one for one in known.entries if one.file.search(file.path)] if known else []


def _entry(file: File, function: Function, entries: Iterable[Entry]) -> str:
    if file.language not in grammars():
        return "migration" if _MIGRATION.search(file.path) else ""
    owner = next((c for c in file.classes if c.name == function.owner), None)
    texts = {
        "decorator": " ".join(function.decorators + (owner.decorators if owner else ())),
        "base": owner.bases if owner else "",
        "name": function.name,
        "owner": function.owner,
        "parameters": function.parameters,
        "result": function.result,
    }
    return next((one.kind for one in entries if one.holds(texts)), "")
