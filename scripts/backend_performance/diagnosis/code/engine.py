"""Source code, as the command lines know it."""

from __future__ import annotations

from ..engine import Call, Engine, Kind, Option, nothing
from ..probes.run import Run
from ..trouble import CannotRun

_EXAMPLES = """\
  probe.py code .
  probe.py code . --format leads            every lead as JSON, in the order in which to read them
  probe.py code . --changed main --format github      what a branch adds, as annotations
  probe.py code . --format sarif > leads.sarif
  probe.py code . --write-baseline leads.json; probe.py code . --baseline leads.json

Code is parsed, never imported or run. Ignored, vendored, generated, minified and test files are
left out, and counted.
"""


def ask(call: Call) -> Run:
    """Read the code below a folder."""
    from .source.grammar import require_parsers

    require_parsers()
    from .run import TOTAL_SECONDS, run_code

    root = call.get("path")
    if root is None:
        raise CannotRun("name the folder of a code base, such as .")
    return run_code(
        root,
        only=call.only,
        changed=call.get("changed"),
        timeout=call.timeout or TOTAL_SECONDS,
    )


ENGINE = Engine(
    name="code",
    title="code base",
    help="source code: queries in loops, calls in transactions, missing time limits",
    description="Read source code for what makes a backend slow. It is parsed, never run.",
    examples=_EXAMPLES,
    options=(
        Option("path", "folder of the code base", Kind.PATH, "PATH", positional=True, walk="code"),
        Option(
            "changed",
            "only what differs from this git revision",
            metavar="REV",
            walk="changed",
        ),
        Option("baseline", "leave out the leads in this file", Kind.PATH, "FILE", group="leads"),
        Option("write-baseline", "write all leads to this file", Kind.PATH, "FILE", group="leads"),
    ),
    ask=ask,
    timeout=600.0,
    formats=("text", "json", "leads", "sarif", "github"),
    concerns=nothing,
)
