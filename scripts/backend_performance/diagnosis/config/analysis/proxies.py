"""What the proxy in front does, against the application behind it: timeouts, reuse, compression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast
from urllib.parse import urlsplit

from ..model import Configuration, Service
from ..quantity import parse

Row = Mapping[str, object]
Holding = Mapping[str, tuple[tuple[str, ...], int]]

#: Defaults of nginx in seconds: https://nginx.org/en/docs/http/ngx_http_proxy_module.html and
#: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout
READ_TIMEOUT_S = 60.0
UPSTREAM_IDLE_S = 60.0
_READ_TIMEOUTS = {
    "proxy_pass": "proxy_read_timeout",
    "fastcgi_pass": "fastcgi_read_timeout",
    "uwsgi_pass": "uwsgi_read_timeout",
    "grpc_pass": "grpc_read_timeout",
}


def timeout_chain(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each pair of an outer limit and the limit just inside it.

    ``inner_s`` is 0 when the inner side has no limit at all.
    """
    seen: set[tuple[str, str]] = set()
    for proxy, location in _each(configuration, "locations"):
        for service in _behind(configuration, proxy, location):
            outer = _read_timeout(location)
            inner = service.number("request_timeout")
            key = (outer[1], service.part.name)
            if inner is not None and key not in seen:
                seen.add(key)
                yield _pair(
                    "proxy_read_timeout",
                    *outer,
                    "request_timeout",
                    inner,
                    service.place("request_timeout"),
                )
    for service in configuration.workloads():
        outer_s, inner_s = (
            service.number("request_timeout"),
            _statement_limit(service, configuration),
        )
        if outer_s and inner_s is not None:
            yield _pair(
                "request_timeout",
                outer_s,
                service.place("request_timeout"),
                "statement_timeout",
                *inner_s,
            )
        wait = service.number("pool_wait")
        if outer_s and wait is not None and service.written("pool_wait"):
            yield _pair(
                "request_timeout",
                outer_s,
                service.place("request_timeout"),
                "pool_wait",
                wait,
                service.place("pool_wait"),
            )


def keep_alive(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each upstream that keeps connections open, and its application's limit."""
    for proxy, upstream in _each(configuration, "upstreams"):
        kept = str(upstream["keepalive"])
        idle = parse(str(upstream["keepalive_timeout"]), "s") or UPSTREAM_IDLE_S
        for service in _named(configuration, proxy, map(_host, _servers(upstream))):
            yield {
                "upstream": upstream["name"],
                "keeps_connections": kept not in ("", "0"),
                "proxy_idle_s": idle,
                "server_idle_s": service.number("keep_alive"),
                "server": service.part.name,
                "program": service.program,
                "server_place": service.place("keep_alive"),
                "place": upstream["place"],
            }


def proxied_locations(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each location that passes requests on: compression and buffering."""
    for _, location in _each(configuration, "locations"):
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


def _pair(
    outer: str, outer_s: float, outer_place: str, inner: str, inner_s: float, inner_place: str
) -> Row:
    return {
        "outer": outer,
        "outer_s": outer_s,
        "outer_place": outer_place,
        "inner": inner,
        "inner_s": inner_s,
        "inner_place": inner_place,
        "place": inner_place if ":" in inner_place else outer_place,
    }


def _each(
    configuration: Configuration, kind: str
) -> Iterator[tuple[Service, Mapping[str, object]]]:
    for service in configuration.services:
        for fact in service.part.facts.get(kind, ()):
            yield service, fact


def _read_timeout(location: Mapping[str, object]) -> tuple[float, str]:
    holding = cast(Holding, location["holding"])
    name = _READ_TIMEOUTS[str(location["by"])]
    arguments, line = holding.get(name, ((), 0))
    value = parse(arguments[0], "s") if arguments else None
    file = str(location["place"]).rpartition(":")[0]
    if isinstance(value, float):
        return value, f"{file}:{line}"
    return READ_TIMEOUT_S, "default-of-nginx"


def _statement_limit(service: Service, configuration: Configuration) -> tuple[float, str] | None:
    if service.number("statement_timeout") is not None:
        return service.number("statement_timeout") or 0.0, service.place("statement_timeout")
    servers = [
        one
        for one in configuration.running("postgres")
        if one.part.deployment == service.part.deployment or one.part.kind == "server"
    ]
    if len(servers) != 1 or service.number("pool_size") is None:
        return None
    return servers[0].number("statement_timeout") or 0.0, servers[0].place("statement_timeout")


def _behind(
    configuration: Configuration, proxy: Service, location: Mapping[str, object]
) -> Iterator[Service]:
    host = _host(str(location["target"]))
    for upstream in proxy.part.facts.get("upstreams", ()):
        if upstream["name"] == host:
            yield from _named(configuration, proxy, map(_host, _servers(upstream)))
            return
    yield from _named(configuration, proxy, iter((host,)))


def _named(configuration: Configuration, proxy: Service, hosts: Iterator[str]) -> Iterator[Service]:
    """The workloads that a proxy reaches by name; localhost is taken as the only application."""
    workloads = configuration.workloads()
    for host in dict.fromkeys(hosts):
        found = [one for one in workloads if host in one.part.hosts or host == one.part.name]
        here = [one for one in found if one.part.deployment == proxy.part.deployment] or found
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
