"""Servers of both flavours, and questions put to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis
from backend_performance.diagnosis import Evidence, Run
from backend_performance.diagnosis.redis.run import run_redis

from harness.servers.redis import Installation, RedisServer, redis_server
from tests.probe_cases import find, with_thresholds

#: The role that the help of the command recommends.
ACL = (
    "on",
    ">S3cret-p@ss",
    "resetkeys",
    "%R~*",
    "-@all",
    "+info",
    "+scan",
    "+memory|usage",
    "+slowlog|get",
    "+latency|latest",
    "+client|setname",
    "+client|list",
    "+pttl",
    "+object|encoding",
    "+xinfo|groups",
    "+xlen",
    "+xpending",
)


@dataclass(frozen=True)
class Server:
    """A running server of its own, without a password."""

    running: RedisServer

    @property
    def url(self) -> str:
        return self.running.url

    def url_as(self, user: str, password: str) -> str:
        from urllib.parse import quote

        return f"redis://{user}:{quote(password, safe='')}@127.0.0.1:{self.running.port}/0"

    def client(self, **options: Any) -> redis.Redis:
        impatient = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
        return redis.Redis(
            port=self.running.port, decode_responses=True, protocol=2, retry=impatient, **options
        )

    def run(self, **options: Any) -> Run:
        return run_redis(options.pop("url", self.url), **{"window_s": 0.1} | options)

    def ask(
        self, probe: str, thresholds: Mapping[str, str] | None = None, **options: Any
    ) -> Evidence:
        """Return one probe's evidence; ``thresholds`` replaces text of its rules."""
        probes = (with_thresholds(find("redis", probe), thresholds or {}),)
        (evidence,) = self.run(probes=probes, **options).evidence
        return evidence


@contextmanager
def started(
    installation: Installation | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    with redis_server(settings, installation) as running:
        yield Server(running)
