"""A throw-away Prometheus server with a past: samples are written into it before it starts.

`promtool tsdb create-blocks-from openmetrics` makes real storage blocks, so that a test has an
hour of samples without waiting for an hour, and the same samples every time. What only a scrape
brings, such as native histograms, it can also scrape each second.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from harness.servers.child import (
    ServerFailed,
    as_account,
    foreground,
    free_port,
    temporary_directory,
    termination_raises,
    unprivileged_account,
)
from harness.servers.lookup import installed


@dataclass(frozen=True)
class Installation:
    server: Path
    promtool: Path


def find_prometheus() -> Installation | None:
    """`prometheus` and `promtool` on PATH; Debian's package has both."""
    server, promtool = installed("prometheus"), installed("promtool")
    return Installation(server, promtool) if server and promtool else None


@contextmanager
def prometheus_server(
    openmetrics: str = "",
    installation: Installation | None = None,
    *,
    scrape: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Iterator[str]:
    """Start a server that holds these samples; give its base address.

    Args:
        scrape: By the name of a job the host and port that it scrapes each second.
        options: Further options of the command line.
    """
    chosen = installation or find_prometheus()
    if not chosen:
        raise ServerFailed("no Prometheus binaries found")
    account = unprivileged_account("prometheus")
    with termination_raises(), temporary_directory("bp-pr-", account) as directory:
        data = directory / "data"
        if openmetrics:
            _write_past(chosen, openmetrics, directory, data)
        configuration = directory / "prometheus.yml"
        configuration.write_text(_configuration(scrape or {}), encoding="utf-8")
        configuration.chmod(0o644)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        command = [
            chosen.server,
            f"--config.file={configuration}",
            f"--storage.tsdb.path={data}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--storage.tsdb.retention.time=30d",
            "--log.level=warn",
            *options,
        ]
        with foreground(command, directory, account, lambda: _answers(address)):
            yield address


def _write_past(chosen: Installation, openmetrics: str, directory: Path, data: Path) -> None:
    past = directory / "past.txt"
    past.write_text(openmetrics, encoding="utf-8")
    past.chmod(0o644)
    made = subprocess.run(
        [chosen.promtool, "tsdb", "create-blocks-from", "openmetrics", past, data],
        capture_output=True,
        text=True,
        cwd=directory,
        **as_account(unprivileged_account("prometheus")),
    )
    if made.returncode:
        raise ServerFailed(f"promtool: {made.stderr[-2000:] or made.stdout[-2000:]}")


def _configuration(scrape: Mapping[str, str]) -> str:
    jobs = [
        {"job_name": job, "scrape_interval": "1s", "static_configs": [{"targets": [target]}]}
        for job, target in scrape.items()
    ]
    return json.dumps({"scrape_configs": jobs})


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/-/ready", timeout=1) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False
