"""Every probe file: its place, its text and its links."""

import re

import pytest
import yaml
from backend_performance.diagnosis.guards import reading_only
from backend_performance.diagnosis.probes import catalog
from backend_performance.skill_root import default_root

DATA = sorted((default_root() / "scripts" / "probes").rglob("*.yaml"))
ALL = (*catalog.load("postgres"), catalog.capabilities("postgres"))
EXTENSION_VIEW = re.compile(r"\bfrom pg_stat_statements\b")


def test_the_catalogue_is_there():
    assert len(ALL) >= 26
    assert len({probe.id for probe in ALL}) == len(ALL)


@pytest.mark.parametrize("file", DATA, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_no_key_is_given_twice(file):
    nodes = [yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(keys) == len(set(keys)), sorted(keys)
            nodes += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value


@pytest.mark.parametrize("probe", ALL, ids=lambda probe: probe.id)
def test_each_statement_reads_and_is_bounded(probe):
    for version in (14, 15, 16, 17, 18):
        assert reading_only.objection(probe.sql_for(version)) is None
    assert "/* backend-performance-probe */" in probe.sql[:60], "own statements are told by this"
    assert re.search(r"\blimit \d+\b", probe.sql) or probe.when_empty is None
    for name in (
        "pg_relation_size",
        "pg_total_relation_size",
        "pg_get_indexdef",
        "pg_get_expr",
        "pg_partition_tree",
        "information_schema.",
    ):
        assert name not in probe.sql, f"{name} waits for locks"


@pytest.mark.parametrize("probe", ALL, ids=lambda probe: probe.id)
def test_each_word_that_changes_with_the_version_occurs(probe):
    for words in probe.versions.values():
        for word in words:
            assert word in probe.sql


@pytest.mark.parametrize("probe", ALL, ids=lambda probe: probe.id)
def test_requirements_are_capabilities(probe):
    assert set(probe.requires) <= set(catalog.capabilities("postgres").capabilities)
    if EXTENSION_VIEW.search(probe.sql):
        assert "pg_stat_statements_readable" in probe.requires
    if "pg_stat_activity" in probe.sql:
        assert "read_all_stats" in probe.requires


@pytest.mark.parametrize("probe", ALL, ids=lambda probe: probe.id)
def test_thresholds_stand_in_the_header_only(probe):
    numbers = {n for rule in probe.rules for n in re.findall(r"\b\d{3,}\b", rule.text)}
    body = re.sub(r"limit \d+", "", probe.sql)
    units = {"100", "128", "1024"}  # per cent, blocks and kB in a MiB
    assert not numbers & set(re.findall(r"\b\d{3,}\b", body)) - units


def test_there_is_no_other_file_in_the_folder():
    folder = default_root() / "scripts/probes/postgres"
    assert {file.suffix for file in folder.iterdir()} == {".sql"}
