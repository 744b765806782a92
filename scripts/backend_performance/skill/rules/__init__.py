"""The rules. One module is one rule: a docstring, ``CODES`` and ``check(inspection)``.

Adding a module to this folder adds the rule; ``run`` finds it. A rule is on or does not exist.
"""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from ..diagnostic import Diagnostic
from ..inspection import Inspection


@lru_cache(maxsize=1)
def modules() -> tuple[ModuleType, ...]:
    """Return every rule module, by name."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}") for name in names)


def run(inspection: Inspection) -> tuple[Diagnostic, ...]:
    """Return all findings of all rules, by file, line and column."""
    found = {diagnostic for rule in modules() for diagnostic in rule.check(inspection)}
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))
