"""The tables are well formed, and every probe asks for something that is read."""

import re
from pathlib import Path

import pytest
from backend_performance import plain_yaml
from backend_performance.diagnosis.code import sinks
from backend_performance.diagnosis.code.readings import READINGS
from backend_performance.diagnosis.code.source import grammar
from backend_performance.diagnosis.probes import catalog

from tests.diagnosis.code.faults import FAULTS
from tests.diagnosis.code.samples import reads


@pytest.mark.parametrize("name", grammar.grammars())
def test_each_language_has_a_parser_a_query_and_sinks(name):
    grammar.parser(name)
    effects = {s.does for found in sinks.table(name).by_name.values() for s in found}
    assert {"query", "write", "http"} <= effects


def test_each_reading_is_asked_for_and_each_probe_has_one():
    assert {probe.reading for probe in catalog.load("code")} == set(READINGS)


def test_each_rule_fits_the_rows(tmp_path):
    run = reads(tmp_path, {f"{name}/{case[1]}": case[2] for name, case in FAULTS.items()})
    assert [one.probe for one in run.evidence if "form than expected" in one.reason] == []


def test_each_name_in_a_table_is_one_word():
    for name in grammar.grammars():
        assert all(word == word.strip("'\",") for word in sinks.table(name).by_name)


def test_each_row_has_conditions_of_its_own_and_each_name_once():
    for path in sorted((grammar.folder() / "sinks").glob("*.yaml")):
        rows = [row for row in plain_yaml.load_file(path) if "library" in row]
        conditions = [
            {
                key: value
                for key, value in row.items()
                if key not in ("calls", "prefixes", "suffixes")
            }
            for row in rows
        ]
        assert [one for one in conditions if conditions.count(one) > 1] == [], path.name
        names = [row.get("calls", "").split() for row in rows]
        assert [one for one in names if len(one) != len(set(one))] == [], path.name


def test_each_word_is_read_by_a_module():
    words = plain_yaml.load_file(grammar.folder() / "languages" / "words.yaml")
    code = Path(sinks.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in code.rglob("*.py"))
    read = set(re.findall(r'(?:pattern|names)\("(\w+)"', text))
    families = tuple(re.findall(r'"(\w+_)"', text))  # as "hazard_sql_": one for each hazard
    assert [one for one in words if one not in read and not one.startswith(families)] == []
