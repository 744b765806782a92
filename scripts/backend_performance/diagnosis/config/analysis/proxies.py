"""What the proxy in front does, against the application behind it: timeouts, reuse, compression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import cast
from urllib.parse import urlsplit

from ...probes.probe import Probe
from ..model import Configuration, Part
from ..quantity import parse

Row = Mapping[str, object]
Holding = Mapping[str, tuple[tuple[str, ...], int]]
#: The name of a limit, its seconds and its place.
Limit = tuple[str, float, str]

#: Defaults of nginx in seconds: https://nginx.org/en/docs/http/ngx_http_proxy_module.html and
#: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout
READ_TIMEOUT_S = 60.0
UPSTREAM_IDLE_S = 60.0


def timeout_chain(configuration: Configuration, probe: Probe) -> Iterator[Row]:
    """Yield a row for each pair of an outer limit and the limit just inside it.

    ``inner_s`` is 0 when the inner side has no limit at all.
    """
    seen: set[tuple[str, str]] = set()
    passed = chain(configuration.each("locations"), configuration.each("ingresses"))
    for proxy, location in passed:
        for part in _behind(configuration, proxy, str(location["target"])):
            outer = _read_timeout(location)
            key = (outer[2], part.name)
            if key not in seen:
                seen.add(key)
                yield from _pairs(outer, _limit(part, "request_timeout"))
    for part in configuration.workloads():
        request = _limit(part, "request_timeout")
        yield from _pairs(request, _statement_limit(part, configuration))
        for inner in filter(part.written, ("pool_wait", "client_timeout")):
            yield from _pairs(request, _limit(part, inner))
        yield from _pairs(_limit(part, "call_limit"), _limit(part, "client_timeout"))


def keep_alive(configuration: Configuration, probe: Probe) -> Iterator[Row]:
    """Yield a row for each upstream that keeps connections open, and its application's limit."""
    for proxy, upstream in configuration.each("upstreams"):
        idle = parse(str(upstream["keepalive_timeout"]), "s") or UPSTREAM_IDLE_S
        for part in _named(configuration, proxy, _servers(upstream)):
            yield {
                "upstream": upstream["name"],
                "keeps_connections": str(upstream["keepalive"]) not in ("", "0"),
                "proxy_idle_s": idle,
                "server_idle_s": part.number("keep_alive"),
                "server": part.name,
                "program": part.program,
                "server_place": part.place("keep_alive"),
                "place": upstream["place"],
            }


def proxied_locations(configuration: Configuration, probe: Probe) -> Iterator[Row]:
    """Yield a row for each location that passes requests on: compression and buffering.

    Those that upgrade connections to WebSockets are left out.
    """
    for _, location in configuration.each("locations"):
        if location["upgrades"]:
            continue
        holding = cast(Holding, location["holding"])
        types = holding.get("gzip_types", ((), 0))[0]
        yield {
            "location_untrusted": location["location"] or "server",
            "by": location["by"],
            "compresses": _word(holding, "gzip", "off") == "on",
            "compresses_json": "*" in types or any("json" in one for one in types),
            "buffers": _word(holding, "proxy_buffering", "on") == "on",
            "place": location["place"],
        }


def _pairs(outer: Limit | None, inner: Limit | None) -> Iterator[Row]:
    if outer is None or inner is None or not outer[1]:
        return
    yield {
        "outer": outer[0],
        "outer_s": outer[1],
        "outer_place": outer[2],
        "inner": inner[0],
        "inner_s": inner[1],
        "inner_place": inner[2],
        "place": inner[2] if ":" in inner[2] else outer[2],
    }


def _limit(part: Part, name: str) -> Limit | None:
    value = part.number(name)
    return None if value is None else (name, value, part.place(name))


def _read_timeout(location: Mapping[str, object]) -> Limit:
    name = str(location["by"]).replace("_pass", "_read_timeout")
    arguments, line = cast(Holding, location["holding"]).get(name, ((), 0))
    value = parse(arguments[0], "s") if arguments else None
    if isinstance(value, float):
        file = str(location["place"]).rpartition(":")[0]
        return "proxy_read_timeout", value, f"{file}:{line}"
    return "proxy_read_timeout", READ_TIMEOUT_S, "default-of-nginx"


def _statement_limit(part: Part, configuration: Configuration) -> Limit | None:
    """The limit that the client sets, or that of the only PostgreSQL it can reach."""
    own = _limit(part, "statement_timeout")
    servers = [
        one
        for one in configuration.services
        if one.program == "postgres" and (one.deployment == part.deployment or one.kind == "server")
    ]
    if own or len(servers) != 1 or part.number("pool_size") is None:
        return own
    return _limit(servers[0], "statement_timeout")


def _behind(configuration: Configuration, proxy: Part, target: str) -> Iterator[Part]:
    upstreams = {str(one["name"]): one for one in proxy.facts.get("upstreams", ())}
    known = upstreams.get(_host(target))
    yield from _named(configuration, proxy, _servers(known) if known else (target,))


def _named(configuration: Configuration, proxy: Part, targets: Iterable[str]) -> Iterator[Part]:
    """The workloads that a proxy reaches by name; localhost is taken as the only application."""
    workloads = configuration.workloads()
    for host in dict.fromkeys(map(_host, targets)):
        found = [one for one in workloads if host in one.hosts or host == one.name]
        here = [one for one in found if one.deployment == proxy.deployment] or found
        if not found and host in ("localhost", "127.0.0.1", "unix"):
            here = [one for one in workloads if one.number("request_timeout") is not None]
        if len(here) == 1:
            yield here[0]


def _servers(upstream: Mapping[str, object]) -> tuple[str, ...]:
    servers = upstream["servers"]
    return servers if isinstance(servers, tuple) else ()


def _host(target: str) -> str:
    if target.startswith(("unix:", "http://unix:")):
        return "unix"
    address = target if "://" in target else f"//{target}"
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _word(holding: Holding, name: str, default: str) -> str:
    arguments = holding.get(name, ((), 0))[0]
    return arguments[0] if arguments else default
