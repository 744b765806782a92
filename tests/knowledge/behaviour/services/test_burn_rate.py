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


def test_the_rules_are_a_valid_file_with_three_alerts(promtool):
    done = promtool("check", "rules", "rules.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 rules found" in done.stdout


#: What a minute adds: all requests, those that are good.
TRAFFIC = {
    "every request fails and no good one was ever seen": ("0+60x400", None, True),
    "all is well": ("0+60x400", "0+60x400", False),
    "one in a hundred fails": ("0+100x400", "0+99x400", False),
}


@pytest.mark.parametrize("name", TRAFFIC)
def test_the_fast_alert_fires_when_the_budget_burns(promtool, tmp_path, name):
    requests, good, fires = TRAFFIC[name]
    series = [{
        "series": f'http_server_request_duration_seconds_count{{{ROUTE}}}', "values": requests
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
                "alertname": "OrdersBudgetBurnsFast",
                "exp_alerts": [alert] if fires else [],
            }],
        }],
    }  # fmt: skip
    (tmp_path / "test.yml").write_text(json.dumps(test), encoding="utf-8")
    done = promtool("test", "rules", "test.yml")
    assert done.returncode == 0, done.stdout + done.stderr
