"""Instant queries to a Prometheus server: ``GET /api/v1/query``, bounded, nothing else.

The HTTP API is small enough to ask with the client of the HTTP probes; a client library for
Prometheus would add two more dependencies for the same call.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from ..evidence.redaction import visible
from ..guards import sent
from ..trouble import CannotRun, NoAnswer
from ..web import client as http_client
from ..web.target import Target

MAX_SERIES = 2_000
#: The server gives up a query after this; a probe must not be what overloads it.
QUERY_SECONDS = 8
_MAX_LABEL = 120


@dataclass(frozen=True)
class Point:
    """One series of an instant vector; ``value`` is None where it is not a finite number."""

    labels: Mapping[str, str]
    value: float | None


@dataclass(frozen=True)
class Server:
    """A Prometheus server: where it is, and the client that asks it."""

    client: Any
    target: Target
    #: On the clock of ``time.monotonic``; no query goes on after it.
    deadline: float = math.inf

    async def query(self, expression: str) -> tuple[Point, ...]:
        """Return the instant vector of a PromQL expression.

        Raises:
            CannotRun: the server cannot be reached, or is no Prometheus.
            NoAnswer: it refused this query, or the answer is too large.
        """
        exchange = await self._exchange(expression)
        if exchange.trouble:
            raise CannotRun(f"Prometheus cannot be asked: {exchange.trouble}")
        if exchange.status in (401, 403):
            raise CannotRun(
                f"Prometheus refuses with {exchange.status}; name an environment variable that "
                "holds the credentials with --header-env"
            )
        if exchange.cut:
            raise NoAnswer("the answer is larger than 8 MiB")
        return _points(exchange.status, exchange.body)

    async def _exchange(self, expression: str) -> http_client.Exchange:
        sent.record("prometheus", expression)
        left_s = min(self.deadline - time.monotonic(), http_client.REQUEST_SECONDS)
        try:
            async with asyncio.timeout(max(left_s, 0.0)):
                return await http_client.get(self.client, self._address(expression), {})
        except TimeoutError:
            raise NoAnswer("no answer in the time that was left") from None

    def _address(self, expression: str) -> Target:
        parts = urlsplit(self.target.url)
        query = urlencode({"query": expression, "timeout": f"{QUERY_SECONDS}s"})
        path = parts.path.rstrip("/") + "/api/v1/query"
        return Target(self.target.number, urlunsplit(parts._replace(path=path, query=query)))


def _points(status: int, body: bytes) -> tuple[Point, ...]:
    try:
        answer = json.loads(body)
        kind = answer["status"]
        if kind != "success":
            # Its message repeats the query, which stands in the probe; the type is enough.
            raise NoAnswer(f"Prometheus could not answer ({_word(answer.get('errorType'))})")
        data = answer["data"]
        found = data["result"] if data["resultType"] == "vector" else None
        if found is None:
            raise NoAnswer(f"Prometheus answered with a {_word(data['resultType'])}, not a vector")
        if len(found) > MAX_SERIES:
            raise NoAnswer(f"the answer has over {MAX_SERIES} series")
        return tuple(Point(_labels(each["metric"]), _value(each["value"])) for each in found)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise CannotRun(
            f"the address answers with status {status} and not as Prometheus does; "
            "give its base address, without /api"
        ) from None


def _labels(metric: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): visible(str(text))[:_MAX_LABEL] for name, text in metric.items()}


def _value(pair: Any) -> float | None:
    # A ratio over nothing is infinite; that is no figure either, and JSON has no word for it.
    number = float(pair[1])
    return number if math.isfinite(number) else None


def _word(text: Any) -> str:
    return "".join(c for c in str(text) if c.isalnum() or c in "_-")[:40] or "no reason given"
