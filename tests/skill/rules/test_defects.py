"""Every planted defect gives exactly its finding; what only looks like one gives none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from backend_performance.skill import inspection, package, rules

from tests.skill.rules import skill_folders
from tests.skill.rules.skill_folders import Case, Expected

HERE = Path(__file__).parent


def _cases(folder: str) -> list[Case]:
    files = sorted((HERE / folder).glob("*.txt"))
    return [case for path in files for case in skill_folders.read(path)]


DEFECTS, LOOK_ALIKES = _cases("defects"), _cases("lookalikes")


def _found(case: Case, folder: Path) -> set[Expected]:
    skill = package.load(skill_folders.write(case, folder))
    return {
        Expected(d.file, d.line, d.column, d.code, d.severity)
        for d in rules.run(inspection.inspect(skill))
    }


def _name(case: Case) -> str:
    return f"{case.origin}:{case.name}"


@pytest.mark.parametrize("case", DEFECTS, ids=_name)
def test_a_planted_defect_gives_exactly_its_finding(case: Case, tmp_path: Path) -> None:
    expected = case.expected()
    severities = {(e.file, e.line, e.column, e.code) for e in expected if e.severity}
    found = {
        f if (f.file, f.line, f.column, f.code) in severities else replace(f, severity="")
        for f in _found(case, tmp_path)
    }
    assert expected
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("case", LOOK_ALIKES, ids=_name)
def test_what_looks_like_a_defect_and_is_none_gives_nothing(case: Case, tmp_path: Path) -> None:
    assert not case.expected()
    assert _found(case, tmp_path) == set()


def test_there_is_a_defect_for_every_code_and_enough_of_both_kinds() -> None:
    codes = {code for rule in rules.modules() for code in rule.CODES}
    planted = {expected.code for case in DEFECTS for expected in case.expected()}
    assert planted <= codes
    assert codes - planted <= NEEDS_MORE_THAN_A_FOLDER
    assert len(DEFECTS) >= 80
    assert len(LOOK_ALIKES) >= 30
    names = [case.name for case in (*DEFECTS, *LOOK_ALIKES)]
    assert len(names) == len(set(names))


#: Shown elsewhere: by size, by rights, or by a page of a million links.
NEEDS_MORE_THAN_A_FOLDER = frozenset(
    {
        "file-unreadable",
        "file-too-large",
        "markdown-too-deep",
        "page-too-dense",
        "too-many-findings",
        "too-many-files",
    }
)
