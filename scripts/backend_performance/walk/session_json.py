"""A session as the JSON that its file holds, and its records as JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from .session import Decision, Reading, Session, SkillStamp, Step, Target, gone

_Record = TypeVar("_Record")
SCHEMA = "session/3"


def to_json(session: Session) -> dict[str, Any]:
    """Return the session as it is kept in the file, without its checksum."""
    return {
        "schema": SCHEMA,
        "skill": plain(session.skill),
        "started": session.started,
        "engines": None if session.engines is None else list(session.engines),
        "targets": [plain(target) for target in session.targets],
        "parameters": dict(session.parameters),
        "items": [step.id for step in session.steps],
        "evidence": [plain(reading) for reading in session.readings],
        "decisions": [plain(decision) for decision in session.decisions],
    }


def from_json(data: Mapping[str, Any], known: Mapping[str, Step]) -> Session:
    """Return the session that ``to_json`` wrote, about the items ``known`` to the skill.

    Raises:
        ValueError, TypeError, KeyError: ``data`` is not such a session.
    """
    engines = data["engines"]
    return Session(
        skill=built(SkillStamp, data["skill"]),
        started=str(data["started"]),
        engines=None if engines is None else tuple(engines),
        steps=tuple(known.get(name) or gone(name) for name in data["items"]),
        readings=tuple(built(Reading, each) for each in data["evidence"]),
        decisions=tuple(built(Decision, each) for each in data["decisions"]),
        targets=tuple(built(Target, each) for each in data["targets"]),
        parameters=dict(data["parameters"]),
    )


def built(kind: type[_Record], data: Mapping[str, Any]) -> _Record:
    """Return a frozen ``kind`` from JSON; lists become tuples. Unknown keys are an error."""
    return kind(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    )


def plain(thing: Any) -> dict[str, Any]:
    """Return the fields of a record as JSON; tuples become lists."""
    values = {each.name: getattr(thing, each.name) for each in fields(thing)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }
