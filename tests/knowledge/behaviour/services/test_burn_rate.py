"""The burn-rate rules of the monitoring page, checked and run by promtool."""

from __future__ import annotations

import json
import subprocess

import pytest

from harness.servers.engines import require_or_skip
from tests.knowledge.behaviour.page_code import block

pytestmark = pytest.mark.server
PAGE = "references/profiling-and-monitoring.md#the-rules-file"
ROUTE = 'http_route="/orders"'


@pytest.fixture
def promtool(tmp_path):
    installation = require_or_skip("prometheus")
    (tmp_path / "rules.yml").write_text(block(PAGE, "groups:"), encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(installation.promtool), *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    return run


def test_the_rules_are_a_valid_file(promtool):
    done = promtool("check", "rules", "rules.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 rules found" in done.stdout


#: Samples of a minute: all requests, those that are good, and the alert that fires at 120 minutes.
TRAFFIC = {
    "every request fails and no good one was ever seen": (
        "0+60x400",
        None,
        "OrdersBudgetBurnsFast",
    ),
    "the process vanished ten minutes ago": ("0+60x110", "0+60x110", "OrdersTrafficGone"),
    "all is well": ("0+60x400", "0+60x400", None),
    "one in a hundred fails": ("0+100x400", "0+99x400", None),
}


@pytest.mark.parametrize("name", TRAFFIC)
def test_one_page_fires_for_each_kind_of_outage(promtool, tmp_path, name):
    requests, good, fires = TRAFFIC[name]
    series = [{
        "series": f"http_server_request_duration_seconds_count{{{ROUTE}}}", "values": requests
    }]  # fmt: skip
    if good:
        labels = f'{ROUTE},http_response_status_code="200",le="0.25"'
        series.append(
            {"series": f"http_server_request_duration_seconds_bucket{{{labels}}}", "values": good}
        )
    alert = {
        "exp_labels": {"severity": "page"},
        "exp_annotations": {"runbook_url": "https://runbooks.example/orders"},
    }
    test = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": series,
            "alert_rule_test": [{
                "eval_time": "120m",
                "alertname": page,
                "exp_alerts": [alert] if page == fires else [],
            } for page in ("OrdersBudgetBurnsFast", "OrdersTrafficGone")],
        }],
    }  # fmt: skip
    (tmp_path / "test.yml").write_text(json.dumps(test), encoding="utf-8")
    done = promtool("test", "rules", "test.yml")
    assert done.returncode == 0, done.stdout + done.stderr
