"""A process of this machine, as the command lines know it."""

from __future__ import annotations

from ..engine import Call, Engine, Kind, Option
from ..probes.run import Run
from ..trouble import CannotRun

_EXAMPLES = """\
  probe.py process --pid 4242
  probe.py process --pid 4242 --window 1800 --interval 10
  probe.py process --cgroup /sys/fs/cgroup/system.slice/shop.service --window 60

read are figures below /proc and /sys/fs/cgroup; never the arguments, the environment or the memory
of the process. Run it as the owner of the process, or as root, while the usual load is on.
"""


def ask(call: Call) -> Run:
    """Watch the process, its control group, or both."""
    from .run import INTERVAL_SECONDS, WINDOW_SECONDS, run_process

    pid, cgroup = call.get("pid"), call.get("cgroup")
    if pid is None and cgroup is None:
        raise CannotRun("name what to watch: --pid PID, --cgroup FOLDER, or both")
    window_s = call.get("window", WINDOW_SECONDS)
    # sixty samples of a short window
    usual = min(INTERVAL_SECONDS, max(window_s / 60, 0.05))
    return run_process(
        pid=pid,
        cgroup=cgroup,
        window_s=window_s,
        interval_s=call.get("interval", usual),
        only=call.only,
        tick=lambda gone_s: call.tick(f"watching: {gone_s:.0f} of {window_s:.0f} s"),
    )


ENGINE = Engine(
    name="process",
    title="process",
    help="a process: memory trend, descriptors, CPU, limits of its control group",
    description="Watch one process and its control group for a while. It only reads.",
    examples=_EXAMPLES,
    options=(
        Option(
            "pid",
            "process to watch",
            Kind.WHOLE,
            metavar="PID",
            low=1,
            high=2**22,
            walk="process",
        ),
        Option(
            "cgroup",
            "control group to use instead of the process's own",
            Kind.PATH,
            metavar="FOLDER",
        ),
        Option(
            "window",
            "seconds in all (60)",
            Kind.NUMBER,
            metavar="S",
            default=60.0,
            high=6 * 3600,
            walk="process-seconds",
        ),
        Option(
            "interval",
            "seconds between two samples (default 1, less if the window is under a minute)",
            Kind.NUMBER,
            metavar="S",
            low=0.05,
            high=3600,
        ),
    ),
    ask=ask,
)
