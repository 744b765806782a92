"""What a name refers to: the type or the value that the code gives it."""

from __future__ import annotations

import re
from dataclasses import replace

from .facts import Call
from .project import WORD, Place, Project
from .sinks import Sink, table
from .source.grammar import grammars
from .source.paths import last, root
from .words import names, pattern

_MADE, _MADE_OF_FILE = pattern("made_by_framework"), pattern("made_by_import")
_OF_ROW = names("of_row")
_CONSTANT = re.compile(r"([A-Z]\w*\.)+[A-Z]\w*(?![\w(])")
#: The name in the tables for every query that the models declare.
SCOPE = "<scope>"
_JOB = re.compile(r"new (?:\\?\w+\\)*(\w+)")
#: A statement that changes rows, in a string.
_CHANGES = re.compile(r"(?i)^\w{0,2}[\"'`]{1,3}\s*(insert|update|delete|merge|replace)\s")


def selves(place: Place) -> frozenset[str]:
    """Return the names of the object itself in the language."""
    known = grammars().get(place.file.language)
    return known.selves if known else frozenset()


def origin(project: Project, name: str, place: Place, line: int = 0) -> str:
    """Return type or value of a variable or of an attribute of the object, or "".

    Of several values the last one before ``line`` counts, where one is given.
    """
    plain = name.lstrip("@$")
    if "." in plain:
        first, second = plain.split(".")[:2]
        plain = (second if first.lstrip("$") in ("self", "this") else plain).rstrip("()")
    before = [value for at, value in place.function.values.get(plain, ()) if at <= line]
    if before and before[-1] != name and plain not in place.function.types:
        return before[-1]
    for holder in project.holders[place.number]:
        found = holder.types.get(plain) or holder.assigned.get(plain) or holder.assigned.get(name)
        if found and found != name:
            return found
    imported = plain in project.imported[place.file.path]
    made = project.made.get((place.family, plain), "") if imported else ""
    return place.function.assigned.get(name, "") or made


def declared(project: Project, name: str, place: Place) -> str:
    """Return the type that a name is declared with, or ""."""
    found = (holder.types[name] for holder in project.holders[place.number] if name in holder.types)
    return next(found, "")


def given_by(project: Project, path: str, place: Place) -> str:
    """Return the declared type of what the call at the end of a path gives back, or ""."""
    return project.results.get((place.family, last(path)), "") if path.endswith("()") else ""


def is_field(project: Project, name: str, place: Place) -> bool:
    """Whether a plain name is an attribute of the object, as in Java and Go."""
    owned = project.holders[place.number][1:-1]
    return name not in place.function.types and any(name in holder.types for holder in owned)


def subject(project: Project, call: Call, place: Place) -> str:
    """Return the receiver with what is known of it, as sink tables expect it."""
    receiver = call.receiver
    if not receiver:
        return ""
    first = root(receiver)
    name = first if first not in selves(place) else receiver
    known = origin(project, name, place, call.line) or _built_by(project, first, place)
    typed = place.family in ("java", "csharp") and "(" in known  # the rows are no repository
    if known.endswith("[]") and not typed:  # the element of a loop: what is iterated over
        known = origin(project, root(known), place, call.line) or known
    text = f"{receiver} ~{known}" if known else receiver
    result = given_by(project, receiver if receiver.endswith("()") else known, place)
    if result:
        text += f" ~{result}"
    classes = project.models.classes
    first = _constant(first, receiver, place)
    is_class = bool(known) and root(known) in classes and place.file.language == "ruby"
    if first.lstrip("@$") in classes or is_class:
        text += " #model"
    elif first in project.classes and first[:1].isupper():
        text += " #class"
    if project.models.is_relation(last(receiver)) and "." in receiver:
        text += " #relation"
        text += " #many" if last(receiver) in project.models.to_many else ""
    return text + _made(project, last(result or known) or receiver)


def _built_by(project: Project, name: str, place: Place) -> str:
    """What a function of the same class builds, and gives back: ``Faraday.new``."""
    numbers = project.methods.get((place.function.owner, name.rstrip("()")), ())
    calls = [call for number in numbers[:1] for call in project.places[number].function.calls]
    return next((call.path for call in reversed(calls) if call.name == "new"), "")


def _made(project: Project, kind: str) -> str:
    """What a framework makes of a class: ``JpaRepository``, ``@FeignClient``, ``DbContext``."""
    for owner, file in project.classes.get(kind, ())[:1]:
        found = _MADE.search(f"{' '.join(owner.decorators)} {owner.bases}")
        if found is None and not owner.fields:  # no class with data beside the interface
            found = _MADE_OF_FILE.search(file.imports)
        return f" #{found[0]}" if found else ""
    return ""


def _constant(first: str, receiver: str, place: Place) -> str:
    """The last name of a constant of Ruby: ``User`` of ``Spree::User.order``."""
    found = _CONSTANT.match(receiver) if place.file.language == "ruby" else None
    return last(found[0]) if found else first


def sinks(project: Project, call: Call, place: Place) -> tuple[Sink, ...]:
    """Return the effects of the call itself."""
    known = table(place.file.language, project.imports[place.family])
    scoped = call.name in project.models.scopes
    # A row: ``new Client``, in Python and Kotlin ``Client()``.
    made = (call.constructs or not call.receiver) and (
        call.name in project.models.classes
        or (not call.constructs and any(c.name == call.name for c in place.file.classes))
    )
    if made or (not scoped and not known.lines(call.name)) or _is_of_row(project, call, place):
        return ()
    about = subject(project, call, place)
    found = known.find(call, about, place.file.imports)
    if scoped and not found:
        found = known.find(call._replace(name=SCOPE), about, place.file.imports)
    if any(one.does == "publish" for one in found) and _runs_at_once(project, call):
        return ()
    if found and call.arguments and _CHANGES.match(call.arguments[0]):
        return tuple(replace(s, does="write") if s.does == "query" else s for s in found)
    return found


def _is_of_row(project: Project, call: Call, place: Place) -> bool:
    """Whether a call of Java or Kotlin reads a row, or a list of rows, whatever its class is."""
    if place.family != "java" or not call.receiver or call.name in _OF_ROW:
        return False
    kind = origin(project, root(call.receiver), place, call.line)
    return last(kind) in project.models.classes and "(" not in kind


def _runs_at_once(project: Project, call: Call) -> bool:
    """Whether a job of Laravel is given away that is not queued: ``dispatch(new SendReport)``."""
    job = _JOB.match("".join(call.arguments[:1]))
    above = [job[1]] if job and job[1] in project.classes else []
    for name in above:  # grows
        for known, _ in project.classes.get(name, ()):
            above += [base for base in WORD.findall(known.bases) if base not in above]
    return bool(above) and "ShouldQueue" not in above


def class_of(project: Project, receiver: str, place: Place) -> str:
    """Return the class of a receiver, if a declaration or an assignment shows it."""
    name = last(receiver)
    plain = receiver.rstrip("()")
    if plain == name and name in project.classes and name[:1].isupper():
        return name
    value = origin(project, receiver, place) if receiver.count(".") <= 1 else ""
    if receiver.endswith("()"):
        value = given_by(project, receiver, place) or value
    for _ in range(2):
        kind = last(given_by(project, value, place) or value)
        if kind in project.classes:
            return kind
        if kind == "new" or value.endswith(".new()"):
            return last(value.rpartition(".")[0])
        if not value or value == receiver:
            break
        value = origin(project, root(value), place) if "." not in value else ""
    # repo → Repo, fooService → FooService
    guess = name[:1].upper() + name[1:]
    return guess if guess in project.classes and len(guess) > 4 else ""
