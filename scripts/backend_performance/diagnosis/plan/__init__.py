"""Reading the plans of statements: what in them is a defect, where, and what to try.

Nothing is run here; a plan comes from a file, or from ``Session.plan``. The way of the data:
bytes → text → lines without what printed them → documents of one shape for each engine
(``reading``) → the tree (``converted``) → hits (``rules``) → evidence (``judged``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..evidence.model import Evidence
from . import judged
from .reader import Reading, of_document, read
from .reading.decoding import MAX_BYTES
from .rules import RULES
from .tree import PlanError

__all__ = ["MAX_BYTES", "RULES", "PlanError", "Reading", "examine", "of_document", "read"]


def examine(found: Reading | Any) -> tuple[str, Mapping[str, Any], tuple[Evidence, ...]]:
    """Return the engine, what the plans are, and the evidence of every rule that found something.

    Args:
        found: What ``read`` gave, or a document that a driver has parsed.

    Raises:
        PlanError: it is no plan of PostgreSQL, MySQL or MariaDB.
    """
    reading = found if isinstance(found, Reading) else of_document(found)
    return reading.plans[0].engine, judged.facts(reading), judged.evidence(reading)
