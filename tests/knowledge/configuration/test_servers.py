"""Every block of tested configuration for servers is loaded by the program that it is for."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.servers.child import foreground, free_port, temporary_directory, unprivileged_account
from harness.servers.engines import missing, require_or_skip
from harness.servers.lookup import installed
from tests.knowledge.code_blocks import Block, blocks

PAGE = "references/configuration-servers.md"
BLOCKS = blocks(PAGE)
#: A third of it opens connections for a deploy; see the page's example.
DATABASE_BUDGET, PROCESSES, POOL = 87, 2, 4


def of(check: str) -> list[Block]:
    found = [block for block in BLOCKS if block.attributes.get("check") == check]
    assert found, f"the page has no block for {check}"
    return found


def documents() -> dict[str, dict[str, Any]]:
    """Return the manifests of the page by their kind."""
    loaded = [each for block in of("kubernetes") for each in yaml.safe_load_all(block.code)]
    return {each["kind"]: each for each in loaded}


def test_every_block_is_checked_by_a_test():
    known = {"kubernetes", "nginx", "redis", "pgbouncer", "collector", "prometheus"}
    assert {block.attributes.get("check", block.language) for block in BLOCKS} == known | {"sql"}


@pytest.mark.parametrize("kind", ["Deployment", "PodDisruptionBudget", "HorizontalPodAutoscaler"])
def test_a_manifest_fits_the_schema_of_kubernetes(kind):
    kubernetes_validate = pytest.importorskip(
        "kubernetes_validate", reason="pip install kubernetes-validate"
    )
    version = kubernetes_validate.latest_version()
    kubernetes_validate.validate(documents()[kind], version, strict=True)


def test_the_manifests_belong_together():
    found = documents()
    deployment, scaler = found["Deployment"], found["HorizontalPodAutoscaler"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    for selector in (deployment["spec"], found["PodDisruptionBudget"]["spec"]):
        assert selector["selector"]["matchLabels"].items() <= labels.items()
    assert scaler["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert scaler["spec"]["minReplicas"] == deployment["spec"]["replicas"]


def test_the_largest_deploy_fits_the_database():
    found = documents()
    surge = found["Deployment"]["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    pods = found["HorizontalPodAutoscaler"]["spec"]["maxReplicas"] + surge
    assert pods * PROCESSES * POOL <= DATABASE_BUDGET
    [limit] = [int(n) for b in BLOCKS for n in re.findall(r"CONNECTION LIMIT (\d+)", b.code)]
    assert pods * PROCESSES * POOL <= limit < DATABASE_BUDGET


def test_a_pod_ends_later_than_its_last_request():
    pod = documents()["Deployment"]["spec"]["template"]["spec"]
    waits = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    [nginx] = [b for b in of("nginx") if "proxy_read_timeout" in b.code]
    (longest,) = re.findall(r"proxy_read_timeout (\d+)s", nginx.code)
    assert waits + int(longest) < pod["terminationGracePeriodSeconds"]


def test_the_projects_own_reader_finds_no_fault_in_them(tmp_path, capsys):
    pytest.importorskip("crossplane")
    from backend_performance.commands.probe import main

    names = {"kubernetes": "k8s-{}.yaml", "nginx": "nginx-{}.conf", "pgbouncer": "pgbouncer.ini"}
    for check, name in names.items():
        for number, block in enumerate(of(check)):
            code = f"events {{}}\nhttp {{\n{block.code}}}\n" if check == "nginx" else block.code
            (tmp_path / name.format(number)).write_text(code, encoding="utf-8")
    code = main(["config", str(tmp_path)])
    out = capsys.readouterr().out
    assert code == 0, out


@pytest.mark.parametrize("block", of("nginx"), ids=lambda block: block.name)
def test_nginx_takes_it(block, tmp_path):
    nginx = installed("nginx", path="/usr/sbin")
    if not nginx:
        missing("nginx is not on this machine: apt-get install nginx")
    code = block.code.replace("/var/cache/nginx", str(tmp_path))
    file = tmp_path / "nginx.conf"
    file.write_text(
        f"pid {tmp_path}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n"
        f"access_log off;\n{code}\n}}\n",
        encoding="utf-8",
    )
    command = [nginx, "-t", "-e", "stderr", "-p", tmp_path, "-c", file]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def cache() -> Iterator[Any]:
    redis = pytest.importorskip("redis")
    installation = require_or_skip("redis")
    account = unprivileged_account("redis")
    with temporary_directory("bp-redis-", account) as directory:
        port = free_port()
        file = directory / "redis.conf"
        file.write_text(of("redis")[0].code + f"port {port}\nbind 127.0.0.1\ndir {directory}\n")
        file.chmod(0o644)

        def ready() -> bool:
            try:
                return bool(redis.Redis(port=port).ping())
            except redis.RedisError:
                return False

        with foreground([installation.server, file], directory, account, ready=ready):
            yield lambda **login: redis.Redis(port=port, decode_responses=True, **login)


@pytest.mark.server
def test_redis_starts_as_a_cache(cache):
    redis = pytest.importorskip("redis")
    admin = cache()
    assert admin.config_get("maxmemory*")["maxmemory-policy"] == "allkeys-lru"
    assert admin.config_get("latency-monitor-threshold")["latency-monitor-threshold"] == "100"
    assert admin.config_get("save")["save"] == ""
    app = cache(username="app", password="change-me")
    assert app.set("cache:1", "x") and app.get("cache:1") == "x"
    for refused in (["KEYS", "*"], ["FLUSHALL"], ["CONFIG", "GET", "*"], ["SET", "other", "x"]):
        with pytest.raises(redis.exceptions.NoPermissionError):
            app.execute_command(*refused)


@pytest.mark.server
def test_pgbouncer_starts_with_it():
    psycopg = pytest.importorskip("psycopg")
    binary = require_or_skip("pgbouncer")
    told = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout
    version = tuple(int(number) for number in re.findall(r"\d+", told)[:2])
    port = free_port()
    code = of("pgbouncer")[0].code.replace("listen_port = 6432", f"listen_port = {port}")
    if version < (1, 21):  # as the comment above the line says
        code = re.sub(r"(?m)^max_prepared_statements.*\n", "", code)
    account = unprivileged_account("postgres")
    with temporary_directory("bp-pgb-", account) as directory:
        users, settings = directory / "users.txt", directory / "pgbouncer.ini"
        users.write_text('"admin" "secret"\n')
        code = code.replace("users.txt", str(users)) + "unix_socket_dir =\nadmin_users = admin\n"
        settings.write_text(code)
        for file in (users, settings):
            file.chmod(0o644)
        console = f"postgresql://admin:secret@127.0.0.1:{port}/pgbouncer"

        def ready() -> bool:
            try:
                psycopg.connect(console, autocommit=True).close()
            except psycopg.OperationalError:
                return False
            return True

        with (
            foreground([binary, settings], directory, account, ready=ready, stop=signal.SIGINT),
            psycopg.connect(console, autocommit=True) as admin,
        ):
            cursor = psycopg.ClientCursor(admin)
            shown = {row[0]: row[1] for row in cursor.execute("SHOW CONFIG").fetchall()}
    assert shown["pool_mode"] == "transaction"
    assert (shown["query_wait_timeout"], shown["server_login_retry"]) == ("5", "1")


def test_the_collector_is_wired_completely():
    [block] = of("collector")
    loaded = yaml.safe_load(block.code)
    pipelines = loaded["service"]["pipelines"]
    connectors = set(loaded["connectors"])
    used: dict[str, set[str]] = {"receivers": set(), "processors": set(), "exporters": set()}
    for pipeline in pipelines.values():
        for kind, names in pipeline.items():
            used[kind] |= set(names)
        if "memory_limiter" in pipeline["processors"]:
            assert pipeline["processors"][0] == "memory_limiter"
    for kind, names in used.items():
        assert names - connectors == set(loaded[kind])
    assert connectors <= used["receivers"] and connectors <= used["exporters"]
    sampled = [name for name, p in pipelines.items() if "tail_sampling" in p["processors"]]
    assert [p["exporters"] for n, p in pipelines.items() if "spanmetrics" in p["exporters"]]
    assert all("spanmetrics" not in pipelines[name]["exporters"] for name in sampled)


#: Series for seventy minutes, and the alerts that fire at the end of them.
FIRING = [
    (
        {
            'pg_stat_activity_count{instance="a",state="idle"}': "95x80",
            'pg_settings_max_connections{instance="a"}': "100x80",
        },
        "PostgresConnectionsNearLimit",
        'instance="a"',
    ),
    (
        {
            'kafka_consumergroup_lag{consumergroup="g",partition="0"}': "900x80",
            'kafka_consumergroup_current_offset{consumergroup="g",partition="0"}': "7x80",
        },
        "ConsumerBehind",
        'consumergroup="g"',
    ),
    ({'up{job="other",instance="x"}': "1x80"}, "TargetMissing", 'job="api"'),
]


def _promtool() -> Path:
    found = installed("promtool")
    if not found:
        missing("promtool is not on this machine: apt-get install prometheus")
    return found


def test_prometheus_takes_the_rules(tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text(of("prometheus")[0].code)
    done = subprocess.run([_promtool(), "check", "rules", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("series", "alert", "labels"), FIRING, ids=[case[1] for case in FIRING])
def test_an_alert_fires(tmp_path, series, alert, labels):
    rules = yaml.safe_load(of("prometheus")[0].code)
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules))
    [rule] = [r for r in rules["groups"][0]["rules"] if r["alert"] == alert]
    expected = dict(pair.split("=") for pair in labels.replace('"', "").split(","))
    test = {
        "rule_files": ["rules.yaml"],
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": s, "values": v} for s, v in series.items()],
                "alert_rule_test": [
                    {
                        "eval_time": "70m",
                        "alertname": alert,
                        "exp_alerts": [
                            {
                                "exp_labels": expected | rule["labels"],
                                "exp_annotations": rule["annotations"],
                            }
                        ],
                    }
                ],
            }
        ],
    }
    file = tmp_path / "test.yaml"
    file.write_text(yaml.safe_dump(test))
    done = subprocess.run([_promtool(), "test", "rules", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
