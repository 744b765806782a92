"""nginx: each proxied location with the directives that hold there, inherited ones included.

crossplane parses the file alone (``single``): no ``include`` is followed, so nothing outside the
audited folder is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..model import Part
from .source import Source

#: Directives that an analysis reads. Those of a block hold inside it until a block repeats them.
_WANTED = (
    "proxy_read_timeout",
    "fastcgi_read_timeout",
    "uwsgi_read_timeout",
    "proxy_buffering",
    "gzip",
    "gzip_types",
    "gzip_proxied",
)
_PASSES = ("proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass")
_BLOCKS = ("http", "server", "location", "if", "limit_except")
Directive = Mapping[str, Any]
#: Directive → its arguments and its line.
Holding = Mapping[str, tuple[tuple[str, ...], int]]


class NotNginxError(ValueError):
    """The text is not an nginx configuration."""


def read(source: Source) -> Iterator[Part]:
    """Yield one part with a fact for each proxied location and each upstream.

    Raises:
        NotNginxError: crossplane cannot parse the file, or is not installed.
    """
    directives = _parsed(source.path)
    facts = {
        "upstreams": tuple(_upstreams(directives, source.name)),
        "locations": tuple(_locations(directives, {}, "", source.name)),
    }
    if any(facts.values()):
        yield Part("nginx", "proxy", source.name, 1, "nginx", facts=facts)


def _parsed(path: Path) -> Sequence[Directive]:
    try:
        import crossplane  # type: ignore[import-untyped]  # it ships no types
    except ImportError:
        raise NotNginxError(
            "crossplane is not installed; run: pip install 'crossplane>=0.5.8,<1'"
        ) from None
    try:
        payload = crossplane.parse(
            str(path), single=True, catch_errors=True, check_ctx=False, check_args=False
        )
    except RecursionError:
        raise NotNginxError("nested too deeply") from None
    result = payload["config"][0]
    if result["errors"] and not result["parsed"]:
        raise NotNginxError(str(result["errors"][0]["error"]).rpartition(" in ")[0] or "not nginx")
    return list(result["parsed"])


def _upstreams(directives: Sequence[Directive], file: str) -> Iterator[Mapping[str, object]]:
    for one in directives:
        block = one.get("block", ())
        if one["directive"] == "upstream" and one["args"]:
            inner = {d["directive"]: d for d in block}
            keepalive = inner.get("keepalive")
            timeout = inner.get("keepalive_timeout")
            yield {
                "name": one["args"][0],
                "servers": tuple(
                    d["args"][0] for d in block if d["directive"] == "server" and d["args"]
                ),
                "keepalive": keepalive["args"][0] if keepalive and keepalive["args"] else "",
                "keepalive_timeout": timeout["args"][0] if timeout and timeout["args"] else "",
                "place": f"{file}:{(keepalive or one)['line']}",
            }
        elif one["directive"] == "http":
            yield from _upstreams(block, file)


def _locations(
    directives: Sequence[Directive], outer: Holding, name: str, file: str
) -> Iterator[Mapping[str, object]]:
    holding = dict(outer) | {
        one["directive"]: (tuple(one["args"]), one["line"])
        for one in directives
        if one["directive"] in _WANTED
    }
    for one in directives:
        if one["directive"] in _PASSES and one["args"]:
            yield {
                "location": name,
                "by": one["directive"],
                "target": one["args"][0],
                "holding": holding,
                "upgrades": any(d["args"][:1] == ["Upgrade"] for d in directives),
                "place": f"{file}:{one['line']}",
            }
        elif one["directive"] in _BLOCKS:
            inner = " ".join(one["args"]) if one["directive"] == "location" else name
            yield from _locations(one.get("block", ()), holding, inner, file)
