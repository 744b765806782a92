"""The YAML block at the top of a page, with every place as line and column of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..diagnostic import Diagnostic, Fix, error, warning
from . import yaml_block
from .yaml_block import Path, Position

DELIMITER = "---"


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
    warnings: tuple[Diagnostic, ...] = ()

    def position(self, path: Path) -> Position:
        """Return the place of the key at ``path``, or of its nearest known parent."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def text(self, name: str) -> str | None:
        """Return the field ``name`` if it is a text."""
        value = self.data.get(name) if isinstance(self.data, dict) else None
        return value if isinstance(value, str) else None


def read(lines: Sequence[str], file: str) -> Frontmatter:
    """Read the frontmatter of a page given as ``lines`` without line ends. Never raises."""
    if not lines or lines[0].rstrip() != DELIMITER:
        return Frontmatter(present=False)
    end = next((i for i in range(1, len(lines)) if lines[i].rstrip() == DELIMITER), None)
    if end is None:
        unclosed = error(
            "frontmatter-unclosed",
            file,
            1,
            "the frontmatter that starts here is never closed",
            f"write a line `{DELIMITER}` after the last field",
        )
        return Frontmatter(present=True, problems=(unclosed,))
    text = "\n".join(lines[1:end])
    block = yaml_block.read(text)
    return Frontmatter(
        present=True,
        data=block.data,
        positions={path: (line + 1, column) for path, (line, column) in block.positions.items()},
        body_line=end + 1,
        problems=(_diagnostic(block.problem, text, file),) if block.problem else (),
        warnings=(_warning(block.warning, file),) if block.warning else (),
    )


def _warning(problem: yaml_block.Problem, file: str) -> Diagnostic:
    place = problem.line + 1
    return warning(problem.code, file, place, problem.message, problem.hint, column=problem.column)


def _diagnostic(problem: yaml_block.Problem, text: str, file: str) -> Diagnostic:
    fix = None
    if problem.code == "frontmatter-invalid-yaml":
        new = yaml_block.repaired(text, problem.line)
        fix = Fix("line", text.split("\n")[problem.line - 1], new) if new else None
    return error(
        problem.code,
        file,
        problem.line + 1,
        problem.message,
        problem.hint,
        column=problem.column,
        fix=fix,
    )
