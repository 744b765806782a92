"""What models and migrations declare: columns that are searched without an index, locks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..base import Code


def columns(code: Code) -> Iterator[dict[str, Any]]:
    yield from ()


def migrations(code: Code) -> Iterator[dict[str, Any]]:
    yield from ()
