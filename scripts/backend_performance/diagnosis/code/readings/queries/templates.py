"""Templates against the query of the view or controller that shows them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, takewhile
from os.path import commonprefix
from typing import Any

from ...base import Code
from ...effects import Known
from ...facts import Class, File, Loop
from ...project import Place
from ...resolution import method
from ...source.paths import FIRST, root
from ...source.paths import path as path_of
from ...source.templates import LANGUAGE, ending
from ...words import names, pattern
from .serializers import missing, of_classes, row
from .sources import is_rows, source_of_path

_RAILS = re.compile(r"app/views/(.*)/(_?)(\w+)[^/]*$")
#: Namespaces of controllers that have templates of their own.
_SPACES = frozenset(("api", "admin"))
_ACTIONS = frozenset(("index", "show", "new", "edit", "create", "update", "destroy"))
_SHOWS, _GIVES = pattern("shows_template"), pattern("gives_to_template")
_EAGER = pattern("eager")
_OWNER = re.compile(r"(Controller|ViewComponent)$")
_CLASS = re.compile(r"\b[A-Z]\w*")
_OF_VIEW = names("rows_of_view")
_PASSES = pattern("passes_rows_on")
_QUOTED = re.compile(r"[\"']([\w./:@-]{1,120})[\"']")
_PAIR = re.compile(
    r"[\"']?(\w+)[\"']?\s*(?:,\s*|(?:=>|[:=](?!=))\s*[\"']?)([$@A-Za-z_][\w.:>()-]*)"
)
_MODEL = "Model"  #: what Razor calls all that a template is given
#: Templates inside templates, and what is read of them all.
_HOPS, _DEPTH, _MOST_READS = 3, 3, 5000
Views = Mapping[str, Sequence[Place]]
#: What a template shows, by its number: variable → relation → file and line.
Shown = Callable[[int], dict[str, dict[str, str]]]


def rendered(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each query whose rows a template shows with relations that nothing loads."""
    views = _views(code.project.places)
    if not views:
        return
    shown = cache(lambda number: _shown(code, code.project.places[number], views))
    yield from of_classes(code, lambda one, file: [_of_class(code, one, file, views, shown)])
    seen: set[tuple[str, int]] = set()
    for place in code.project.places:
        for view in _shown_by(code, place, views):
            for name, relations in shown(view.number).items():
                known = _made(code, place, name)
                if known is None or (place.file.path, known.call.line) in seen:
                    continue
                absent = _absent(code, place, known, relations)
                if absent:
                    seen.add((place.file.path, known.call.line))
                    yield row(code, place, known.call.line, relations[absent[0]], absent)


def _of_class(code: Code, one: Class, file: File, views: Views, shown: Shown) -> dict[str, str]:
    """The relations that the templates of a class-based view show of its rows, and where."""
    texts = {name: _QUOTED.findall(text.text) for name, text in one.texts.items()}
    called = [path for name, paths in texts.items() if "template" in name for path in paths]
    if not called and "ListView" not in one.bases:
        return {}
    asked = [one.assigned.get("model", ""), one.assigned.get("queryset", "")]
    for number in method(code.project, one.name, "get_queryset"):
        asked += code.project.places[number].function.returns
    usual = [f"{model[0].lower()}_list" for text in asked if (model := _CLASS.search(text))]
    rows = {*_OF_VIEW, *usual, *texts.get("context_object_name", ())}
    return {
        relation: at
        for name in called or usual
        for view in _named(name, file.path, views)
        for given, relations in shown(view.number).items()
        if given in rows
        for relation, at in relations.items()
    }


def _views(places: Iterable[Place]) -> Views:
    """The templates by the last part of their names, those of Rails also by their folders."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.file.language == LANGUAGE:
            found[_plain(place.file.path).rpartition("/")[2]].append(place)
        elif place.file.language == "ruby" and (rails := _RAILS.search(place.file.path)):
            found[f"{rails[1]}/"].append(place)
            found[rails[2] + rails[3]].append(place)
    return found


def _plain(name: str) -> str:
    """The name of a template without endings, with slashes alone: ``a/b`` of ``a.b``."""
    while known := ending(name):
        name = name[: -len(known) - 1]
    return name.replace("::", "/").replace(".", "/").lower()


def _named(name: str, user: str, views: Views) -> list[Place]:
    """The templates of a name, those that lie closest to the file that names them."""
    plain = _plain(name).strip("/")
    found = [
        view
        for view in views.get(plain.rpartition("/")[2], ())
        if f"/{_plain(view.file.path)}".endswith(f"/{plain}")
    ]
    near = {view.number: len(commonprefix([user, view.file.path])) for view in found}
    return [view for view in found if near[view.number] == max(near.values())][:2]


def _shown_by(code: Code, place: Place, views: Views) -> Iterator[Place]:
    """The templates that a function shows."""
    path, function = place.file.path, place.function
    if path.endswith("_controller.rb"):
        folder = path.split("app/controllers/")[-1].removesuffix("_controller.rb")
        others = function.name not in _ACTIONS  # it may serve any action
        for view in views.get(f"{folder}/", ()):
            rails = _RAILS.search(view.file.path)
            if rails and not rails[2] and (others or function.name == rails[3]):
                yield view
        for target in dict.fromkeys(c.target for c in function.calls if c.target.endswith("s")):
            for view in views.get(f"_{target.lstrip('@')[:-1]}", ()):
                if _is_partial_of(view.file.path, target, folder):
                    yield view
    elif place.file.language != LANGUAGE:
        texts = [text for c in function.calls if _SHOWS.search(c.name) for text in c.arguments]
        texts += [text for text in function.returns if text.startswith('"')]
        for name in _QUOTED.findall(" ".join(function.decorators)):
            texts += [f"'{name}'"] if ending(name) else []
        for owner in (function.owner, *code.project.heirs.get(function.owner, ())):
            for known, _ in code.project.classes.get(owner, ())[:1]:
                texts += [t.text for name, t in known.texts.items() if "template" in name]
        if place.file.language == "csharp":
            texts.append(f"'{_OWNER.sub('', function.owner)}/{function.name}'")
        for name in dict.fromkeys(_QUOTED.findall(" ".join(texts))):
            yield from _named(name, path, views)


def _is_partial_of(view: str, target: str, folder: str) -> bool:
    """Whether a partial of Rails is that of all such rows: ``api/ways/_way`` of ``@ways``."""
    rails = _RAILS.search(view)
    own, other = rails[1].split("/") if rails else [""], folder.split("/")
    spaced = not _SPACES.isdisjoint((own[0], other[0]))
    return own[-1] == target.lstrip("@") and (not spaced or own[0] == other[0])


def _shown(code: Code, view: Place, views: Views) -> dict[str, dict[str, str]]:
    """What a template shows of rows: variable → relation → file and line."""
    found: dict[str, dict[str, str]] = {}
    around: tuple[Loop, ...] = ()
    rails = _RAILS.search(view.file.path)
    if rails and rails[2]:
        around = (Loop("each", 1, 1, f"@{rails[3]}s", rails[3], ""),)
    for path, at, loops in islice(_read(view, views, around), _MOST_READS):
        name, relations = _relations(code, path, loops)
        if relations and (name.startswith("@") or not rails):
            for relation in relations:
                found.setdefault(name, {}).setdefault(relation, at)
    return found


def _read(
    view: Place, views: Views, around: tuple[Loop, ...], depth: int = 0
) -> Iterator[tuple[str, str, tuple[Loop, ...]]]:
    """The paths that a template and those it includes read, where, and the loops around them."""
    reads = [(read.path, read.line, read.loops) for read in view.function.reads]
    reads += [(call.path, call.line, call.loops) for call in view.function.calls]
    for path, line, inside in reads:
        loops = (*around, *(view.file.loops[index] for index in inside))
        if not path.startswith("'"):
            yield path, f"{view.file.path}:{line}", loops
        elif depth < _DEPTH:
            name, _, given = path[1:].partition("'")
            loops += tuple(Loop("given", 1, 1, o, n, "") for n, o in _PAIR.findall(given))
            for other in _named(name, view.file.path, views):
                yield from _read(other, views, loops, depth + 1)


def _relations(code: Code, path: str, loops: Sequence[Loop]) -> tuple[str, list[str]]:
    """What a path begins with outside of all loops, and the relations that it follows in them."""
    first, *rest = path.replace("()", "").split(".")
    parts = [rest]
    for loop in reversed(loops):
        if first.lstrip("$") in loop.names:
            if _EAGER.search(loop.over):
                return first, []
            first, *over = loop.over.replace("()", "").split(".")
            if loop.kind == "each":
                parts.append(over)
            else:
                parts[-1] = [*over, *parts[-1]]
    if first == _MODEL and parts[-1]:
        first = parts[-1][0]
    models = code.project.models
    return first, [name for part in parts[:-1] for name in takewhile(models.is_relation, part)]


def _made(code: Code, place: Place, name: str) -> Known | None:
    """The query whose rows a template gets from a function under a name."""
    calls = code.effects.calls[place.number]
    given = [", ".join((_MODEL, *k.call.arguments)) for k in calls if _GIVES.search(k.call.name)]
    given += place.function.returns
    pairs = (pair for text in given for pair in _PAIR.findall(text))
    wanted = [name, *(path_of(value).rstrip("()").lstrip("$") for n, value in pairs if n == name)]
    for _ in range(_HOPS):
        found = [k for k in calls if {k.call.target, _word(k.call.target), k.call.path} & {*wanted}]
        for known in (k for k in found if _is_query(code, place, k)):
            value = place.function.assigned.get(known.call.target, "")
            return None if FIRST.search(value) else known
        more = [root(k.call.receiver) for k in found]
        passed = [k.call.arguments for k in found if _PASSES.search(k.call.name)]
        more += [root(text.rpartition("=")[2]) for texts in passed for text in texts]
        wanted = [one.lstrip("$") for one in more if one]
    return None


def _word(target: str) -> str:
    """The last name of what a value is assigned to: ``posts`` of ``context["posts"]``."""
    return target.rstrip("\"')]").rpartition(".")[2].rpartition("[")[2].strip("@$\"'")


def _is_query(code: Code, place: Place, known: Known) -> bool:
    source = _source(code, place, known)
    return code.effects.has(known, "query") or is_rows(code, source, place)


def _source(code: Code, place: Place, known: Known) -> str:
    """Where the rows come from that a call gives, or passes on from an argument."""
    call = known.call
    source = source_of_path(code, f"{call.path}()", place, call.end_line)
    passed = call.arguments if _PASSES.search(call.name) else ()
    return " ~".join((source, *(path_of(text) for text in passed if "(" in text)))


def _absent(code: Code, place: Place, known: Known, relations: Iterable[str]) -> list[str]:
    """The relations that neither the function nor what gives it the rows loads."""
    name = _word(known.call.target) or root(known.call.receiver)
    absent = missing(code, place, name, relations, _source(code, place, known))
    for number in known.targets.numbers[:2]:
        absent = missing(code, code.project.places[number], "", absent, "")
    return absent
