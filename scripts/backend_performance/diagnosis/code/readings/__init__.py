"""Rows for the probes of code: one module for each family of questions.

A reading gives rows with ``file``, ``line``, ``end_line``, ``function``, ``entry`` and columns of
its own; the probes' rules judge them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..base import Code
from . import calls, held, lazy, loops, memory, resources, schema, sequence, statements

Reading = Callable[[Code], Iterator[dict[str, Any]]]

READINGS: dict[str, Reading] = {
    "repeated": loops.repeated,
    "again": loops.again,
    "retried": loops.retried,
    "quadratic": loops.quadratic,
    "lazy": lazy.lazy,
    "picked": lazy.picked,
    "held": held.held,
    "blocking": held.blocking,
    "unbounded-wait": calls.unbounded_wait,
    "keys": calls.keys,
    "cached": calls.cached,
    "built": resources.built,
    "opened": resources.opened,
    "stranded": resources.stranded,
    "whole": memory.whole,
    "unbounded": memory.unbounded,
    "growing": memory.growing,
    "sequence": sequence.sequence,
    "statement": statements.statements,
    "reference": schema.references,
    "migration": schema.migrations,
}
