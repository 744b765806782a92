"""What `probe.py show` prints for a server's version runs on that server as it is."""

from __future__ import annotations

from backend_performance.commands.probe import main
from backend_performance.diagnosis.probes import catalog

from harness.measuring.statements import split


def shown(capsys, name, version):
    assert main(["show", name, "--server-version", version]) == 0
    return split(capsys.readouterr().out)


def test_what_is_shown_for_a_postgres_runs_on_it(capsys, connect):
    connection = connect("CREATE TABLE paper (id int PRIMARY KEY)")
    version = connection.info.server_version // 10000
    for probe in catalog.load("postgres"):
        if "pg_stat_statements" in probe.sql or probe.min_version > version:
            continue
        for statement in shown(capsys, probe.id, str(version)):
            connection.execute(statement, prepare=False)


def test_what_is_shown_for_a_mariadb_runs_on_it(capsys, mariadb):
    cursor = mariadb("CREATE TABLE paper (id int PRIMARY KEY)")
    cursor.execute("SELECT version()")
    (version,) = cursor.fetchone()
    assert "MariaDB" in version
    for probe in catalog.load("mysql"):
        for statement in shown(capsys, probe.id, version):
            cursor.execute(statement)
