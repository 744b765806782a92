"""The least-privilege roles in scripts/roles: enough for every probe, and taken back whole."""

from __future__ import annotations

import re

import pytest
from backend_performance.skill_root import default_root

from harness.servers.engines import require_or_skip

pytestmark = pytest.mark.server
ROLES = default_root() / "scripts" / "roles"
LACKS = re.compile(r"privilege|may not|GRANT")


def statements(name: str) -> list[str]:
    text = (ROLES / name).read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [part.strip() for part in text.split(";") if part.strip()]


def refused(run) -> dict[str, str]:
    return {e.probe: e.reason for e in run.evidence if LACKS.search(e.reason)}


def test_postgres():
    psycopg = pytest.importorskip("psycopg")
    require_or_skip("pg_stat_statements")
    from backend_performance.diagnosis.postgres.run import run_postgres

    from harness.servers.postgres import find_postgres_with_statements, postgres_server

    with (
        postgres_server(installation=find_postgres_with_statements()) as server,
        psycopg.connect(server.dsn(), autocommit=True) as admin,
    ):
        admin.execute("create extension pg_stat_statements")
        admin.execute("create table orders (id serial primary key)")
        for statement in statements("postgres_create.sql"):
            admin.execute(statement)
        run = run_postgres(server.url("performance_probe"))
        few = {"postgres/table-bloat", "postgres/sequences-near-end"}
        assert refused(run).keys() <= few
        with (
            psycopg.connect(server.url("performance_probe")) as probe,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            probe.execute("select * from orders")
        for statement in statements("postgres_read_tables.sql"):
            admin.execute(statement)
        assert refused(run_postgres(server.url("performance_probe"))) == {}
        for statement in statements("postgres_drop.sql"):
            admin.execute(statement)
        assert not admin.execute(
            "select 1 from pg_roles where rolname = 'performance_probe'"
        ).fetchall()


def test_mariadb():
    pymysql = pytest.importorskip("pymysql")
    require_or_skip("mariadb")
    from backend_performance.diagnosis.mysql.run import run_mysql

    from harness.servers.mariadb import mariadb_server

    with (
        mariadb_server({"performance_schema": "ON"}) as server,
        pymysql.connect(**server.parameters()) as admin,
    ):
        cursor = admin.cursor()
        cursor.execute("create database shop")
        cursor.execute("create table shop.orders (id int auto_increment primary key)")
        for statement in statements("mysql_create.sql"):
            cursor.execute(statement)
        address = f"mysql://performance_probe:pw@localhost/shop?unix_socket={server.socket}"
        cursor.execute("drop user if exists ''@localhost")
        cursor.execute("alter user performance_probe@'%' identified by 'pw' account unlock")
        run = run_mysql(address)
        assert refused(run) == {}
        with (
            pymysql.connect(
                user="performance_probe", password="pw", unix_socket=str(server.socket)
            ) as probe,
            pytest.raises(pymysql.err.MySQLError),
        ):
            probe.cursor().execute("insert into shop.orders values (1)")
        for statement in statements("mysql_drop.sql"):
            cursor.execute(statement)
        assert not cursor.execute("select 1 from mysql.user where user = 'performance_probe'")


def test_redis():
    redis = pytest.importorskip("redis")
    require_or_skip("redis")
    from backend_performance.diagnosis.redis.run import run_redis

    from harness.servers.redis import redis_server

    with redis_server() as server, redis.Redis(port=server.port) as admin:
        admin.set("a:1", "secret")
        for statement in statements("redis_create.acl"):
            admin.execute_command(*statement.split())
        admin.execute_command("ACL", "SETUSER", "performance_probe", "on", ">pw")
        run = run_redis(f"redis://performance_probe:pw@127.0.0.1:{server.port}/5", window_s=0.1)
        assert refused(run) == {}
        with (
            redis.Redis(port=server.port, username="performance_probe", password="pw") as probe,
            pytest.raises(redis.exceptions.NoPermissionError),
        ):
            probe.get("a:1")
        for statement in statements("redis_drop.acl"):
            admin.execute_command(*statement.split())
        assert "performance_probe" not in map(str, admin.acl_users())
