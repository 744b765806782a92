"""``probe.py process``: watch one process and its control group for a while."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import console
from .measured import add_common, finish, listed, number

_EXAMPLES = """\
  probe.py process --pid 4242
  probe.py process --pid 4242 --window 1800 --interval 10
  probe.py process --cgroup /sys/fs/cgroup/system.slice/shop.service --window 60

read are figures below /proc and /sys/fs/cgroup; never the arguments, the environment or the memory
of the process. Run it as the owner of the process, or as root, while the usual load is on.
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    parser = systems.add_parser(
        "process",
        help="a process: memory trend, descriptors, CPU, limits of its control group",
        description="Watch one process and its control group for a while. It only reads.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=_run)
    parser.add_argument("--pid", type=number(1, 2**22, whole=True), metavar="PID")
    parser.add_argument(
        "--cgroup", type=Path, metavar="FOLDER", help="control group instead of that of the process"
    )
    parser.add_argument(
        "--window", type=number(0, 6 * 3600), default=60.0, metavar="S", help="seconds in all (60)"
    )
    parser.add_argument(
        "--interval",
        type=number(0.05, 3600),
        default=1.0,
        metavar="S",
        help="seconds between two samples (1)",
    )
    add_common(parser)


def _run(options: argparse.Namespace) -> int:
    from ...diagnosis import CannotRun
    from ...diagnosis.process.run import ENGINE, run_process

    if options.list:
        return listed(ENGINE)
    if options.pid is None and options.cgroup is None:
        return console.fail("name what to watch: --pid PID, --cgroup FOLDER, or both")
    try:
        run = run_process(
            pid=options.pid,
            cgroup=options.cgroup,
            window_s=options.window,
            interval_s=options.interval,
            only=options.only,
            tick=_progress(options.window),
        )
    except CannotRun as error:
        return console.fail(str(error))
    except KeyError as error:
        return console.fail(f"there is no probe {str(error.args[0])!r}; --list shows all")
    return finish(ENGINE, run, options)


def _progress(window_s: float) -> Callable[[float], None]:
    """Return a sign of progress for a terminal, nothing for a pipe."""
    if not sys.stderr.isatty():
        return lambda _: None

    def tick(gone_s: float) -> None:
        end = "\n" if gone_s >= window_s else ""
        print(f"\rwatching: {gone_s:.0f} of {window_s:.0f} s", end=end, file=sys.stderr, flush=True)

    return tick
