"""``hooks/hooks.json``, and the hooks in a manifest of a plugin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .values import Problem

_NAMES = """
ConfigChange CwdChanged Elicitation ElicitationResult FileChanged InstructionsLoaded
MessageDisplay Notification PermissionDenied PermissionRequest PostCompact PostToolBatch
PostToolUse PostToolUseFailure PreCompact PreToolUse SessionEnd SessionStart Setup Stop
StopFailure SubagentStart SubagentStop TaskCompleted TaskCreated TeammateIdle
UserPromptExpansion UserPromptSubmit WorktreeCreate WorktreeRemove
"""
EVENTS = frozenset(_NAMES.split())
#: Kinds of hooks, and the text that each cannot be without.
_KINDS = {
    "command": "command",
    "prompt": "prompt",
    "agent": "prompt",
    "http": "url",
    "mcp_tool": "tool",
}


def hooks(data: Any) -> Iterator[Problem]:
    """Yield what is wrong with a file of hooks."""
    found = data.get("hooks") if isinstance(data, dict) else None
    if isinstance(found, dict):
        yield from events(found)
    else:
        yield Problem("hooks", 'the file must be an object with an object `"hooks"` in it')


def events(data: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with hooks by their events."""
    for event, groups in data.items():
        if event not in EVENTS:
            yield Problem(event, f"there is no event `{event[:80]}`")
        elif not isinstance(groups, list):
            yield Problem(event, f"`{event}` must be a list")
        else:
            for group in groups:
                yield from _group(event, group)


def _group(event: str, group: Any) -> Iterator[Problem]:
    listed = group.get("hooks") if isinstance(group, dict) else None
    if not isinstance(listed, list):
        yield Problem(event, f"each entry of `{event}` must have a list `hooks`")
        return
    if not isinstance(group.get("matcher", ""), str):
        yield Problem("matcher", f"`matcher` of `{event}` must be a text")
    for hook in listed:
        yield from _hook(event, hook)


def _hook(event: str, hook: Any) -> Iterator[Problem]:
    kind = hook.get("type") if isinstance(hook, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        yield Problem(
            event, f"the `type` of a hook of `{event}` must be one of {', '.join(_KINDS)}"
        )
        return
    if not isinstance(hook.get(_KINDS[kind]), str):
        yield Problem(event, f"a hook of `{event}` with the type `{kind}` needs `{_KINDS[kind]}`")
    timeout = hook.get("timeout", 1)
    if not isinstance(timeout, (int, float)) or isinstance(timeout, bool) or timeout <= 0:
        yield Problem("timeout", f"`timeout` of a hook of `{event}` must be a number above 0")
