"""What a server says to one run of ours, byte for byte."""

from __future__ import annotations

from backend_performance.diagnosis.postgres import capabilities

from tests.diagnosis.guards import wire

_INFO = (
    b"# Server\r\nredis_version:7.2.4\r\nredis_mode:standalone\r\nuptime_in_seconds:99\r\n"
    b"# Clients\r\nconnected_clients:3\r\nmaxclients:10000\r\n# Memory\r\nused_memory:1000\r\n"
    b"maxmemory:0\r\nmaxmemory_policy:noeviction\r\n# Stats\r\nkeyspace_hits:5\r\n"
    b"keyspace_misses:7\r\nevicted_keys:0\r\n# Commandstats\r\n"
    b"cmdstat_keys:calls=3,usec=40,usec_per_call=13.3\r\n# Keyspace\r\ndb0:keys=5,expires=0\r\n"
)
#: In the order of a run: the name, INFO, then what the samples ask.
REDIS = (
    b"+OK\r\n"
    + wire.bulk(_INFO)
    + b"*1\r\n*6\r\n:1\r\n:1700000000\r\n:20000\r\n*2\r\n$4\r\nKEYS\r\n$1\r\n*\r\n"
    + wire.bulk(b"127.0.0.1:5000")
    + wire.bulk(b"app")
    + b"*1\r\n*4\r\n$7\r\ncommand\r\n:1700000000\r\n:250\r\n:900\r\n"
    + wire.bulk(b"id=3 addr=127.0.0.1:5000 name= db=0 cmd=get omem=0 tot-mem=2000\n")
    + b"*2\r\n$1\r\n0\r\n*2\r\n$3\r\na:1\r\n$3\r\na:2\r\n:56\r\n:64\r\n:-1\r\n:5\r\n"
)
_MYSQL_FACTS = {b"version": b"8.0.36", b"performance_schema": b"1", b"uptime_s": b"9"}
_MYSQL_FACTS |= {b"current_schema_name": b"d", b"role_name": b"u", b"read_only_server": b"0"}
_OK = wire.packet(1, wire.MYSQL_OK[4:])
MYSQL = (
    wire.MYSQL_OK
    + _OK
    + wire.mysql_rows([b"version"], [b"8.0.36"])
    + 3 * _OK
    + wire.mysql_rows([b"lock_limit"], [b"1"])
    + 3 * wire.mysql_rows(list(_MYSQL_FACTS), list(_MYSQL_FACTS.values()))
)
_GREETED = {b"path": b"pg_catalog,pg_temp", b"read_only": b"on", b"statement_timeout": b"0ms"}
_GREETED |= {b"lock_timeout": b"0ms", b"idle_in_transaction_session_timeout": b"0ms"}
_GREETED |= {b"session": b"ours"}
_GATE = {b"server_version_num": b"160002", b"superuser": b"f", b"primary": b"t"}
_GATE |= {b"read_all_stats": b"t", b"database": b"d", b"role": b"u", b"started": b"2026-01-01"}
_GATE |= {b"connections_used_pct": b"5"}
_FIELDS = ("activities_tracked", "counts_tracked", "track_io_timing", "statistics_since")
_GATE |= {name.encode(): b"t" for name in (*capabilities.FORM, *_FIELDS)} | _GATE


def transaction(*answers: bytes) -> bytes:
    """What a server says to one transaction of ours."""
    begin, commit = wire.message(b"C", b"BEGIN\0"), wire.message(b"C", b"COMMIT\0")
    return begin + wire.IN_TRANSACTION + b"".join(answers) + commit + wire.READY


_LIMITED = wire.postgres_rows([b"set_config"], [b"5s"])
POSTGRES = (
    wire.AUTHENTICATED
    + transaction(wire.postgres_rows(list(_GREETED), list(_GREETED.values())))
    + transaction(_LIMITED, wire.postgres_rows(list(_GATE), list(_GATE.values())))
    + 3 * transaction(_LIMITED, wire.postgres_rows([b"table_name", b"pct"], [b"t", b"95"]))
)
PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    b'Cache-Control: max-age=60, public\r\nETag: "a"\r\nContent-Length: 16\r\n'
    b'Set-Cookie: a=b\r\nServer-Timing: db;dur=53.2\r\nVary: Accept\r\n\r\n[{"id":1,"b":2}]'
)
