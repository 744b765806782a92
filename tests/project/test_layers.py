"""Data flows one way: the order of imports is the architecture's law."""

import ast
import functools
from pathlib import Path

LIBRARY = Path(__file__).parents[2] / "scripts" / "backend_performance"
#: A layer may import itself and what stands before it.
ORDER = (
    "files",
    "plain_yaml",
    "workers",
    "refusal",
    "program",
    "verdict",
    "skill_root",
    "schemas",
    "skill",
    "diagnosis",
    "walk",
    "commands",
)
#: The same within `skill`: its packages, and the modules beside them.
SKILL_ORDER = (
    "diagnostic",
    "markdown",
    "folder_scan",
    "git_ignore",
    "plugin",
    "credentials",
    "specification",
    "clients",
    "package",
    "sources",
    "links",
    "checklists",
    "inspection",
    "rules",
    "findings",
)
#: The same within `diagnosis`, below its systems, which do not know each other.
DIAGNOSIS_ORDER = ("trouble", "evidence", "probes", "engine", "guards", "web", "engines")
#: The two halves that must not know each other's insides.
STRANGERS = (("skill", "diagnosis"), ("diagnosis", "skill"))


def _layer(path: Path, root: Path = LIBRARY) -> str:
    return path.relative_to(root).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Return the layers of the library that a module imports, at any depth of its code."""
    return {name[0] for name in _imported(path)} & set(ORDER)


def _imported(path: Path) -> frozenset[tuple[str, ...]]:
    """Return what a module imports of the library, as parts of names below it."""
    return _read(path)[0]


@functools.cache
def _read(path: Path) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """Return what a module imports of the library, and the plain names of what it calls."""
    package = ["backend_performance", *path.relative_to(LIBRARY).parts[:-1]]
    found, called = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = [*base, *(node.module or "").split(".")]
            for name in node.names:
                full = [part for part in [*module, name.name] if part]
                if full[0] == "backend_performance" and len(full) > 1:
                    found.add(tuple(full[1:]))
        elif isinstance(node, ast.Import):
            for name in node.names:
                parts = name.name.split(".")
                if parts[0] == "backend_performance" and len(parts) > 1:
                    found.add(tuple(parts[1:]))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
    return frozenset(found), frozenset(called)


def _modules() -> list[Path]:
    return [path for path in sorted(LIBRARY.rglob("*.py")) if path.parent != LIBRARY]


def test_every_layer_is_in_the_order():
    layers = {_layer(path) for path in _modules()}
    assert layers <= set(ORDER)
    assert len(layers) >= 5, "the library was not found"


def test_modules_import_only_what_stands_before_them():
    wrong = [
        f"{path.relative_to(LIBRARY)} imports {layer}"
        for path in _modules()
        for layer in _imports(path)
        if ORDER.index(layer) > ORDER.index(_layer(path))
    ]
    assert wrong == []


def test_what_reads_skills_is_layered_too():
    root = LIBRARY / "skill"
    modules = [path for path in sorted(root.rglob("*.py")) if path.name != "__init__.py"]
    order = {name: index for index, name in enumerate(SKILL_ORDER)}
    assert {_layer(path, root) for path in modules} == set(order)
    wrong = [
        f"{path.relative_to(root)} imports {name[1]}"
        for path in modules
        for name in _imported(path)
        if name[0] == "skill" and len(name) > 1
        if order.get(name[1], 0) > order[_layer(path, root)]
    ]
    assert wrong == []


def test_what_asks_systems_is_layered_too():
    root = LIBRARY / "diagnosis"
    order = {name: index for index, name in enumerate(DIAGNOSIS_ORDER)}
    modules = [path for path in sorted(root.rglob("*.py")) if path.name != "__init__.py"]
    assert {_layer(path, root) for path in modules} >= set(order)
    wrong = [
        f"{path.relative_to(root)} imports {name[1]}"
        for path in modules
        for name in _imported(path)
        if name[0] == "diagnosis" and len(name) > 1 and name[1] != _layer(path, root)
        if order.get(name[1], len(order)) >= order.get(_layer(path, root), len(order))
    ]
    assert wrong == []


def test_the_two_halves_do_not_know_each_other():
    wrong = [
        f"{path.relative_to(LIBRARY)} imports {there}"
        for here, there in STRANGERS
        for path in _modules()
        if _layer(path) == here and there in _imports(path)
    ]
    assert wrong == []


def test_the_library_prints_only_in_commands():
    wrong = [
        str(path.relative_to(LIBRARY))
        for path in _modules()
        if _layer(path) != "commands" and _read(path)[1] & {"print", "exit", "input"}
    ]
    assert wrong == []
