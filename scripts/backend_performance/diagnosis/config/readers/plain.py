"""Files that state keys and values: lines, YAML, and literals of Python and Ruby.

``files.yaml`` names the reader, the vocabulary of the keys and the program for each kind of file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..interpolation import ruby_figure
from ..located import documents
from ..model import Part, Settings
from . import environment
from .source import Source

#: Section, key, value and line.
Value = tuple[str, str, str, int]
#: Of a line without the spaces around it: to match those too takes the square of their number.
_ASSIGNMENT = re.compile(r"(?:export\s+)?([\w.\[\]-]+)\s*[=:]\s*(.*)")
_WORDS = re.compile(r"([\w.-]+)\s+(.*)")
_SECTION = re.compile(r"\[([^\]]+)\]\Z")
_COMMENT = re.compile(r"\s#")
_EMBEDDED = re.compile(r"<%=((?:(?!<%=|%>).)*)%>", re.DOTALL)
#: Enough for the last argument of a call.
_LONGEST_ARGUMENT = 200


def read(source: Source) -> Iterator[Part]:
    """Yield a part for each section of a file, or for each document.

    Raises:
        NotYamlError: the text cannot be read as YAML.
        SyntaxError: the text is not Python.
    """
    kind = source.kind
    reader = {"yaml": yaml, "python": python, "ruby": ruby}.get(kind.reader, lines)
    begins: dict[str, int] = {}
    settings: dict[str, Settings] = {}
    for section, key, value, line in reader(source):
        begins.setdefault(section, line)
        if kind.dialect == "env":
            found = environment.settings([(key, value, line)], source.name)
        else:
            found = environment.stated(kind.dialect, key, value, f"{source.name}:{line}")
        settings.setdefault(section, {}).update(found)
    for section, line in begins.items() or (("", 1),):
        found = settings.get(section, {})
        if found or kind.kind == "server":
            name = section or kind.program or kind.dialect
            yield Part(name, kind.kind, source.name, line, kind.program, found)


def lines(source: Source) -> Iterator[Value]:
    """Yield ``key = value``, ``key: value`` and ``key value``, below ``[section]`` if any."""
    section = ""
    for number, row in source.lines():
        bare = _bare(row)
        if heading := _SECTION.match(bare):
            section = heading[1].strip()
        elif source.kind.within and section not in source.kind.within:
            continue
        elif match := _ASSIGNMENT.match(bare) or _WORDS.match(bare):
            yield section, match[1], match[2].strip("\"'"), number


def _bare(row: str) -> str:
    """Return a line without its comment and the spaces around it."""
    row = row.strip()
    return "" if row.startswith(("#", ";", "!")) else _COMMENT.split(row, maxsplit=1)[0].rstrip()


def yaml(source: Source) -> Iterator[Value]:
    """Yield the scalars of nested mappings; of embedded Ruby the default figure is read."""
    text = _EMBEDDED.sub(lambda code: ruby_figure(code[1], {}), source.text)
    for number, document in enumerate(documents(text)):
        paths = [document.at(*path.split(".")) for path in source.kind.within] or [document]
        chosen = next((found for found in paths if found is not None), None)
        for key, value in chosen.flat() if chosen else ():
            yield str(number) if number else "", key, str(value.value), value.line


def python(source: Source) -> Iterator[Value]:
    """Yield assignments of literals, those in dictionaries under dotted keys; nothing is run."""
    for node in ast.parse(source.text).body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:
                yield from _literals(target.id, node.value)


def _literals(key: str, node: ast.expr) -> Iterator[Value]:
    if isinstance(node, ast.Dict):
        for name, value in zip(node.keys, node.values, strict=True):
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield from _literals(f"{key}.{name.value}", value)
    else:
        yield "", key, _written(node), node.lineno


def _written(node: ast.expr) -> str:
    """The literal, or the default of ``os.getenv(NAME, default)``; otherwise ``computed``."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Call) and 1 <= len(node.args) <= 2:
        return _written(node.args[-1])
    return "computed"


def ruby(source: Source) -> Iterator[Value]:
    """Yield calls such as ``threads 1, most`` with the last figure that they are given."""
    named: dict[str, str] = {}
    for number, row in source.lines():
        code = row.partition("#")[0].strip()
        if assigned := re.match(r"(\w+)\s*=\s*(.+)$", code):
            named[assigned[1]] = ruby_figure(assigned[2], named)
        elif call := re.match(r"(\w+)[\s(]+(.+?)\)?$", code):
            last = re.split(r",(?![^(]*\))", call[2][-_LONGEST_ARGUMENT:])[-1]
            yield "", call[1], ruby_figure(last, named), number
