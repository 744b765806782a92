"""Rows for the probes of code: one module for each family of questions.

A reading gives rows with ``file``, ``line``, ``end_line``, ``function``, ``entry`` and columns of
its own; the probes' rules judge them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..base import Code
from . import expressions, noted, practices
from .queries import lazy, loops, picked, sequence, serializers, statements, templates
from .runtime import caches, channels, growing, held, memory, resources, settings, waits
from .schema import composite, indexes, migrations, references, wide

Reading = Callable[[Code], Iterator[dict[str, Any]]]


def _shown(code: Code) -> Iterator[dict[str, Any]]:
    """Queries that leave out relations which a template or a serializer of their rows reads."""
    yield from templates.rendered(code)
    yield from serializers.serialized(code)


READINGS: dict[str, Reading] = {
    "repeated": loops.repeated,
    "noted": noted.noted,
    "gone-through": noted.gone_through,
    "practice": practices.practices,
    "retried": loops.retried,
    "lazy": lazy.lazy,
    "picked": picked.picked,
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
    "deferred": channels.deferred,
    "stranded": channels.stranded,
    "whole": memory.whole,
    "unbounded": memory.unbounded,
    "growing": growing.growing,
    "sequence": sequence.sequence,
    "again": sequence.again,
    "serialized": _shown,
    "statement": statements.statements,
    "searched": indexes.searches,
    "reference": references.references,
    "migration": migrations.migrations,
    "wide": wide.wide,
    "composite": composite.composite,
}
