"""What configuration files say together: a planted fault, a sound tree, and one not to be known."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from backend_performance.diagnosis.probes import catalog

from tests.diagnosis.config.trees import asked

NGINX = """
    upstream app {{ server web:8000; keepalive 16; {upstream} }}
    server {{
      {server}
      location /api/ {{ proxy_pass http://app; {location} }}
    }}
"""


def compose(web: str, database: str = "", more: str = "") -> dict[str, str]:
    return {
        "compose.yaml": f"""
            services:
              web: {{build: ., {web}}}
              db: {{image: "postgres:17", {database}}}
              {more}
        """
    }


def nginx(command: str, upstream: str = "", server: str = "", location: str = "") -> dict[str, str]:
    proxy = NGINX.format(upstream=upstream, server=server, location=location)
    return compose(f"command: {command}") | {"nginx/app.conf": proxy}


def deployment(container: str, pod: str = "", spec: str = "replicas: 4") -> dict[str, str]:
    return {
        "deploy/api.yaml": f"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {{name: api}}
            spec:
              {spec}
              template:
                spec:
                  {pod}
                  containers:
                    - name: api
                      image: registry.example/api
                      {container}
        """
    }


INGRESS = """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web, annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: "LIMIT"}}
    spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: api}}}]}}]}
"""
#: A script that starts one of two programs.
EITHER = """
    if [ "$ROLE" = web ]; then
    exec gunicorn app --timeout 300
    fi
    exec celery -A app worker
"""


HPA = """
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: api}
    spec:
      scaleTargetRef: {kind: Deployment, name: api}
      maxReplicas: 20
"""
URL = "env: [{name: DATABASE_URL, value: 'postgresql://u:hunter2@db/shop?pool_size=10'}]"
RULES = """
    groups:
      - name: api
        rules:
          - alert: Errors
            expr: rate(errors_total{job="api"}[%s]) > 1
"""
SCRAPES = """
    global: {scrape_interval: 30s}
    scrape_configs: [{job_name: %s}]
"""
REDIS = """
    services:
      web:
        build: .
        environment: {%s}
      redis: {image: "redis:8", command: "redis-server %s"}
"""


class Case(NamedTuple):
    probe: str
    verdict: str
    name: str
    files: dict[str, str]
    place: str = ""


POOL = "environment: {DB_POOL_SIZE: 20}"
CASES = (
    Case("connection-budget", "fail", "limit written",
         compose(f"{POOL}, scale: 4", "command: postgres -c max_connections=60"), "compose.yaml:3"),
    Case("connection-budget", "judge", "limit by default", compose(f"{POOL}, scale: 6")),
    Case("connection-budget", "pass", "enough", compose(f"{POOL}, scale: 3")),
    Case("connection-budget", "unknown", "no pool", compose("scale: 3")),
    Case("connection-budget", "judge", "autoscaler",
         deployment(URL) | {"deploy/hpa.yaml": HPA}),
    Case("connection-budget", "unknown", "autoscaler left out", deployment(URL)),
    Case("connection-budget", "judge", "only during a deploy", deployment(URL, spec="replicas: 9")
         | {"postgresql.conf": "max_connections = 100"}),
    Case("connection-budget", "pass", "a pool that belongs to another program",
         compose(POOL, "environment: {DB_POOL_SIZE: 500}")),
    Case("timeout-chain", "fail", "application after proxy",
         nginx("gunicorn app --timeout 120"), "compose.yaml:3"),
    Case("timeout-chain", "pass", "application before proxy", nginx("gunicorn app --timeout 20")),
    Case("timeout-chain", "pass", "a longer limit at the location",
         nginx("gunicorn app --timeout 120", location="proxy_read_timeout 130s;")),
    Case("timeout-chain", "fail", "application after the ingress",
         deployment("command: [gunicorn, app, --timeout, '300']")
         | {"deploy/ingress.yaml": INGRESS.replace("LIMIT", "120")}, "deploy/api.yaml:13"),
    Case("timeout-chain", "pass", "application before the ingress",
         deployment("command: [gunicorn, app, --timeout, '300']")
         | {"deploy/ingress.yaml": INGRESS.replace("LIMIT", "310")}),
    Case("timeout-chain", "fail", "mail after the application",
         compose("command: gunicorn app") | {"settings.py": "EMAIL_TIMEOUT = 60"}, "settings.py:1"),
    Case("timeout-chain", "pass", "mail before the application",
         compose("command: gunicorn app") | {"settings.py": "EMAIL_TIMEOUT = 5"}),
    Case("timeout-chain", "judge", "read ends with the call",
         compose("command: java -jar a.jar") | {"application.yml": """
            hystrix.command.default.execution.isolation.thread.timeoutInMilliseconds: 20000
            ribbon: {ReadTimeout: 20000}
         """}, "application.yml:3"),
    Case("timeout-chain", "unknown", "either of two programs",
         compose("command: ./start.sh") | {"start.sh": EITHER, "nginx/app.conf":
         NGINX.format(upstream="", server="", location="")}),
    Case("timeout-chain", "judge", "no statement limit",
         compose("command: gunicorn app, environment: {DB_POOL_SIZE: 5}")),
    Case("timeout-chain", "pass", "statement before request",
         compose("command: gunicorn app, environment: {DB_POOL_SIZE: 5}",
                 "command: postgres -c statement_timeout=5s")),
    Case("timeout-chain", "unknown", "nothing stated", compose("scale: 1")),
    Case("keep-alive-order", "fail", "server closes first", nginx("uvicorn app:app"),
         "nginx/app.conf:2"),
    Case("keep-alive-order", "pass", "server idles longer",
         nginx("uvicorn app:app --timeout-keep-alive 75")),
    Case("keep-alive-order", "pass", "proxy idles shorter",
         nginx("uvicorn app:app", upstream="keepalive_timeout 3s;")),
    Case("keep-alive-order", "unknown", "unknown program", nginx("./server")),
    Case("proxy-locations", "judge", "JSON left out",
         nginx("./server", server="gzip on; gzip_types text/css;")),
    Case("proxy-locations", "pass", "JSON compressed",
         nginx("./server", server="gzip on; gzip_types application/json;")),
    Case("proxy-locations", "judge", "unbuffered", nginx("./server", location="proxy_buffering off;"
         " gzip on; gzip_types application/json;"), "nginx/app.conf:5"),
    Case("proxy-locations", "not_applicable", "a WebSocket",
         nginx("./server", location="proxy_set_header Upgrade $http_upgrade;")),
    Case("memory-limit", "fail", "heap above the limit",
         compose("command: java -Xmx2g -jar app.jar, mem_limit: 2g")),
    Case("memory-limit", "fail", "heap of a search engine",
         compose("scale: 1", more="es: {image: elasticsearch, mem_limit: 1g, "
                 "environment: {ES_JAVA_OPTS: -Xmx1g}}")),
    Case("memory-limit", "judge", "no room",
         compose("command: node --max-old-space-size=900 server.js, mem_limit: 1g")),
    Case("memory-limit", "pass", "room", compose("command: java -Xmx1g -jar a.jar, mem_limit: 2g")),
    Case("memory-limit", "judge", "default heap",
         compose("command: java -jar a.jar, mem_limit: 2g")),
    Case("memory-limit", "unknown", "no limit", compose("command: java -Xmx2g -jar app.jar")),
    Case("cpu-limit", "judge", "many workers",
         compose("command: gunicorn app -w 8, cpus: 1")),
    Case("cpu-limit", "pass", "few workers", compose("command: gunicorn app -w 3, cpus: 1")),
    Case("cpu-limit", "judge", "serial collector", compose("command: java -jar a.jar, cpus: 1")),
    Case("eviction-policy", "fail", "queue evicted",
         {"compose.yaml": REDIS % ("CELERY_BROKER_URL: 'redis://redis/0'",
                                   "--maxmemory 1gb --maxmemory-policy allkeys-lru")}),
    Case("eviction-policy", "judge", "cache and queue",
         {"compose.yaml": REDIS % ("CACHE_URL: 'redis://redis/1', QUEUE: 'redis://redis'", "")}),
    Case("eviction-policy", "pass", "queue kept",
         {"compose.yaml": REDIS % ("CELERY_BROKER_URL: 'redis://redis/0'", "")}),
    Case("eviction-policy", "pass", "cache evicted",
         {"compose.yaml": REDIS % ("CACHE_URL: 'redis://redis/0'",
                                   "--maxmemory 1gb --maxmemory-policy allkeys-lru")}),
    Case("eviction-policy", "unknown", "no use named", {"compose.yaml": REDIS % ("A: b", "")}),
    Case("liveness", "fail", "asks the database",
         deployment("livenessProbe: {exec: {command: [sh, -c, 'pg_isready -h db']}}")),
    Case("liveness", "judge", "same path", deployment(
        "livenessProbe: {httpGet: {path: /health}}\n                      "
        "readinessProbe: {httpGet: {path: /health}}")),
    Case("liveness", "pass", "own path", deployment("livenessProbe: {httpGet: {path: /livez}}")),
    Case("shutdown", "judge", "no hook", deployment("ports: [{containerPort: 80}]")),
    Case("shutdown", "judge", "hook as long as the grace period", deployment(
        "ports: [{containerPort: 80}]\n                      "
        "lifecycle: {preStop: {exec: {command: [sleep, '30']}}}")),
    Case("shutdown", "pass", "hook", deployment(
        "ports: [{containerPort: 80}]\n                      "
        "lifecycle: {preStop: {sleep: {seconds: 5}}}")),
    Case("alerts", "fail", "one sample", {"r.yml": RULES % "30s", "p.yml": SCRAPES % "api"}),
    Case("alerts", "judge", "other job", {"r.yml": RULES % "5m", "p.yml": SCRAPES % "web"}),
    Case("alerts", "pass", "can fire", {"r.yml": RULES % "5m", "p.yml": SCRAPES % "api"}),
    Case("postgres-settings", "fail", "fsync off", {"postgresql.conf": "fsync = off"},
         "postgresql.conf:1"),
    Case("postgres-settings", "judge", "default buffers in a large container",
         compose("scale: 1", "mem_limit: 8g")),
    Case("postgres-settings", "pass", "sound", {"postgresql.conf": "shared_buffers = '2GB' # ok"}),
    Case("mysql-settings", "judge", "relaxed commits",
         {"my.cnf": "[mysqld]\ninnodb-flush-log-at-trx-commit = 2\ninnodb_buffer_pool_size = 4G"}),
    Case("mysql-settings", "pass", "sound", {"my.cnf": "[mysqld]\ninnodb_buffer_pool_size = 4G"}),
    Case("pgbouncer", "fail", "pool above the server", {
        "pgbouncer.ini": "[pgbouncer]\ndefault_pool_size = 200\npool_mode = transaction",
        "postgresql.conf": "max_connections = 100"}),
    Case("pgbouncer", "judge", "session mode",
         {"pgbouncer.ini": "[pgbouncer]\nmax_client_conn = 500"}),
    Case("pgbouncer", "pass", "transaction mode",
         {"pgbouncer.ini": "[pgbouncer]\npool_mode = transaction\nmax_client_conn = 500"}),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.probe}-{case.name}")
def test_a_probe_answers(tmp_path, case):
    evidence = asked(tmp_path, case.files, case.probe)
    assert evidence.verdict == case.verdict, (evidence.reason, evidence.rows)
    if case.place:
        assert case.place in str(evidence.rows[0])


def test_every_probe_has_a_finding_and_something_it_lets_pass():
    probes = {probe.id.partition("/")[2] for probe in catalog.load("config")}
    found = {case.probe for case in CASES if case.verdict in ("fail", "judge")}
    silent = {case.probe for case in CASES if case.verdict == "pass"}
    assert found == silent == probes


def test_no_file_is_not_a_pass(tmp_path):
    evidence = asked(tmp_path, {"README.md": "nothing"}, "memory-limit")
    assert evidence.verdict == "unknown"
