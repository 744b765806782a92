"""Paths as skills write them: relative, with forward slashes, perhaps with an anchor."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

#: Folders whose pages are copied into the user's project and describe that project.
_MATERIAL = frozenset(
    {
        "asset",
        "assets",
        "boilerplate",
        "template",
        "templates",
        "scaffold",
        "scaffolds",
        "skeleton",
        "expected_output",
        "expected_outputs",
        "fixtures",
        "sample",
        "samples",
        "starter",
    }
)
_FOR_DEVELOPERS = frozenset(
    {
        "tests",
        "test",
        "__tests__",
        "eval",
        "evals",
        "benchmarks",
        "harness",
        "fixtures",
        "_dev",
        "devlog",
    }
)
_IS_TEST = re.compile(
    r"(?:^|/)(?:__init__\.py|fixtures?\.\w+|test[_-][^/]*\.\w+|[^/]*[._-]tests?\.\w+|conftest\.py)\Z"
)
#: `feature-readme.md` is the README of something else.
_IS_SAMPLE = re.compile(
    r"template|(?:\A|[_.-])(?:examples?|samples?)(?=[_.-])|[_-]readme\.(?:md|markdown)\Z"
)
#: A scheme has two letters or more: one letter is a drive. `/plugin:skill` is a client's command.
_SCHEME = re.compile(r"^(?:(?!file:)[a-z][a-z0-9+.-]+:|//|/[\w-]+:[\w:-]+\Z)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"/(?!/)|~/|[a-z]:[\\/]|file:", re.IGNORECASE)


def base_name(path: str) -> str:
    """Return the name of a file or folder without the folders above it."""
    return path.rsplit("/", 1)[-1]


def stem(path: str) -> str:
    """Return the name of a file without its folders and its last extension."""
    return base_name(path).rsplit(".", 1)[0]


def is_external(target: str) -> bool:
    """Return whether ``target`` has a scheme or a host: nothing on this disk."""
    return bool(_SCHEME.match(target)) or target.lower().startswith("www.")


def is_absolute(target: str) -> bool:
    """Return whether ``target`` starts at the root, a drive or a home of one machine."""
    return bool(_ABSOLUTE.match(target))


def split_anchor(target: str) -> tuple[str, str | None]:
    """Return (path, anchor); the path is empty for a link within the page."""
    path, mark, anchor = target.partition("#")
    path = path.partition("?")[0]
    if "%" in path:
        path = path.replace("%23", "#").replace("%3F", "?").replace("%3f", "?")
    return path, anchor if mark else None


@lru_cache(maxsize=4096)
def resolve(source: str, path: str) -> str:
    """Return ``path``, as written in the file ``source``, relative to the skill root.

    Both are relative to the root; the result starts with ``..`` when it leaves it.
    """
    if not path:
        return source
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path))


def is_for_developers(path: str) -> bool:
    """Return whether a file is a test or the like, which an agent at work does not read."""
    folders, _, _ = path.rpartition("/")
    return not _FOR_DEVELOPERS.isdisjoint(folders.split("/")) or bool(_IS_TEST.search(path))


def is_material(path: str) -> bool:
    """Return whether the page is a template or sample: its paths and boxes are not the skill's."""
    parts = path.lower().split("/")
    if any(part.endswith("-template") for part in parts[:-1]):
        return True
    return not _MATERIAL.isdisjoint(parts[:-1]) or bool(_IS_SAMPLE.search(parts[-1]))
