"""The code that sent a statement, from the tags that sqlcommenter or Rails put into a comment.

https://google.github.io/sqlcommenter/spec/ for ``/*action='index',controller='orders'*/``; older
Rails writes ``/*action:index,controller:orders*/``. Other tags are not kept, nor is a value that is
more than a name, a path or a route, or that may be a token.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from . import fingerprint

TAGS = ("controller", "action", "route", "file")
_READ = 10_000
_LONGEST = 2_000
_ESCAPED = r"'(?:[^'\\]|''|\\.)*(?:'|\\?$)"
_STANDARD = r"'(?:[^']|'')*(?:'|$)"
_REST = r"""|\"[^\"]*(?:\"|$)|`[^`]*(?:`|$)|--[^\n]*|/\*(?P<inside>.*?)(?:\*/|$)"""
#: A comment, or a literal or name between quotes, which may look like one: where a backslash
#: escapes, and where it does not. Which of the two holds, the server knows and the text does not.
#: Each goes to the end of the text where its own end is missing, so that no place is read twice.
_READINGS = tuple(
    re.compile(reading + _REST, re.S)
    for reading in (
        rf"{_ESCAPED}|\#(?![>-])[^\n]*",
        rf"[eE]{_ESCAPED}|{_STANDARD}|\$(?P<tag>[A-Za-z_]\w*|)\$.*?(?:\$(?P=tag)\$|$)",
    )
)
_TAG = re.compile(
    r"(?<![\w-])(?P<name>controller|action|route|file|source_location)"
    r"(?:='(?P<quoted>(?:[^'\\]|\\'){1,200})'|:(?P<bare>[\w./:#-]{1,120}))"
)
_NAME = re.compile(r"[A-Za-z_][\w./:#-]{0,80}", re.A)
_FILE = re.compile(r"/?[\w.][\w./-]{0,200}:\d{1,6}", re.A)
_ROUTE = re.compile(r"/[\w./*-]{0,120}", re.A)
#: A folder that is called after a person.
_HOME = re.compile(r"/(?:home|Users)/[^/]+/")
#: A part of a name or route that no programmer wrote: a token.
_TOKEN = re.compile(r"(?=[^/.:\#]*\d[^/.:\#\d]+\d)[^/.:\#]{14,}|[0-9A-Fa-f-]{16,}|[^/.:\#]{61,}")
_TOKEN_OF_ROUTE = re.compile(rf"{_TOKEN.pattern}|(?=[^/]*\d)[^/]{{20,}}|[^/]{{41,}}")


def tags(text: str) -> dict[str, str]:
    """Return the tags of a statement by name: a file with its line, a route with ``*``."""
    found: dict[str, str] = {}
    for inside in _comments(text[:_READ]):
        for tag in _TAG.finditer(inside):
            name = "file" if tag["name"] == "source_location" else tag["name"]
            value = _plain(name, unquote(tag["quoted"] or tag["bare"]))
            if value:
                found.setdefault(name, value)
    return {name: found[name] for name in TAGS if name in found}


def comment(text: str) -> str:
    """Return the tags of a statement as one comment, which `tags` reads, or ""."""
    known = (f"{name}='{value.replace('*', ':any')}'" for name, value in tags(text).items())
    inside = ",".join(known)
    return f" /*{inside}*/" if inside else ""


def _comments(text: str) -> list[str]:
    """Return what the comments hold that are comments in either reading of the backslash."""
    if "/*" not in text:
        return []
    first, second = (
        {m.start(): m["inside"] for m in reading.finditer(text) if m["inside"]}
        for reading in _READINGS
    )
    both = (inside for start, inside in first.items() if second.get(start) == inside)
    return [inside for inside in both if len(inside) <= _LONGEST]


def _plain(name: str, value: str) -> str:
    if name == "route":
        route = _TOKEN_OF_ROUTE.sub("*", fingerprint.route(value))
        return route if _ROUTE.fullmatch(route) else ""
    if name == "file":
        found = _FILE.match(_HOME.sub("", value, count=1))
        return found[0] if found else ""
    return value if _NAME.fullmatch(value) and not _TOKEN.search(value) else ""
