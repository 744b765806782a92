"""One plan of MySQL or MariaDB in every form: the finding is the same."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis import plan

from tests.diagnosis.plan.written_mysql_plans import MYSQL_FORMS, TABLES


@pytest.mark.parametrize("form", MYSQL_FORMS)
def test_the_finding_of_mysql_is_the_same_in_every_form(form):
    engine, facts, evidence = plan.examine(plan.read(MYSQL_FORMS[form]))
    said = {one.probe.removeprefix("explain/"): one for one in evidence}
    row = said["full-scan-discards"].rows[0]
    assert (engine, said["full-scan-discards"].verdict) == ("mysql", "fail")
    assert (row["removed_rows"], row["kept_rows"]) == (pytest.approx(59_690, abs=1), 310)
    assert row["try"] == "ALTER TABLE parcel ADD INDEX (state);"
    assert facts["execution_ms"] == 184


@pytest.mark.parametrize("form", TABLES)
def test_a_table_of_mysql_is_read_in_every_form(form):
    (found,) = plan.read(TABLES[form]).plans
    assert [node.relation for node in found.nodes if node.access] == ["p", "d", "s"]
    verdicts = {one.probe: one.verdict for one in plan.examine(plan.read(TABLES[form]))[2]}
    assert verdicts == {
        "explain/full-scan-discards": "judge",
        "explain/sort-or-temporary-table": "judge",
        "explain/join-buffer": "judge",
        "explain/full-index-scan": "judge",
        "explain/plan": "unknown",
    }
