"""``agents/openai.yaml``: how Codex shows a skill. What it cannot use, it drops without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from .... import plain_yaml
from ...diagnostic import Diagnostic, warning
from ...inspection import Inspection

CODES = {
    "openai-file": (
        "Codex drops a value of `agents/openai.yaml` that it cannot use: names over 64 and texts "
        "over 1,024 characters, icons outside `assets/`, colours other than `#RRGGBB`, a policy "
        "that is no yes/no value. Correct it."
    ),
}
FILE = "agents/openai.yaml"
#: codex-rs/core-skills/src/loader.rs, read 2026-11.
_MAX_NAME, _MAX_TEXT = 64, 1_024
_TEXTS = {"display_name": _MAX_NAME, "short_description": _MAX_TEXT, "default_prompt": _MAX_TEXT}
_ICONS = ("icon_small", "icon_large")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
#: `$skill` or `$plugin:skill`.
_SKILL = re.compile(r"(?<![\w$])\$(?:[a-z0-9-]+:)?([a-z][a-z0-9-]+)")


class _Problem(NamedTuple):
    key: str
    message: str
    hint: str


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per value that Codex drops."""
    source = inspection.sources.get(FILE) if FILE in inspection.skill.files else None
    if source is None:
        return
    try:
        data = plain_yaml.load(source.text)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        yield warning("openai-file", FILE, line, "the file is not YAML", "correct it")
        return
    data = data if isinstance(data, dict) else {}
    interface, policy = data.get("interface"), data.get("policy")
    for problem in (
        *_interface(interface if isinstance(interface, dict) else {}, inspection),
        *_policy(policy if isinstance(policy, dict) else {}),
    ):
        line = _line(source.text, problem.key)
        yield warning("openai-file", FILE, line, problem.message, problem.hint)


def _interface(data: dict[Any, Any], inspection: Inspection) -> Iterator[_Problem]:
    for key, limit in _TEXTS.items():
        value = data.get(key)
        if isinstance(value, str) and len(value) > limit:
            message = f"`{key}` has {len(value)} characters; the limit is {limit}"
            yield _Problem(key, message, "shorten it")
    for key in _ICONS:
        if isinstance(data.get(key), str):
            yield from _icon(key, data[key], inspection.skill.files)
    color = data.get("brand_color")
    if color is not None and not (isinstance(color, str) and _COLOR.fullmatch(color)):
        message = f"`{color}` is not a colour that Codex reads"
        yield _Problem("brand_color", message, "write it as `#RRGGBB`, in quotes")
    prompt = data.get("default_prompt")
    own = {inspection.skill.name, inspection.skill.root.name}
    named = _SKILL.findall(prompt) if isinstance(prompt, str) else []
    if named and own.isdisjoint(named):
        message = f"the prompt names `${named[0]}`, another skill"
        yield _Problem("default_prompt", message, f"write `${inspection.skill.name}`")


def _icon(key: str, icon: str, files: frozenset[str]) -> Iterator[_Problem]:
    path = icon.removeprefix("./")
    if not path.startswith("assets/") or ".." in path:
        yield _Problem(key, f"`{icon}` is not below `assets/`", "put the icon into assets/")
    elif path not in files:
        yield _Problem(key, f"`{icon}` does not exist", "add the file or correct the path")


def _policy(data: dict[Any, Any]) -> Iterator[_Problem]:
    key = "allow_implicit_invocation"
    if key in data and not isinstance(data[key], bool):
        hint = "write true or false, without quotes"
        yield _Problem(key, f"`{key}` is not a yes/no value", hint)


def _line(text: str, key: str) -> int:
    at = text.find(f"{key}:")
    return text.count("\n", 0, max(at, 0)) + 1
