"""All rules on plans."""

from __future__ import annotations

from . import beside, discards, estimates, indexes_read, loops, memory, mysql, order, time, wrapped
from .rule import PlanRule

RULES: tuple[PlanRule, ...] = (
    *discards.RULES,
    *wrapped.RULES,
    *estimates.RULES,
    *loops.RULES,
    *order.RULES,
    *memory.RULES,
    *indexes_read.RULES,
    *beside.RULES,
    *mysql.RULES,
    *time.RULES,
)
