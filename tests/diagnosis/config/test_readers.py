"""What each kind of configuration file states, in canonical settings: bytes, seconds, counts."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis.config import assemble

from tests.diagnosis.config.trees import written

MIB = 2**20
STATED = (
    ("compose, exec form", "compose.yaml",
     "services: {web: {build: ., command: [gunicorn, -w4, --timeout=90, app]}}",
     {"processes": 4, "request_timeout": 90}),
    ("compose, shell script", "compose.yaml",
     "services: {web: {build: ., command: sh -c 'migrate && exec gunicorn -w 4 app'}}",
     {"processes": 4}),
    ("compose, module", "compose.yaml",
     "services: {web: {build: ., command: python -m uvicorn app:app --workers 3}}",
     {"processes": 3, "keep_alive": 5}),
    ("compose, default of a variable", "compose.yaml",
     "services: {web: {build: ., environment: ['WEB_CONCURRENCY=${WORKERS:-6}']}}",
     {"processes": 6}),
    ("compose, variable without a default", "compose.yaml",
     "services: {web: {build: ., environment: ['WEB_CONCURRENCY=${WORKERS}']}}",
     {"processes": None}),
    ("compose, limits", "compose.yaml",
     "services: {web: {image: x, deploy: {replicas: 3, resources:"
     " {limits: {memory: 512M, cpus: '0.5'}}}}}",
     {"replicas": 3, "memory_limit": 512 * MIB, "cpu_limit": 0.5}),
    ("compose, merged mapping", "compose.yaml",
     "x-a: &a {mem_limit: 1g}\nservices: {web: {<<: *a, image: x}}", {"memory_limit": 1024 * MIB}),
    ("compose, address", "compose.yaml",
     "services: {web: {build: ., environment:"
     " {DATABASE_URL: 'postgres://u:p@db/x?connection_limit=7'}}}",
     {"pool_size": 7}),
    ("compose, Spring's variables", "compose.yaml",
     "services: {web: {build: ., command: java -jar a.jar, environment:"
     " {SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE: 25, JAVA_OPTS: -Xmx512m}}}",
     {"pool_size": 25, "heap_limit": 512 * MIB}),
    ("kubernetes", "k8s/api.yaml",
     "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {replicas: 2, template:"
     " {spec: {containers: [{name: a, args: [gunicorn, app],"
     " resources: {limits: {cpu: 500m, memory: 1Gi}}}]}}}",
     {"replicas": 2, "cpu_limit": 0.5, "memory_limit": 1024 * MIB}),
    ("systemd", "api.service",
     "[Service]\nExecStart=/bin/gunicorn --workers 5 \\\n  app\nMemoryMax=2G\nTimeoutStopSec=90",
     {"processes": 5, "memory_limit": 2048 * MIB, "grace_period": 90}),
    ("procfile", "Procfile", "web: bundle exec puma -t 2:8 -w ${WEB_CONCURRENCY:-3}",
     {"threads": 8, "processes": 3}),
    ("dockerfile", "Dockerfile",
     'FROM x\nENV GUNICORN_TIMEOUT=40\nCMD ["gunicorn", "app", "-w", "2"]',
     {"processes": 2, "request_timeout": 40}),
    ("gunicorn", "gunicorn.conf.py",
     "import os\nworkers = int(os.getenv('W', '7'))\ntimeout: int = 33",
     {"processes": 7, "request_timeout": 33}),
    ("gunicorn, computed", "gunicorn.conf.py", "from os import cpu_count\nworkers = cpu_count()",
     {"processes": None}),
    ("puma", "config/puma.rb",
     'max = ENV.fetch("RAILS_MAX_THREADS", 5)\nthreads 1, max\n'
     "workers ENV.fetch('WEB_CONCURRENCY') { 2 }",
     {"threads": 5, "processes": 2}),
    ("rails", "config/database.yml",
     "default: &d\n  pool: <%= ENV.fetch(\"RAILS_MAX_THREADS\") { 9 } %>\nproduction:\n  <<: *d\n"
     "  variables: {statement_timeout: 15000}",
     {"pool_size": 9, "statement_timeout": 15}),
    ("django", "app/settings.py",
     "DATABASES = {'default': {'OPTIONS': {'pool': {'max_size': 12},"
     " 'options': '-c statement_timeout=3s'}}}",
     {"pool_size": 12, "statement_timeout": 3}),
    ("spring, nested", "src/application.yml",
     "spring:\n  datasource:\n    hikari:\n"
     "      maximum-pool-size: ${POOL:30}\n      connection-timeout: 2500",
     {"pool_size": 30, "pool_wait": 2.5}),
    ("spring, properties", "src/application.properties",
     "# c\nserver.tomcat.threads.max=50\nspring.mvc.async.request-timeout=10s",
     {"threads": 50, "request_timeout": 10}),
    ("php-fpm", "docker/www.conf", "[www]\npm.max_children = 40\nrequest_terminate_timeout = 30s",
     {"processes": 40, "request_timeout": 30}),
    ("postgres", "postgresql.conf",
     "max_connections 200 # c\nwork_mem = '16MB'\nshared_buffers = 1000",
     {"max_connections": 200, "work_mem": 16 * MIB, "shared_buffers": 8_192_000}),
    ("mysql", "my.cnf", "[client]\nmax_connections=1\n[mysqld]\nmax-connections = 400",
     {"max_connections": 400}),
    ("redis", "redis.conf", "# maxmemory 1gb\nmaxmemory 2gb\nmaxmemory-policy allkeys-lru",
     {"maxmemory": 2048 * MIB, "eviction_policy": "allkeys-lru"}),
    ("pgbouncer", "pgbouncer.ini",
     "[databases]\npool_mode = x\n[pgbouncer]\npool_mode = transaction",
     {"pool_mode": "transaction"}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "file", "text", "expected"), STATED, ids=[s[0] for s in STATED])
def test_a_file_states_its_settings(tmp_path, name, file, text, expected):
    found = assemble.configuration(written(tmp_path, {file: text}))
    assert found.unread == ()
    values = {key: setting.value for one in found.services for key, setting in one.settings.items()}
    assert {key: values.get(key, "nothing") for key in expected} == expected


def test_the_files_of_a_project_configure_the_workload_built_from_their_folder(tmp_path):
    files = {
        "compose.yaml": "services: {a: {build: ./a}, b: {build: ./b}, other: {image: an/other}}",
        "a/Dockerfile": "CMD gunicorn app",
        "a/gunicorn.conf.py": "workers = 3",
        "b/Dockerfile": "CMD java -jar b.jar",
        "b/src/application.properties": "spring.datasource.hikari.maximum-pool-size=8",
    }
    found = assemble.configuration(written(tmp_path, files))
    services = {one.name: one for one in found.workloads()}
    assert services["a"].number("processes") == 3 and services["a"].number("pool_size") is None
    assert services["b"].number("pool_size") == 8
    assert services["other"].settings == {}


IMAGES = "services: {a: {image: one/a}, b: {image: one/b}}"
BUILT = "services: {a: {build: {context: ., dockerfile: %s}}, x: {image: an/other}}"
MANIFEST = """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: %s}
    spec: {template: {spec: {containers: [{image: own/%s, ports: [{containerPort: 5432}]}]}}}
    ---
    apiVersion: v1
    kind: ConfigMap
    data:
      postgresql.conf: |
        # sized by hand
        shared_buffers = %s
"""
JOINED = (
    ("a script of the tree that a command runs",
     {"compose.yaml": "services: {a: {image: x, command: ./bin/start-a.sh}}",
      "bin/start-a.sh": "#!/bin/sh\n# exec uvicorn app\nnpm run build\n"
      "exec gunicorn \\\n  -w 3 app\n"},
     {"a": ("gunicorn", {"processes": 3.0})}),
    ("the Dockerfile that is named",
     {"compose.yaml": BUILT % "Dockerfile.web", "Dockerfile": "CMD celery -A a worker -c 9",
      "Dockerfile.web": "CMD gunicorn -w 2 app"},
     {"a": ("gunicorn", {"processes": 2.0}), "x": ("", {"processes": None})}),
    ("a script that an image starts",
     {"compose.yaml": BUILT % "Dockerfile", "Dockerfile": 'CMD ["/app/entrypoint.sh"]',
      "app/entrypoint.sh": "puma -w 4"},
     {"a": ("puma", {"processes": 4.0})}),
    ("files of ConfigMaps beside their server, which its port shows",
     {"db/a.yaml": MANIFEST % ("a", "a", "1GB"), "db/b/b.yaml": MANIFEST % ("b", "b", "2GB")},
     {"a": ("postgres", {"shared_buffers": 1024 * MIB}),
      "b": ("postgres", {"shared_buffers": 2048 * MIB})}),
    ("a file of the project, and images of which none is known to read it",
     {"compose.yaml": IMAGES, "application.properties":
      "spring.datasource.hikari.maximum-pool-size=30"},
     {"a": ("", {"pool_size": None}), "b": ("", {"pool_size": None})}),
    ("images that only sound like a server",
     {"compose.yaml": "services: {a: {image: mongo-express}, b: {image: 'redis-exporter:1'}}"},
     {"a": ("", {}), "b": ("", {})}),
    ("folders of tests and development",
     {"compose.yaml": "services: {a: {image: x, mem_limit: 1g}}",
      "unittests/compose.yaml": "services: {b: {image: x, mem_limit: 1g}}",
      "deploy/dev/compose.yaml": "services: {b: {image: x, mem_limit: 1g}}"},
     {"a": ("", {"memory_limit": 1024 * MIB})}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "tree", "expected"), JOINED, ids=[one[0] for one in JOINED])
def test_what_a_workload_starts_and_reads_is_found_in_the_tree(tmp_path, name, tree, expected):
    found = assemble.configuration(written(tmp_path, tree))
    assert found.unread == ()
    services = {
        one.name: (one.program, {key: one.number(key) for key in expected[one.name][1]})
        for one in found.workloads()
        if one.name in expected or one.name == "b"
    }
    assert services == expected


def test_a_file_in_a_config_map_has_the_lines_of_its_manifest(tmp_path):
    root = written(tmp_path, {"a.yaml": MANIFEST % ("a", "a", "1GB")})
    (one,) = assemble.configuration(root).workloads()
    assert one.place("shared_buffers") == "a.yaml:12"


def test_an_override_file_changes_the_service_that_it_names(tmp_path):
    files = {
        "compose.yaml": "services: {web: {image: x, mem_limit: 1g}}",
        "compose.override.yaml": "services: {web: {mem_limit: 2g}}",
    }
    (web,) = assemble.configuration(written(tmp_path, files)).workloads()
    assert web.number("memory_limit") == 2048 * MIB


def test_what_is_not_understood_is_named(tmp_path):
    files = {
        "compose.yaml": "services: [",
        "chart/api.yaml": "apiVersion: v1\nkind: Deployment\n{{ if .Values.a }}\n",
        "gunicorn.conf.py": "workers = (",
        "conf/app.conf": "proxy_pass http://a",
    }
    found = assemble.configuration(written(tmp_path, files))
    assert {one.file for one in found.unread} == set(files)
    assert any("helm template" in one.reason for one in found.unread)
