"""Which code sent a statement, as tags in a comment say: those of sqlcommenter and of Rails.

https://google.github.io/sqlcommenter/spec/ for ``/*action='index',controller='orders'*/``; older
Rails writes ``/*action:index,controller:orders*/``. Other tags are not kept, nor is a value that is
more than a name, a path or a route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from . import fingerprint

TAGS = ("controller", "action", "route", "file")
_READ = 10_000
#: A comment, or a literal or name between quotes, which may look like one.
_COMMENT = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|`[^`]*`|/\*(?P<inside>[^*]{1,2000})\*/")
_TAG = re.compile(
    r"(?<![\w-])(?P<name>controller|action|route|file|source_location)"
    r"(?:='(?P<quoted>(?:[^'\\]|\\'){1,200})'|:(?P<bare>[\w./:#-]{1,120}))"
)
_NAME = re.compile(r"[A-Za-z_][\w./:#-]{0,80}")
_FILE = re.compile(r"/?[\w.][\w./-]{0,200}:\d{1,6}")
_ROUTE = re.compile(r"/[\w./*-]{0,120}")
#: A part of a route that no programmer wrote: a token.
_TOKEN = re.compile(r"(?=[^/]*\d)[^/]{20,}|[^/]{41,}")


def tags(text: str) -> dict[str, str]:
    """Return the tags of a statement by name: a file with its line, a route with ``*``."""
    found: dict[str, str] = {}
    for comment in _COMMENT.finditer(text[:_READ]):
        for tag in _TAG.finditer(comment["inside"] or ""):
            name = "file" if tag["name"] == "source_location" else tag["name"]
            value = _plain(name, unquote(tag["quoted"] or tag["bare"]))
            if value:
                found.setdefault(name, value)
    return {name: found[name] for name in TAGS if name in found}


def comment(text: str) -> str:
    """Return the tags of a statement as one comment, which `tags` reads, or ""."""
    known = ",".join(f"{name}='{value}'" for name, value in _quoted(text))
    return f" /*{known}*/" if known else ""


def _quoted(text: str) -> Iterator[tuple[str, str]]:
    for name, value in tags(text).items():
        yield name, value.replace("*", ":any")


def _plain(name: str, value: str) -> str:
    if name == "route":
        route = _TOKEN.sub("*", fingerprint.route(value))
        return route if _ROUTE.fullmatch(route) else ""
    found = (_FILE if name == "file" else _NAME).match(value)
    return found[0] if found and (name == "file" or found[0] == value) else ""
