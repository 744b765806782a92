"""Untrusted YAML: bounded in size, depth and expansion, with places and repairs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from .place import line_column

#: A skill's frontmatter is a dozen lines; whatever exceeds these bounds is not frontmatter.
MAX_CHARACTERS = 64 * 1024
MAX_DEPTH = 20

Path = tuple[str, ...]
Position = tuple[int, int]

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNCLOSED = re.compile(r"while (?:scanning a quoted scalar|parsing a flow)")
_KEY_VALUE = re.compile(r"(\s*[A-Za-z][\w-]*:[ ]+)(\S.*?)\s*")


@dataclass(frozen=True)
class Problem:
    """Why a block was not read; ``line`` and ``column`` count from 1 within the block."""

    code: str
    line: int
    column: int
    message: str
    hint: str


@dataclass(frozen=True)
class Block:
    """``positions`` maps a key path to (line, column) of the key, both from 1 in the block."""

    data: Any = None
    positions: Mapping[Path, Position] = field(default_factory=dict)
    problem: Problem | None = None
    #: Something that this parser reads and others refuse.
    warning: Problem | None = None


class _Refused(Exception):
    def __init__(self, code: str, mark: Any, message: str, hint: str) -> None:
        super().__init__(message)
        self.problem = Problem(code, mark.line + 1, mark.column + 1, message, hint)


def read(text: str) -> Block:
    """Read a block; never raises for its content."""
    if len(text) > MAX_CHARACTERS:
        return _failed(
            "frontmatter-too-large",
            1,
            1,
            f"the frontmatter has {len(text)} characters; the limit is {MAX_CHARACTERS}",
            "move the content into the body of the page",
        )
    try:
        return _construct(text)
    except _Refused as refusal:
        return Block(problem=refusal.problem)
    except yaml.MarkedYAMLError as exc:
        return _malformed(exc, text.rstrip("\n").count("\n"))
    except yaml.reader.ReaderError as exc:
        code_point = ord(exc.character) if isinstance(exc.character, str) else exc.character
        return _failed(
            "frontmatter-invalid-yaml",
            *line_column(text, exc.position),
            f"U+{code_point:04X} is not allowed in YAML",
            "remove the control character",
        )


def _failed(code: str, line: int, column: int, message: str, hint: str) -> Block:
    return Block(problem=Problem(code, line, column, message, hint))


def _malformed(exc: yaml.MarkedYAMLError, last_line: int) -> Block:
    mark = exc.problem_mark or exc.context_mark
    is_at_end = mark is not None and (mark.line > last_line or "end of stream" in str(exc.problem))
    if is_at_end and exc.context_mark and _UNCLOSED.match(exc.context or ""):
        mark = exc.context_mark  # where the quote or bracket opens is what a person looks for
    problem = exc.problem or exc.context or "cannot be read"
    hint = "put quotes around a value that contains `: `, `#` or starts with a special character"
    if "\\t" in problem or "tab" in problem:
        hint = "indent with spaces; YAML does not allow tabs"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return _failed("frontmatter-invalid-yaml", line, column, f"invalid YAML: {problem}", hint)


def _construct(text: str) -> Block:
    _check_events(text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Block()
        positions: dict[Path, Position] = {}
        _check_nodes(loader, node, positions)
        return Block(loader.construct_document(node), positions, warning=_hanging(text, node))
    finally:
        loader.dispose()


def _check_events(text: str) -> None:
    """Refuse aliases and deep nesting before the recursive composer sees them."""
    if "*" not in text and text.count("[") + text.count("{") + text.count("\n") < MAX_DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise _Refused(
                    "frontmatter-too-deep",
                    event.start_mark,
                    f"values are nested more than {MAX_DEPTH} deep",
                    "flatten the value",
                )
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            raise _Refused(
                "frontmatter-alias-bomb",
                event.start_mark,
                f"`*{event.anchor}` is a YAML alias, which can expand without bound",
                "write the value out; many readers refuse aliases",
            )


def _check_nodes(loader: Any, root: yaml.Node, positions: dict[Path, Position]) -> None:
    """Record the places of keys; refuse duplicate keys and values that cannot be constructed."""
    stack: list[tuple[yaml.Node, Path]] = [(root, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, yaml.MappingNode):
            _check_keys(node, path, positions)
            stack.extend((value, (*path, str(key.value))) for key, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((value, (*path, str(i))) for i, value in enumerate(node.value))
        elif node.tag != "tag:yaml.org,2002:str":
            _check_scalar(loader, node)


def _check_scalar(loader: Any, node: yaml.Node) -> None:
    try:
        loader.construct_object(node)
    except (ValueError, OverflowError, TypeError, AttributeError, LookupError) as exc:
        raise _Refused(
            "frontmatter-invalid-yaml",
            node.start_mark,
            f"`{node.value[:40]}` looks like a date or number but is not a valid one",
            "put quotes around the value",
        ) from exc


def _hanging(text: str, root: yaml.Node) -> Problem | None:
    """Return the first value in quotes or brackets that goes on at the start of a line.

    YAML 1.2, 7.3 and 7.4: such lines are indented more than the field.
    """
    lines = text.split("\n")
    if isinstance(root, yaml.CollectionNode) and root.flow_style:
        return None  # the whole block may stand at the start of lines
    for value in _spanning(root):
        what = "quoted value" if isinstance(value, yaml.ScalarNode) else "value in brackets"
        for number in range(value.start_mark.line + 1, value.end_mark.line + 1):
            if lines[number].strip() and not lines[number][0].isspace():
                return Problem(
                    "frontmatter-hanging-value",
                    number + 1,
                    1,
                    f"the {what} that begins on line {value.start_mark.line + 2} goes on "
                    "without indentation: PyYAML reads it, YAML 1.2 parsers do not",
                    "indent this line, or put the value on one line",
                )
    return None


def _spanning(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield the values in quotes or brackets; nesting is bounded before."""
    if isinstance(node, yaml.ScalarNode):
        yield from [node] if node.style in ("'", '"') else []
    elif isinstance(node, yaml.CollectionNode) and node.flow_style:
        yield node
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _spanning(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _spanning(value)


def _check_keys(node: yaml.MappingNode, path: Path, positions: dict[Path, Position]) -> None:
    first_seen: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in first_seen:
            # The delimiter is one line above the block.
            raise _Refused(
                "frontmatter-duplicate-key",
                key.start_mark,
                f"the key `{name}` is given twice: "
                f"on line {first_seen[name] + 1} and line {line + 1}",
                "keep one of the two; YAML readers disagree about which one wins",
            )
        first_seen[name] = line
        positions[(*path, name)] = (line, key.start_mark.column + 1)


def quoted(line: str) -> str | None:
    """Return a line ``key: value`` with its value in quotes; ``None`` where that is no repair."""
    match = _KEY_VALUE.fullmatch(line)
    if not match or match.group(2)[0] in "\"'|>[{&*!":
        return None
    value = match.group(2).replace("\\", "\\\\").replace('"', '\\"')
    return f'{match.group(1)}"{value}"'


def repaired(text: str, line: int) -> str | None:
    """Return the line ``line`` with its value in quotes, if the block can then be read."""
    lines = text.split("\n")
    new = quoted(lines[line - 1]) if 0 < line <= len(lines) else None
    if new is None:
        return None
    block = read("\n".join([*lines[: line - 1], new, *lines[line:]]))
    return new if block.problem is None and isinstance(block.data, dict) else None
