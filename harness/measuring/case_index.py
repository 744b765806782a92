"""The index of the cases: each row's symptom and gain are copied from the page it links.

The order of the rows and the section of each row are kept in the index itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from harness.measuring.page import Case, PageError

_ROW = re.compile(r"(?m)^\|.*\| \[([^\]]*)\]\(([\w-]+)\.md\) \|$")


def refresh(index: str, cases: Mapping[str, Case]) -> str:
    """Return the index with what the pages say now. Raises PageError when a case is not listed."""
    listed = [slug for _, slug in _ROW.findall(index)]
    if sorted(listed) != sorted(cases):
        odd = sorted(set(listed) ^ set(cases)) or sorted(listed)
        raise PageError(f"the index lists each case once; look at: {', '.join(odd)}")
    return _ROW.sub(lambda row: _row(cases[row[2]]), index)


def _row(case: Case) -> str:
    title = case.text.partition("\n")[0].removeprefix("# ")
    symptom, gain = (case.sentence(label) for label in ("Symptom", "Gain"))
    return f"| {symptom} | {gain} | [{title}]({case.slug}.md) |"
