"""One walk over the shop's database, through the command lines an agent uses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from backend_performance.walk.views.digest import tokens_of

from harness.servers.postgres import Installation, postgres_server
from harness.shop.database import repaired_shop, running_shop
from harness.shop.planted import GAINS

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "SHOP_DATABASE_URL"
#: A deployment: instances × processes × largest pool.
OVERSIZED = ("6", "4", "10")
FITTING = ("2", "2", "10")
#: The harness trades durability for speed; the demo is a server as people run it.
AS_PEOPLE_RUN_IT = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
#: State of an item → what a demo that may not ask answers, and why where no evidence says it.
ANSWERS = {
    "fail": ("fail", ""),
    "unknown": ("unknown", ""),
    "judge": ("judge", "left to someone who knows the shop"),
    "open": ("unknown", "needs the application's code, logs or traffic, which the demo has not"),
}


class DemoFailed(RuntimeError):
    """A command of the walk did not do what it must; the message holds its error."""


class Walk:
    """One walk through the command line, as an agent would do it."""

    def __init__(self, folder: Path, dsn: str = "") -> None:
        self._session = ["--session", str(folder / "session.json")]
        #: What `walk.py start` printed last.
        self.digest = ""
        #: How long it took, from the start of the program to its end.
        self.seconds = 0.0
        self._environment = {**os.environ, VARIABLE: dsn, "PYTHONUTF8": "1"}

    def run(
        self, command: str, *arguments: str, codes: Sequence[int] = (0,), given: str = ""
    ) -> str:
        """Return what `walk.py COMMAND` printed."""
        call = [sys.executable, str(ROOT / "scripts" / "walk.py"), command, *self._session]
        done = subprocess.run(
            [*call, *arguments],
            input=given,
            env=self._environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if done.returncode not in codes:
            raise DemoFailed(f"walk.py {command} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def start(self, deployment: Sequence[str], *options: str) -> Mapping[str, Any]:
        instances, processes, pool = deployment
        began = time.monotonic()
        self.digest = self.run(
            "start",
            *options,
            "--postgres-env",
            VARIABLE,
            "--instances",
            instances,
            "--processes",
            processes,
            "--pool-size",
            pool,
        )
        self.seconds = time.monotonic() - began
        return json.loads(self.run("status", "--format", "json", codes=(0, 1)))

    def answer_all(self) -> Iterator[Mapping[str, Any]]:
        """Answer every item from the evidence alone, all of them in one call; yield each."""
        while cards := json.loads(self.run("next", "200", "--format", "json"))["items"]:
            answers = []
            for card in cards:
                verdict, note = ANSWERS[card["state"]]
                answers.append({"item": card["item"], "verdict": verdict, "note": note or None})
            began = time.monotonic()
            said = self.run("record", "-", given=json.dumps(answers)).strip()
            say(f"  one call of walk.py record, {time.monotonic() - began:.1f} s: {said}")
            yield from cards

    def report(self) -> Mapping[str, Any]:
        return json.loads(self.run("report", "--format", "json", codes=(0, 1)))

    def compare_with_previous(self, form: str = "json") -> str:
        now = Path(self._session[1])
        files = (str(now.with_name("session.previous.json")), str(now))
        return self.run("compare", *files, "--format", form, codes=(0, 1))

    def write(self, output: Path, form: str = "md") -> None:
        self.run("report", "--format", form, "-o", str(output), codes=(0, 1))


@contextmanager
def started_walk(clean: bool, installation: Installation) -> Iterator[Walk]:
    """Yield a walk whose evidence was just collected from a shop; the server is gone by then."""
    with tempfile.TemporaryDirectory(prefix="bp-demo-") as folder:
        with postgres_server(AS_PEOPLE_RUN_IT, installation=installation) as server:
            say("Loading a small shop and giving it traffic …")
            with running_shop(server, healthy=clean) as (dsn, _):
                say("Collecting evidence: walk.py start …")
                walk = Walk(Path(folder), dsn)
                summary = walk.start(FITTING if clean else OVERSIZED)["summary"]
        say(
            f"  {walk.seconds:.1f} s, a digest of about {tokens_of(walk.digest):,} tokens; "
            f"{summary['left']} items to walk, {summary['pass']} settled by evidence"
        )
        yield walk


@dataclass(frozen=True)
class Loop:
    """Measure, fix, verify: what the walks said before and after, and what the traffic took."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    comparison: Mapping[str, Any]
    comparison_text: str
    #: The same as a page, where Jinja2 is installed.
    comparison_page: str


def repaired(installation: Installation) -> Loop:
    """Walk the shop, do what the report proposes, measure the same traffic, walk again."""
    with (
        tempfile.TemporaryDirectory(prefix="bp-demo-") as folder,
        postgres_server(AS_PEOPLE_RUN_IT, installation=installation) as server,
    ):
        say("Loading a small shop and giving it traffic …")
        with running_shop(server, healthy=False) as (dsn, slow):
            walk = Walk(Path(folder), dsn)
            walk.start(OVERSIZED)
            before = walk.report()
        say("Applying what the report proposes, and the same traffic again …")
        with repaired_shop(server) as fast:
            walk.start(FITTING, "--force")
        for gain in GAINS:
            figures = ("--before", slow[gain.what], "--after", fast[gain.what])
            options = ("--note", gain.what, *figures)
            walk.run("record", gain.item, "pass", *options)
        text = walk.compare_with_previous("md")
        page = walk.compare_with_previous("html") if find_spec("jinja2") else ""
        compared = json.loads(walk.compare_with_previous())
        return Loop(before, walk.report(), compared, text, page)


def say(text: str) -> None:
    print(text, flush=True)
