"""Rows for the probes of code: one module for each family of questions.

A reading gives rows with ``file``, ``line``, ``end_line``, ``function``, ``entry`` and columns of
its own; the probes' rules judge them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..base import Code
from . import (
    caches,
    expressions,
    held,
    indexes,
    lazy,
    loops,
    memory,
    noted,
    practices,
    resources,
    schema,
    sequence,
    settings,
    statements,
    waits,
)

Reading = Callable[[Code], Iterator[dict[str, Any]]]

READINGS: dict[str, Reading] = {
    "repeated": loops.repeated,
    "again": loops.again,
    "noted": noted.noted,
    "practice": practices.practices,
    "retried": loops.retried,
    "quadratic": loops.quadratic,
    "lazy": lazy.lazy,
    "picked": lazy.picked,
    "held": held.held,
    "blocking": held.blocking,
    "unbounded-wait": waits.unbounded_wait,
    "keys": caches.keys,
    "cached": caches.cached,
    "forgotten": caches.forgotten,
    "expression": expressions.expressions,
    "setting": settings.settings,
    "built": resources.built,
    "opened": resources.opened,
    "stranded": resources.stranded,
    "whole": memory.whole,
    "unbounded": memory.unbounded,
    "growing": memory.growing,
    "sequence": sequence.sequence,
    "statement": statements.statements,
    "searched": indexes.searches,
    "reference": schema.references,
    "migration": schema.migrations,
}
