"""A log with every prefix and in every envelope has the same value."""

from __future__ import annotations

import pytest

from tests.diagnosis.sqllog import written_logs as logs
from tests.diagnosis.sqllog.asking import ask

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
