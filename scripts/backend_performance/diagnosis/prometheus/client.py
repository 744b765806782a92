"""Questions to a Prometheus server: instant queries and its names, with GET, bounded.

The HTTP API is small enough to ask with the client of the HTTP probes; a client library for
Prometheus would add two more dependencies for the same call.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from ..evidence.redaction import visible
from ..guards import sent
from ..guards.patience import OUT_OF_TIME
from ..trouble import CannotRun, NoAnswer
from ..web import client as http_client
from ..web.target import Target
from .buckets import Bucket, Distribution

MAX_SERIES = 20_000
#: The server gives up a query after this; a probe must not be what overloads it.
QUERY_SECONDS = 8
NAMES_PATH = "/api/v1/label/__name__/values"
LABELS_PATH = "/api/v1/labels"
_GROUPING = re.compile(r"\bby \(([^)]*)\)")
_PLAIN = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
_MAX_LABEL = 120
_QUERY_PATH = "/api/v1/query"


class TooManySeries(NoAnswer):
    """The answer has more series than are read."""


@dataclass(frozen=True)
class Point:
    """One series of an instant vector.

    Args:
        value: None where it is not a finite number, or is a native histogram.
    """

    labels: Mapping[str, str]
    value: float | None
    histogram: Distribution | None = None


@dataclass(frozen=True)
class Server:
    """A Prometheus server: where it is, and the client that asks it."""

    client: Any
    target: Target
    #: On the clock of ``time.monotonic``; no query goes on after it.
    deadline: float = math.inf
    #: Probes share queries; each is sent once.
    _known: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    #: Labels with dots, as Prometheus 3 keeps OpenTelemetry's, by their usual spelling.
    _dotted: dict[str, str] = field(default_factory=dict)

    async def query(self, expression: str) -> tuple[Point, ...]:
        """Return the instant vector of a PromQL expression.

        Raises:
            CannotRun: the server cannot be reached, or is no Prometheus.
            TooManySeries: the answer is too large.
            NoAnswer: it refused this query.
        """
        expression = with_dotted(expression, self._dotted)
        if expression not in self._known:
            asked = {"query": expression, "timeout": f"{QUERY_SECONDS}s"}
            sent.record("prometheus", expression)
            self._known[expression] = _points(*await self._answer(_QUERY_PATH, asked))
        return self._known[expression]

    async def names(self, window_s: int) -> frozenset[str]:
        """Return the names of all metrics that had series in the window.

        Where some have dots, the names of the labels are asked for as well.

        Raises:
            CannotRun: the server cannot be reached, or is no Prometheus.
            NoAnswer: it refused the request.
        """
        now = int(time.time())
        sent.record("prometheus", f"GET {NAMES_PATH}")
        window = {"start": now - window_s, "end": now}
        names = _names(*await self._answer(NAMES_PATH, window))
        if not all(map(_PLAIN.fullmatch, names)):
            sent.record("prometheus", f"GET {LABELS_PATH}")
            labels = _names(*await self._answer(LABELS_PATH, window))
            self._dotted.update({_usual(one): one for one in labels if not _PLAIN.fullmatch(one)})
        return names

    async def _answer(self, path: str, asked: Mapping[str, Any]) -> tuple[int, bytes]:
        address = self._address(path, asked)
        exchange = await http_client.get(self.client, address, {}, self.deadline)
        if exchange.trouble == OUT_OF_TIME:
            raise NoAnswer(OUT_OF_TIME)
        if exchange.trouble:
            raise CannotRun(f"Prometheus cannot be asked: {exchange.trouble}")
        if exchange.status in (401, 403):
            raise CannotRun(
                f"Prometheus refuses with {exchange.status}; name an environment variable that "
                "holds the credentials with --header-env"
            )
        if exchange.cut:
            raise TooManySeries("the answer is larger than 8 MiB")
        return exchange.status, exchange.body

    def _address(self, path: str, asked: Mapping[str, Any]) -> Target:
        parts = urlsplit(self.target.url)
        whole = parts.path.rstrip("/") + path
        address = urlunsplit(parts._replace(path=whole, query=urlencode(asked)))
        return Target(self.target.number, address)


def _data(status: int, body: bytes) -> Any:
    try:
        answer = json.loads(body)
        if answer["status"] == "success":
            return answer["data"]
        # Its message repeats the query, which the probe already shows; the type is enough.
        kind = _word(answer.get("errorType"))
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise _no_prometheus(status) from None
    raise NoAnswer(f"Prometheus could not answer ({kind})")


def _points(status: int, body: bytes) -> tuple[Point, ...]:
    data = _data(status, body)
    try:
        if data["resultType"] != "vector":
            raise NoAnswer(f"Prometheus answered with a {_word(data['resultType'])}, not a vector")
        found = data["result"]
        if len(found) > MAX_SERIES:
            raise TooManySeries(f"the answer has over {MAX_SERIES} series")
        return tuple(_point(each) for each in found)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise _no_prometheus(status) from None


def _names(status: int, body: bytes) -> frozenset[str]:
    data = _data(status, body)
    if not isinstance(data, list):
        raise _no_prometheus(status)
    return frozenset(name for name in data if isinstance(name, str) and len(name) <= 400)


def _no_prometheus(status: int) -> CannotRun:
    return CannotRun(
        f"the address answers with status {status} and not as Prometheus does; "
        "give its base address, without /api"
    )


def _point(each: Mapping[str, Any]) -> Point:
    labels = _labels(each["metric"])
    if "histogram" in each:
        return Point(labels, None, _native(each["histogram"][1]))
    return Point(labels, _value(each["value"]))


def _native(histogram: Mapping[str, Any]) -> Distribution:
    """Each row is a code for which edges belong to it, lower edge, upper edge and count."""
    rows = histogram.get("buckets", ())
    buckets = (Bucket(float(low), float(high), float(count)) for _, low, high, count in rows)
    ascending = tuple(sorted(buckets, key=lambda bucket: bucket.high))
    return Distribution(ascending, total=float(histogram["sum"]))


def with_dotted(expression: str, dotted: Mapping[str, str]) -> str:
    """Return the expression with the dotted spelling beside each label that it groups by."""

    def both(match: re.Match[str]) -> str:
        names = match[1].split(", ")
        quoted = (json.dumps(dotted[name]) for name in names if name in dotted)
        return f"by ({', '.join([*names, *quoted])})"

    return _GROUPING.sub(both, expression) if dotted else expression


def _usual(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def _labels(metric: Mapping[str, Any]) -> dict[str, str]:
    return {_usual(str(name)): visible(str(text))[:_MAX_LABEL] for name, text in metric.items()}


def _value(pair: Any) -> float | None:
    # A ratio over nothing is infinite; that is no figure either, and JSON has no word for it.
    number = float(pair[1])
    return number if math.isfinite(number) else None


def _word(text: Any) -> str:
    return "".join(c for c in str(text) if c.isalnum() or c in "_-")[:40] or "no reason given"
