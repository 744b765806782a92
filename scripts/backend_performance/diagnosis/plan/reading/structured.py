"""PostgreSQL's plans in YAML and XML, told as the documents that its JSON form would be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import yaml

from ..tree import MAX_DEPTH, PlanError

_MAX_YAML = 2_000_000
_MAX_TRIED = 500
_YAML_PLAN = re.compile(r"^(?P<indent>[ \t]*)(?P<dash>- +)?(?:\"?Plan\"?): *$", re.M)
_XML_PLAN = re.compile(r"<explain\b(?:(?!<explain\b).)*?</explain\s*>", re.S)
_XML_NAMES = {"Full sort Groups": "Full-sort Groups", "Pre sorted Groups": "Pre-sorted Groups"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


# The base is the faster of two, which is known at run time only.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plans have no anchors, and aliases can make a small text huge."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def yaml_documents(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the place and the document of each plan in YAML."""
    behind, tried = 0, 0
    for start in _YAML_PLAN.finditer(text):
        if start.start() < behind or tried >= _MAX_TRIED:
            continue
        tried += 1
        block = _block(text, start)
        behind = start.start() + len(block)
        try:
            found = yaml.load(block, _Loader)  # noqa: S506 - a safe loader without aliases
        except (yaml.YAMLError, RecursionError, ValueError):
            continue
        found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, dict) and isinstance(found.get("Plan"), dict):
            yield start.start(), found


def _block(text: str, start: re.Match[str]) -> str:
    """The lines indented like the plan, with those about the whole statement."""
    indent = len(start["indent"])
    end = start.end()
    while end < min(len(text), start.start() + _MAX_YAML):
        behind = text.find("\n", end + 1)
        line = text[end + 1 : behind if behind >= 0 else None]
        words = line.lstrip()
        depth = len(line) - len(words)
        inside = depth > indent or (not start["dash"] and depth == indent)
        if words and (not inside or words.startswith(("- Plan:", "("))):
            break
        end = behind if behind >= 0 else len(text)
    return text[start.start() : end]


def xml_documents(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the place and the document of each plan in XML.

    Raises:
        PlanError: it declares entities or a document type, which no plan does.
    """
    for start in _XML_PLAN.finditer(text):
        if "<!" in start[0]:
            raise PlanError("the XML declares a document type or entities, which no plan does")
        try:
            root = ElementTree.fromstring(start[0])
        except ElementTree.ParseError as error:
            raise PlanError(f"the XML is broken: {error}") from None
        for query in root:
            found = _value(query, 0)
            if isinstance(found, dict) and isinstance(found.get("Plan"), dict):
                yield start.start(), found


def _value(element: ElementTree.Element, depth: int) -> Any:
    if depth > 3 * MAX_DEPTH:
        raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
    if not len(element):
        said = (element.text or "").strip()
        return float(said) if _NUMBER.fullmatch(said) else said
    names = [_name(child) for child in element]
    if set(names) <= {"Item", "Plan", "Trigger", "Worker"} and _name(element) != "Query":
        return [_value(child, depth + 1) for child in element]
    return {name: _value(child, depth + 1) for name, child in zip(names, element, strict=True)}


def _name(element: ElementTree.Element) -> str:
    name = element.tag.rpartition("}")[2].replace("-", " ")
    return _XML_NAMES.get(name, name)
