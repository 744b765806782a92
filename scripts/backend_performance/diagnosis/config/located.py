"""YAML whose values know their lines. Anchors, aliases and merge keys are resolved, bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

#: Deeper than any manifest that a person writes.
MAX_DEPTH = 60
MAX_DOCUMENTS = 500
#: Values of one document with aliases written out: a file of 1 MB without any has fewer.
MAX_VALUES = 500_000
#: Values of one document that are looked at.
MAX_KEYS = 5_000
_MERGE = "tag:yaml.org,2002:merge"


class NotYamlError(ValueError):
    """The text is not YAML that can be read here; the message names the line."""


@dataclass(frozen=True)
class Located:
    """A value of a YAML document: text, a sequence or a mapping, with its line."""

    value: str | tuple[Located, ...] | Mapping[str, Located]
    line: int

    def at(self, *path: str) -> Located | None:
        """Return the value at a path of mapping keys, or ``None``."""
        found: Located | None = self
        for key in path:
            inner = found.value if found else None
            found = inner.get(key) if isinstance(inner, Mapping) else None
        return found

    def text(self, *path: str) -> str:
        """Return the scalar at a path, or an empty string."""
        found = self.at(*path)
        return found.value if found and isinstance(found.value, str) else ""

    def items(self, *path: str) -> tuple[tuple[str, Located], ...]:
        """Return the pairs of the mapping at a path, or nothing."""
        found = self.at(*path)
        return tuple(found.value.items()) if found and isinstance(found.value, Mapping) else ()

    def each(self, *path: str) -> tuple[Located, ...]:
        """Return the elements of the sequence at a path, or nothing."""
        found = self.at(*path)
        return found.value if found and isinstance(found.value, tuple) else ()

    def words(self, *path: str) -> list[str]:
        """Return the texts of the sequence at a path."""
        return [word.value for word in self.each(*path) if isinstance(word.value, str)]

    def flat(self) -> Iterator[tuple[str, Located]]:
        """Yield the scalars below under their dotted keys.

        Elements of a sequence share its key; those of a sequence of scalars are joined.
        """
        waiting = [("", self)]
        for _ in range(MAX_KEYS):
            if not waiting:
                return
            key, current = waiting.pop()
            if isinstance(current.value, str):
                yield key, current
            elif current.words():
                yield key, Located(" ".join(current.words()), current.line)
            waiting += [(key, one) for one in current.each() if not isinstance(one.value, str)]
            waiting += [(f"{key}.{name}" if key else name, one) for name, one in current.items()]


def documents(text: str) -> Iterator[Located]:
    """Yield the documents of a YAML text.

    Raises:
        NotYamlError: the text is not YAML, is too deep or contains itself.
    """
    try:
        nodes = yaml.compose_all(text, Loader=yaml.SafeLoader)
        for number, node in enumerate(nodes):
            if number >= MAX_DOCUMENTS:
                raise NotYamlError(f"more than {MAX_DOCUMENTS} documents")
            if node is not None:
                yield _Builder().build(node, 0)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotYamlError(f"not YAML at line {line}") from None
    except (yaml.YAMLError, RecursionError):
        raise NotYamlError("not YAML") from None


class _Builder:
    """Builds each node once; counts each as often as aliases repeat it, since readers visit all."""

    def __init__(self) -> None:
        self._built: dict[int, Located] = {}
        #: Values below a node and itself, aliases written out.
        self._sizes: dict[int, int] = {}
        self._values = 0

    def build(self, node: yaml.Node, depth: int) -> Located:
        if depth > MAX_DEPTH:
            raise NotYamlError(f"nested deeper than {MAX_DEPTH}, or an alias that contains itself")
        if id(node) in self._built:
            self._count(self._sizes[id(node)])
            return self._built[id(node)]
        before = self._values
        self._count(1)
        self._built[id(node)] = Located(self._value(node, depth), node.start_mark.line + 1)
        self._sizes[id(node)] = self._values - before
        return self._built[id(node)]

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            raise NotYamlError(f"more than {MAX_VALUES:,} values, those of aliases included")

    def _value(
        self, node: yaml.Node, depth: int
    ) -> str | tuple[Located, ...] | Mapping[str, Located]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.build(child, depth + 1) for child in node.value)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        return str(node.value)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> Mapping[str, Located]:
        merged: dict[str, Located] = {}
        own: dict[str, Located] = {}
        for key, value in node.value:
            built = self.build(value, depth + 1)
            if key.tag == _MERGE:
                for source in built.each() or (built,):
                    for name, inherited in source.items():
                        merged.setdefault(name, inherited)
            elif isinstance(key, yaml.ScalarNode):
                own[str(key.value)] = built
        return merged | own
