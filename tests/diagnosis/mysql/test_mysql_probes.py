"""Each probe on real servers: a planted problem, a clean schema, and one it cannot know."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis.probes import catalog

from tests.diagnosis.mysql.cases import CASES
from tests.diagnosis.mysql.cases.planting import (
    CHILD,
    FULL,
    PARENT,
    PLAIN,
    WIDE,
    other_session,
    times,
)
from tests.diagnosis.mysql.mysql_servers import make_database
from tests.probe_cases import assert_answers


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.probe}-{case.name}")
def test_a_probe_finds_passes_and_admits(new_schema, case):
    database = new_schema(*case.setup)
    case.traffic(database)
    with case.during(database):
        evidence = database.ask(
            case.probe, case.role, dict(case.thresholds), parameters=case.parameters
        )
    assert_answers(case, evidence)


def test_every_probe_has_a_planted_a_clean_and_an_unknown_case():
    verdicts: dict[str, set[str]] = {}
    for case in CASES:
        verdicts.setdefault(case.probe, set()).add(case.verdict)
    # clean on the well-kept server; every role may read the settings of any server that is asked
    verdicts["settings"] |= {"pass", "unknown"}
    for probe in catalog.load("mysql"):
        found = verdicts[probe.id.partition("/")[2]]
        assert {"pass", "unknown"} <= found and found & {"fail", "judge"}, probe.id


def test_without_performance_schema_nothing_passes_that_needs_it(deaf_server):
    """MariaDB's default: an empty view must not read as a server without problems."""
    database = make_database(deaf_server, WIDE, "create index idle on wide (a)")
    FULL(database)
    run = database.run()
    needing = [p.id for p in catalog.load("mysql") if "performance_schema" in p.requires]
    assert len(needing) >= 7
    for evidence in run.evidence:
        if evidence.probe in needing:
            assert evidence.verdict == "unknown"
            assert "performance_schema=ON" in evidence.reason
    settings = next(e for e in run.evidence if e.probe == "mysql/settings")
    values = {row["name"]: row["value"] for row in settings.rows}
    assert values["performance_schema"] == "OFF"
    assert values["innodb_buffer_pool_size"].endswith("MB"), "nobody reads bytes"


def test_a_well_kept_server_has_no_finding(well_kept_server):
    database = make_database(well_kept_server, PARENT, CHILD, PLAIN)
    times(150, "select id, note from child where parent_id = 7 limit 10")(database)
    with other_session(database):
        run = database.run(parameters={"pool_total": 40})
    verdicts = {e.probe.partition("/")[2]: e for e in run.evidence}
    assert not [e for e in run.evidence if e.verdict in ("fail", "judge")]
    assert verdicts["settings"].verdict == "pass"
    assert sum(e.verdict == "pass" for e in run.evidence) >= 12
