"""Each probe on a real server: a planted problem, a clean database, and one it cannot know."""

from __future__ import annotations

from typing import Any

import pytest
from backend_performance.diagnosis.probes import catalog

from harness.servers.engines import require_or_skip
from tests.diagnosis.postgres.cases import CASES
from tests.probe_cases import assert_answers, find


def needs_statements(case: Any) -> bool:
    """Whether the case is about what the extension records, or about the extension itself."""
    return (
        case.probe == "statistics-tracking"
        or "pg_stat_statements" in " ".join(case.setup)
        or "pg_stat_statements_readable" in find("postgres", case.probe).requires
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.probe}-{case.name}")
def test_a_probe_finds_passes_and_admits(new_database, case):
    if needs_statements(case):
        require_or_skip("pg_stat_statements")
    database = new_database(*case.setup)
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
    # what needs other settings of the server is clean in the test of the well-kept server
    for name in ("settings", "statistics-tracking"):
        verdicts[name].add("pass")
    # and what needs a server with standbys has a test of its own
    verdicts["replication-slots"] |= {"judge", "pass"}
    verdicts["replication-lag"] |= {"judge", "pass"}
    verdicts["standby-lag"] |= {"fail", "pass", "unknown"}
    # this one is for newer servers, and has a test of its own too
    verdicts["io-by-backend"] = {"judge", "pass", "unknown"}
    for probe in catalog.load("postgres"):
        found = verdicts[probe.id.partition("/")[2]]
        assert {"pass", "unknown"} <= found and found & {"fail", "judge"}, probe.id
