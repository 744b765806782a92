"""Paste a block of a page into a session, as a person does."""

from __future__ import annotations

from typing import Any

from harness.measuring.statements import split
from tests.knowledge.code_blocks import blocks_of


def paste(connection: Any, place: str, number: int = 0) -> Any:
    """Run a block as it is; return the rows of each statement as dictionaries."""
    answers = []
    for statement in split(blocks_of(place)[number].code):
        cursor = connection.execute(statement, prepare=False)
        if cursor.description:
            names = [column.name for column in cursor.description]
            answers.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    return answers[0] if len(answers) == 1 else answers
