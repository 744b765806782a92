"""One code base: its functions by name, and which of them a call means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .facts import Call, Class, File, Function
from .sinks import Sink, table
from .source.grammar import grammars
from .source.models import Models, models
from .source.paths import last, root
from .words import names

#: A name that more functions than this share says nothing without a type.
MAX_CANDIDATES = 4
MIN_NAME = 5
_FAMILIES = {"typescript": "javascript", "tsx": "javascript", "kotlin": "java"}
_MIGRATION = re.compile(r"(^|/)migrat|(^|/)changelog|(^|/)V\d[^/]*__")
_WORD = re.compile(r"[A-Za-z_]\w*")
_LOADS = re.compile(r"(includes|preload|eager_load|with_associated|load_async|prefetch)\(\)")


@dataclass(frozen=True)
class Place:
    """A function with its file."""

    number: int
    file: File
    function: Function
    entry: str

    def __str__(self) -> str:
        return f"{self.function.qualified} ({self.file.path}:{self.function.line})"


@dataclass(frozen=True)
class Targets:
    """The functions that a call may mean; ``sure`` when any of them may be the one that runs."""

    numbers: tuple[int, ...] = ()
    sure: bool = False


class Project:
    """The facts of all files with their indices."""

    def __init__(self, files: Iterable[File]) -> None:
        self.files = list(files)
        self.models: Models = models(self.files)
        self.places: list[Place] = []
        self.classes: dict[str, list[tuple[Class, File]]] = defaultdict(list)
        self._methods: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._named: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._local: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._modules: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._heirs: dict[str, list[str]] = defaultdict(list)
        self.imports: dict[str, str] = {}
        self._words = {f.path: frozenset(_WORD.findall(f.imports)) for f in self.files}
        #: Attributes that are functions, by name: reading one calls it.
        self.properties: dict[str, tuple[int, ...]] = {}
        self.by_path: dict[str, list[Place]] = defaultdict(list)
        self._index()

    def _index(self) -> None:
        imports: dict[str, set[str]] = defaultdict(set)
        properties: dict[str, list[int]] = defaultdict(list)
        for file in self.files:
            family = _family(file)
            imports[family].add(file.imports)
            stem = file.path.rpartition("/")[2].partition(".")[0]
            folder = file.path.rpartition("/")[0].rpartition("/")[2]
            for found in file.classes:
                self.classes[found.name].append((found, file))
                for base in _WORD.findall(found.bases):
                    self._heirs[base].append(found.name)
            for function in file.functions:
                place = Place(len(self.places), file, function, self._entry(file, function))
                self.places.append(place)
                self.by_path[file.path].append(place)
                if any("property" in text for text in function.decorators):
                    properties[function.name].append(place.number)
                if not function.name:
                    continue
                number = place.number
                self._named[family, function.name].append(number)
                self._local[file.path, function.name].append(number)
                if function.owner:
                    self._methods[function.owner, function.name].append(number)
                else:
                    self._modules[stem, function.name].append(number)
                    self._modules[folder, function.name].append(number)
        self.properties = {
            name: tuple(numbers)
            for name, numbers in properties.items()
            if len(numbers) <= MAX_CANDIDATES and len(name) >= MIN_NAME
        }
        self.imports = {family: "\n".join(sorted(texts)) for family, texts in imports.items()}

    def each_class(self) -> Iterator[tuple[Class, File]]:
        """Yield every class with its file."""
        for file in self.files:
            for found in file.classes:
                yield found, file

    def file(self, path: str) -> File:
        """Return the file at a path."""
        return self.by_path[path][0].file

    def _entry(self, file: File, function: Function) -> str:
        owner = next((c for c in file.classes if c.name == function.owner), None)
        bases = owner.bases if owner else ""
        decorators = " ".join(function.decorators + (owner.decorators if owner else ()))
        if file.language not in grammars():
            return "migration" if _MIGRATION.search(file.path) else ""
        for entry in grammars()[file.language].entries:
            if entry.holds(
                decorator=decorators,
                base=bases,
                name=function.name,
                file=file.path,
                owner=function.owner,
                parameters=function.parameters,
            ):
                return entry.kind
        return ""

    def subject(self, call: Call, place: Place) -> str:
        """Return the receiver with what is known of it, as sink tables expect it."""
        receiver = call.receiver
        if not receiver:
            return ""
        first = root(receiver)
        known = self.origin(first if first not in self.selves(place) else receiver, place)
        if known.endswith("[]"):  # the element of a loop: what is iterated over
            known = self.origin(root(known), place) or known
        text = f"{receiver} ~{known}" if known else receiver
        name = first.lstrip("@$")
        if name in self.models.classes or (
            known and root(known) in self.models.classes and place.file.language == "ruby"
        ):
            text += " #model"
        if self.models.is_relation(last(receiver)) and "." in receiver:
            text += " #relation"
        return text

    def selves(self, place: Place) -> frozenset[str]:
        """Return the names of the object itself in the language."""
        return grammars()[place.file.language].selves

    def origin(self, name: str, place: Place) -> str:
        """Return type or value of a variable or of an attribute of the object, or ""."""
        function = place.function
        plain = name.lstrip("@$")
        if "." in plain:
            plain = (
                plain.split(".")[1]
                if plain.split(".")[0].lstrip("$") in ("self", "this")
                else plain
            )
            plain = plain.rstrip("()")
        for holder in self._holders(place):
            found = (
                holder.types.get(plain) or holder.assigned.get(plain) or holder.assigned.get(name)
            )
            if found and found != name:
                return found
        return function.assigned.get(name, "")

    def _holders(self, place: Place) -> list[Function | Class]:
        holders: list[Function | Class] = [place.function]
        owner = place.function.owner
        if owner:
            holders += [found for found, file in self.classes.get(owner, ())[:3]]
        if place.file.functions:
            holders.append(place.file.functions[0])
        return holders

    def sinks(self, call: Call, place: Place) -> tuple[Sink, ...]:
        """Return what the call does by itself."""
        known = table(place.file.language)
        if not known.knows(call.name):
            return ()
        imports = self.imports.get(_family(place.file), "")
        return known.find(call, self.subject(call, place), imports)

    def resolve(self, call: Call, place: Place) -> Targets:
        """Return the functions that a call may mean; nothing where it cannot be told."""
        receiver, name = call.receiver, call.name
        family = _family(place.file)
        if call.constructs:
            return Targets(self._constructor(name), True)
        if not receiver:
            return self._plain(name, place, family)
        if receiver in self.selves(place):
            found = self._method(place.function.owner, name)
            return Targets(found, True) if found else self._by_name(name, family)
        kind = self._kind(receiver, place)
        if kind:
            found = self._method(kind, name) or self._implemented(kind, name)
            if found:
                return Targets(found, True)
            if kind in self.classes:
                return Targets()
        elif self._foreign(receiver, place):
            return Targets()
        module = self._modules.get((last(receiver), name), [])
        module = [n for n in module if _family(self.places[n].file) == family]
        if module and "()" not in receiver:
            return Targets(tuple(module[:MAX_CANDIDATES]), len(module) == 1)
        return self._by_name(name, family)

    def called(self, path: str, place: Place) -> tuple[int, ...]:
        """Return the functions that the end of a path may mean, without a known receiver."""
        name = last(path)
        if not re.fullmatch(r"[A-Za-z_]\w{3,60}", name):
            return ()
        local = self._local.get((place.file.path, name), ())
        if local:
            return tuple(local[:2])
        return self._method(place.function.owner, name) if root(path) in self.selves(place) else ()

    def passed(self, call: Call, place: Place) -> tuple[int, ...]:
        """Return the functions that are given to a call by their name."""
        numbers: list[int] = []
        for text in call.arguments:
            if not re.fullmatch(r"(?:self\.|this\.|cls\.)?[A-Za-z_]\w{3,60}", text):
                continue
            name = text.rpartition(".")[2]
            local = self._local.get((place.file.path, name), ())
            numbers += local[:2]
        return tuple(numbers)

    def _kind(self, receiver: str, place: Place) -> str:
        """The class of a receiver, as far as a declaration or an assignment tells it."""
        name = last(receiver)
        plain = receiver.rstrip("()")
        if plain == name and name in self.classes and name[:1].isupper():
            return name
        origin = self.origin(receiver, place) if receiver.count(".") <= 1 else ""
        for _ in range(2):
            kind = last(origin)
            if kind in self.classes:
                return kind
            if kind == "new" or origin.endswith(".new()"):
                return last(origin.rpartition(".")[0])
            if not origin or origin == receiver:
                break
            origin = self.origin(root(origin), place) if "." not in origin else ""
        # repo → Repo, fooService → FooService
        guess = name[:1].upper() + name[1:]
        if guess in self.classes and len(guess) > 4:
            return guess
        if receiver.count(".") == 1 and root(receiver) in self.selves(place):
            declared = self.origin(receiver, place)
            return last(declared) if last(declared) in self.classes else ""
        return ""

    def _foreign(self, receiver: str, place: Place) -> bool:
        """Whether a receiver is declared with a type that the project does not define."""
        declared = self._declared(receiver.rpartition(".")[2].lstrip("@$"), place)
        return bool(declared) and last(declared) not in self.classes

    def _declared(self, name: str, place: Place) -> str:
        return next((h.types[name] for h in self._holders(place) if name in h.types), "")

    def is_field(self, name: str, place: Place) -> bool:
        """Whether a plain name is an attribute of the object, as in Java and Go."""
        owned = self._holders(place)[1:-1]
        return name not in place.function.types and any(name in h.types for h in owned)

    def _constructor(self, name: str) -> tuple[int, ...]:
        for method in ("__init__", "constructor", "__construct", "initialize", name):
            found = self._methods.get((name, method))
            if found:
                return tuple(found[:2])
        return ()

    def _plain(self, name: str, place: Place, family: str) -> Targets:
        local = self._local.get((place.file.path, name), [])
        owned = [n for n in local if self.places[n].function.owner in ("", place.function.owner)]
        if owned or local:
            return Targets(tuple((owned or local)[:MAX_CANDIDATES]), True)
        if place.function.owner:
            found = self._method(place.function.owner, name)
            if found:
                return Targets(found, True)
        if name[:1].isupper() and name in self.classes:
            return Targets(self._constructor(name), True)
        return self._imported(name, place, family) or self._by_name(name, family, free=True)

    def _imported(self, name: str, place: Place, family: str) -> Targets | None:
        """Functions of a module that the file imports the name from."""
        words = self._words[place.file.path]
        if name not in words:
            return None
        found = [
            number
            for number in self._named.get((family, name), ())
            if not self.places[number].function.owner
            and self.places[number].file.path.rpartition("/")[2].partition(".")[0] in words
        ]
        return Targets(tuple(found[:MAX_CANDIDATES]), True) if found else None

    def _method(self, owner: str, name: str, depth: int = 0) -> tuple[int, ...]:
        found = self._methods.get((owner, name))
        if found:
            return tuple(found[:MAX_CANDIDATES])
        if depth >= 5:
            return ()
        for declared, _ in self.classes.get(owner, ())[:2]:
            for base in _WORD.findall(declared.bases)[:6]:
                if base != owner:
                    inherited = self._method(base, name, depth + 1)
                    if inherited:
                        return inherited
        return ()

    def _implemented(self, kind: str, name: str) -> tuple[int, ...]:
        numbers: list[int] = []
        for heir in self._heirs.get(kind, ())[:6]:
            numbers += self._methods.get((heir, name), ())[:1]
        return tuple(numbers[:MAX_CANDIDATES])

    def _by_name(self, name: str, family: str, free: bool = False) -> Targets:
        if len(name) < MIN_NAME or (not free and name in _EVERYWHERE):
            return Targets()
        found = self._named.get((family, name), [])
        found = [
            n for n in found if self.places[n].function.end_line > self.places[n].function.line
        ] or found
        if 0 < len(found) <= MAX_CANDIDATES:
            return Targets(tuple(found), len(found) == 1)
        return Targets()


def _family(file: File) -> str:
    return _FAMILIES.get(file.language, file.language)


#: Names of methods of standard libraries; one function of the project with the name proves little.
_EVERYWHERE = names("everywhere")
