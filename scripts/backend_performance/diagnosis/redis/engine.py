"""Redis and Valkey, as the command lines know them."""

from __future__ import annotations

from ..engine import Call, Engine, Kind, Option
from ..guards.cleartext import OPTION as ALLOW_CLEARTEXT
from ..probes.run import Run
from ..trouble import CannotRun

ROLES = ("cache", "store", "unknown")
_EXAMPLES = """\
  REDIS_URL=redis://localhost:6379/0 probe.py redis --url-env REDIS_URL --role cache
  probe.py redis --url-env REDIS_URL --role store --window 60
  probe.py redis --url-env REDIS_URL --only hit-ratio big-keys
  probe.py redis --list

sent are INFO, SCAN, MEMORY USAGE, PTTL (of 400 keys at most), OBJECT ENCODING (of 100 at most),
XLEN, XINFO GROUPS and XPENDING (of 20 streams at most), SLOWLOG GET, LATENCY LATEST, CLIENT LIST
and CLIENT SETNAME, nothing else;
the role: ACL SETUSER probe on >… resetkeys %R~* -@all +info +scan +memory|usage +slowlog|get
          +latency|latest +client|setname +client|list +pttl +object|encoding +xinfo|groups
          +xlen +xpending
"""


def ask(call: Call) -> Run:
    """Ask the server every question of the catalogue, or those chosen."""
    from .run import TOTAL_SECONDS, WINDOW_SECONDS, run_redis

    url = call.get("url-env")
    if not url:
        raise CannotRun("name the server: --url-env NAME (an environment variable)")
    window_s = call.get("window", WINDOW_SECONDS)
    return run_redis(
        url,
        role=call.get("role", "unknown"),
        window_s=window_s,
        parameters=call.parameters,
        allow_cleartext=call.get("allow-cleartext", False),
        only=call.only,
        timeout=(call.timeout or TOTAL_SECONDS) + window_s,
    )


ENGINE = Engine(
    name="redis",
    title="Redis",
    help="a server of Redis 7 or Valkey 8, or later",
    description="Ask a Redis or Valkey server every question of the catalogue. It only reads.",
    examples=_EXAMPLES,
    options=(
        Option("url-env", "environment variable with the address", Kind.VARIABLE, walk="redis-env"),
        Option(
            "role",
            "purpose of the instance; many verdicts depend on it",
            Kind.CHOICE,
            choices=ROLES,
            default="unknown",
            walk="redis-role",
        ),
        Option(
            "window",
            "seconds between the two samples from which current rates are computed (default 2)",
            Kind.NUMBER,
            metavar="S",
            default=2.0,
            high=300,
        ),
        ALLOW_CLEARTEXT,
    ),
    ask=ask,
    opening=lambda: ("CLIENT SETNAME backend-performance-probe", "INFO server"),
    timeout=30.0,
    deployment=True,
)
