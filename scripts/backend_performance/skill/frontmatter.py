"""The YAML block at the top of a page, read without trusting it.

Size, depth and alias expansion are bounded, duplicate keys are reported with both lines, and
every YAML error becomes a diagnostic with its place in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from .diagnostic import Diagnostic, error

DELIMITER = "---"
#: A skill's frontmatter is a dozen lines; whatever exceeds these bounds is not frontmatter.
MAX_CHARACTERS = 64 * 1024
MAX_DEPTH = 20
MAX_NODES_EXPANDED = 2_000

Path = tuple[str, ...]
Position = tuple[int, int]

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Frontmatter:
    """``data`` is ``None`` when the block is absent or could not be read.

    ``positions`` maps a key path to (line, column) of the key in the file, both from 1.
    ``body_line`` is the 0-based index of the first line after the block.
    """

    present: bool
    data: Any = None
    positions: Mapping[Path, Position] = field(default_factory=dict)
    body_line: int = 0
    problems: tuple[Diagnostic, ...] = ()

    def position(self, path: Path) -> Position:
        """Return the place of the key at ``path``, or of its nearest known parent."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))


def read(lines: Sequence[str], file: str) -> Frontmatter:
    """Read the frontmatter of a page given as ``lines`` without line ends. Never raises."""
    if not lines or lines[0].rstrip() != DELIMITER:
        return Frontmatter(present=False)
    end = next((i for i in range(1, len(lines)) if lines[i].rstrip() == DELIMITER), None)
    if end is None:
        return Frontmatter(
            present=True,
            body_line=0,
            problems=(
                error(
                    "frontmatter-unclosed",
                    file,
                    1,
                    "the frontmatter that starts here is never closed",
                    f"write a line `{DELIMITER}` after the last field",
                ),
            ),
        )
    text = "\n".join(lines[1:end])
    data, positions, problem = _parse(text, file)
    return Frontmatter(
        present=True,
        data=data,
        positions=positions,
        body_line=end + 1,
        problems=(problem,) if problem else (),
    )


def _parse(text: str, file: str) -> tuple[Any, dict[Path, Position], Diagnostic | None]:
    if len(text) > MAX_CHARACTERS:
        return (
            None,
            {},
            error(
                "frontmatter-too-large",
                file,
                1,
                f"the frontmatter has {len(text)} characters; the limit is {MAX_CHARACTERS}",
                "move the content into the body of the page",
            ),
        )
    try:
        _check_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, {}, None
            positions: dict[Path, Position] = {}
            _check_nodes(node, positions)
            return loader.construct_document(node), positions, None
        finally:
            loader.dispose()
    except _Refused as refusal:
        return None, {}, error(
            refusal.code, file, refusal.line, refusal.message, refusal.hint, refusal.column
        )
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        return None, {}, _invalid(file, exc.problem or exc.context or "cannot be read", mark)
    except yaml.reader.ReaderError as exc:
        line = text.count("\n", 0, exc.position) + 2
        column = exc.position - text.rfind("\n", 0, exc.position)
        character = f"U+{ord(exc.character):04X}" if isinstance(exc.character, str) else "a byte"
        return None, {}, error(
            "frontmatter-invalid-yaml",
            file,
            line,
            f"{character} is not allowed in YAML",
            "remove the control character",
            column,
        )
    except (ValueError, OverflowError, TypeError) as exc:
        # Values that look like dates or numbers and are none: `2024-13-45`.
        return None, {}, error(
            "frontmatter-invalid-yaml",
            file,
            1,
            f"a value cannot be read: {exc}",
            "put quotes around the value",
        )


class _Refused(Exception):
    def __init__(self, code: str, mark: Any, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.line, self.column = mark.line + 2, mark.column + 1
        self.message, self.hint = message, hint


def _invalid(file: str, problem: str, mark: Any) -> Diagnostic:
    line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
    hint = "put quotes around a value that contains `: `, `#` or starts with a special character"
    if "\\t" in problem or "tab" in problem:
        hint = "indent with spaces; YAML does not allow tabs"
    return error(
        "frontmatter-invalid-yaml", file, line, f"invalid YAML: {problem}", hint, column
    )


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the recursive composer sees it."""
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


def _check_nodes(root: yaml.Node, positions: dict[Path, Position]) -> None:
    """Record key positions; refuse duplicate keys and aliases that expand without bound."""
    visited = 0
    stack: list[tuple[yaml.Node, Path, tuple[int, ...]]] = [(root, (), ())]
    while stack:
        node, path, parents = stack.pop()
        visited += 1
        if visited > MAX_NODES_EXPANDED or id(node) in parents:
            raise _Refused(
                "frontmatter-alias-bomb",
                node.start_mark,
                f"aliases expand to more than {MAX_NODES_EXPANDED} values",
                "write the values out instead of using YAML aliases",
            )
        above = (*parents, id(node))
        if isinstance(node, yaml.MappingNode):
            _check_keys(node, path, positions)
            stack.extend((value, (*path, str(key.value)), above) for key, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((value, (*path, str(i)), above) for i, value in enumerate(node.value))


def _check_keys(
    node: yaml.MappingNode, path: Path, positions: dict[Path, Position]
) -> None:
    first_seen: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 2
        if name in first_seen:
            raise _Refused(
                "frontmatter-duplicate-key",
                key.start_mark,
                f"the key `{name}` is given twice: on line {first_seen[name]} and line {line}",
                "keep one of the two; YAML readers disagree about which one wins",
            )
        first_seen[name] = line
        positions[(*path, name)] = (line, key.start_mark.column + 1)
