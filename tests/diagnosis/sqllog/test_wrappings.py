"""A log with every prefix and in every envelope has the same value."""

from __future__ import annotations

import json
import time

import pytest
from backend_performance.diagnosis.sqllog.readers.postgres import prefix as prefix_module

from tests.diagnosis.sqllog import written_logs as logs
from tests.diagnosis.sqllog.asking import ask, postgres

PREFIXES = [
    "%m [%p] ",
    "%t %p ",
    "%t [%p-%l] %q%u@%d ",
    "%t:%r:%u@%d:[%p]:",
    "%t-%c-",
    "%m [%p][%v] : [%l-1] %q[app=%a] ",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%m %r %u %a [%c] [%p] ",
    "pid=%p,user=%u,db=%d,app=%a,client=%h ",
    "%p-%s-%c-%l-%h-%u-%d-%m ",
    "<%m %p>",
    "%m|%p|",
    "%n %p %l ",
    "%m;%u;%d;%h;%p;%l;",
    "[%l-1] %t [%p] ",
    "%l %m %p %x ",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("given", [False, True])
def test_the_session_is_found_in_any_prefix(tmp_path, prefix, given):
    server, found = ask(tmp_path, logs.prefixed(prefix), prefix=prefix if given else None)
    assert (server["sessions"], server["lines_understood"]) == ("known", server["lines"])
    assert found["n-plus-one"].verdict == "fail"
    assert found["n-plus-one"].rows[0]["repeats"] == logs.LOOP


@pytest.mark.parametrize("prefix", ["%t ", "", "%m [%l] ", "user=%u,db=%d ", "%h %u "])
def test_without_a_session_a_loop_is_unknown(tmp_path, prefix):
    server, found = ask(tmp_path, logs.prefixed(prefix))
    assert server["sessions"] == "unknown" and server["statements"] == len(logs.traffic())
    for name in ("n-plus-one", "repeated-statements", "write-loops"):
        assert found[name].verdict == "unknown", found[name]
        assert "session" in found[name].reason


@pytest.mark.parametrize("name", logs.ENVELOPES)
def test_a_log_is_read_in_any_envelope(tmp_path, name):
    server, found = ask(tmp_path, logs.ENVELOPES[name]())
    assert server["statements"] == len(logs.traffic()), server
    assert server["lines_understood"] == server["lines"]
    assert found["n-plus-one"].verdict == "fail", found["n-plus-one"]
    assert found["n-plus-one"].rows[0]["repeats"] == logs.LOOP
    assert (
        found["time-by-statement"].rows[0]["query_untrusted"]
        == "select * from book where shelf = ?"
    )


def test_spans_are_grouped_by_their_trace(tmp_path):
    server, found = ask(tmp_path, logs.otlp())
    assert (server["format"], server["statements"]) == ("spans", 36)
    assert found["n-plus-one"].verdict == "fail"
    assert found["n-plus-one"].rows[0]["key"] == "request"
    assert found["n-plus-one"].rows[0]["groups"] == 3
    assert found["time-by-statement"].rows[0]["mean_ms"] == pytest.approx(6.1)


def go_span(trace, number, sql, system):
    start = f"2024-03-01T10:{trace:02}:{number:02}"
    return {
        "Name": "sql.conn.query",
        "SpanContext": {"TraceID": f"{trace + 1:032x}", "SpanID": f"{number + 1:016x}"},
        "Parent": {"TraceID": f"{trace + 1:032x}", "SpanID": "00f067aa0ba902b7"},
        "StartTime": start + ".000000000Z",
        "EndTime": start + ".006100000Z",
        "Attributes": [
            {"Key": "db.system", "Value": {"Type": "STRING", "Value": system}},
            {"Key": "db.statement", "Value": {"Type": "STRING", "Value": sql}},
        ],
    }


def python_span(trace, number, sql, system):
    start = f"2024-03-01T10:{trace:02}:{number:02}"
    return {
        "name": "SELECT",
        "context": {"trace_id": f"0x{trace + 1:032x}", "span_id": f"0x{number + 1:016x}"},
        "parent_id": "0x00f067aa0ba902b7",
        "start_time": start + ".000000Z",
        "end_time": start + ".006100Z",
        "attributes": {"db.system": system, "db.statement": sql},
    }


@pytest.mark.parametrize(("span", "indent"), [(go_span, None), (python_span, 4)])
def test_spans_of_console_exporters_are_read_and_those_of_redis_are_none(tmp_path, span, indent):
    spans = [
        span(trace, n, *what)
        for trace in range(3)
        for n in range(12)
        for what in ((f"SELECT * FROM book WHERE id = {n}", "postgresql"), (f"HGET {n}", "redis"))
    ]
    server, found = ask(tmp_path, "\n".join(json.dumps(one, indent=indent) for one in spans))
    assert (server["format"], server["statements"]) == ("spans", 36)
    assert found["n-plus-one"].rows[0]["key"] == "request"
    assert found["time-by-statement"].rows[0]["mean_ms"] == pytest.approx(6.1, abs=0.01)


def test_processes_that_start_one_after_another_are_no_line_numbers():
    prefixes = [f"2024-03-01 10:00:00.00{n} UTC [{4012 + n}] " for n in range(8)]
    found = prefix_module.found(prefixes)
    assert [found.identify(each)[0] for each in prefixes] == [str(4012 + n) for n in range(8)]


@pytest.mark.parametrize("moment", ["1e999", "-1e999", "NaN", "9" * 400, f'"{"9" * 400}"'])
def test_a_moment_that_is_no_number_is_left_out(moment, tmp_path):
    message = "(0.001) SELECT 1 FROM a; args=(); alias=default"
    line = f'{{"timestamp": {moment}, "message": "{message}"}}'
    server, _ = ask(tmp_path, f"{line}\n" * 20)
    assert server["statements"] == 20


def test_a_plan_of_blank_lines_costs_little(tmp_path):
    node = "\tSeq Scan on a  (cost=0.00..1.00 rows=1 width=1)\n"
    plan = f"duration: 5.000 ms  plan:\n\tQuery Text: select 1\n{node}" + "\t\n" * 20_000 + "\tx"
    began = time.process_time()
    server, _ = ask(tmp_path, postgres([plan, *["duration: 1.000 ms  statement: select 1"] * 9]))
    assert time.process_time() - began < 3 and server["statements"] >= 9
