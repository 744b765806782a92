"""The rules. One module is one rule: a docstring, ``CODES`` and ``check(inspection)``.

They are in folders by subject. Adding a module to one of them adds the rule; ``run`` finds it. No
rule can be switched off.
"""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module
from itertools import islice
from types import ModuleType

from ..diagnostic import Diagnostic, error
from ..inspection import Inspection

#: More than anyone reads; a page made to exhaust its readers can have a million.
MAX_FINDINGS = 2_000


@lru_cache(maxsize=1)
def modules() -> tuple[ModuleType, ...]:
    """Return every rule module, by folder and name."""
    found = pkgutil.walk_packages(__path__, f"{__name__}.")
    return tuple(import_module(info.name) for info in found if not info.ispkg)


def run(inspection: Inspection) -> tuple[Diagnostic, ...]:
    """Return all findings of all rules, by file, line and column."""
    found: set[Diagnostic] = set()
    for rule in modules():
        of_rule = list(islice(rule.check(inspection), MAX_FINDINGS + 1))
        if len(of_rule) > MAX_FINDINGS:
            of_rule[-1] = _too_many(of_rule[-1])
        found.update(of_rule)
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))


def _too_many(last: Diagnostic) -> Diagnostic:
    """Return an error even if only notes were found: the unchecked rest may contain worse."""
    return error(
        "too-many-findings",
        last.file,
        last.line,
        f"the search for `{last.code}` and its kin ends here, after {MAX_FINDINGS} findings",
        "repair these first",
    )
