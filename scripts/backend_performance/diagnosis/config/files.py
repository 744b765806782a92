"""Which files of a tree are configuration, and which reader understands each.

Names decide where a convention exists; otherwise a look at the first lines does. Nothing is
followed out of the tree, and folders of dependencies, builds and tests are left out.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from .located import Located, NotYamlError, documents
from .model import Part, Unread
from .readers import compose, kubernetes, lines, nested, nginx, prometheus, python_file, started

MAX_BYTES = 1_000_000
MAX_FILES = 20_000
_LEFT_OUT = frozenset(
    [
        "node_modules",
        "vendor",
        "venv",
        "site-packages",
        "dist",
        "build",
        "target",
        "__pycache__",
        "test",
        "tests",
        "spec",
        "specs",
        "__tests__",
        "testdata",
        "fixtures",
    ]
)
#: Hidden folders that deployments are kept in; the others belong to tools.
_HIDDEN = (".docker", ".deploy", ".k8s", ".kube", ".kubernetes", ".platform")
#: Compose files of development and tests say nothing about production.
_NOT_PRODUCTION = re.compile(r"(?<![a-z])(dev|develop|development|test|tests|ci|local)(?![a-z])")
Reader = Callable[[str, str], Iterator[Part]]

#: File name patterns, first match wins, and the reader of each.
BY_NAME: tuple[tuple[str, Reader], ...] = (
    ("*compose*.y*ml", compose.read),
    ("dockerfile*", started.dockerfile),
    ("procfile", started.procfile),
    ("*.service", started.systemd),
    (".env", lines.dotenv),
    (".env.prod*", lines.dotenv),
    (".env.example", lines.dotenv),
    ("gunicorn*.py", python_file.gunicorn),
    ("settings*.py", python_file.django),
    ("production.py", python_file.django),
    ("base.py", python_file.django),
    ("puma.rb", started.puma),
    ("database.yml", nested.rails),
    ("application*.y*ml", nested.spring),
    ("application*.properties", lines.properties),
    ("postgresql*.conf", lines.postgres),
    ("my.cnf", lines.mysql),
    ("my.ini", lines.mysql),
    ("*mysqld*.cnf", lines.mysql),
    ("redis*.conf", lines.redis),
    ("valkey*.conf", lines.redis),
    ("pgbouncer*.ini", lines.pgbouncer),
    ("www.conf", lines.php_fpm),
    ("*fpm*.conf", lines.php_fpm),
)


def read(root: Path) -> tuple[tuple[Part, ...], int, tuple[Unread, ...]]:
    """Return all parts below a folder, the number of files read, and what was not understood."""
    parts: list[Part] = []
    unread: list[Unread] = []
    count = 0
    for number, path in enumerate(_walk(root)):
        if number >= MAX_FILES:
            unread.append(Unread(".", f"only the first {MAX_FILES} files were looked at"))
            break
        name = path.relative_to(root).as_posix()
        try:
            found = list(_parts(path, name))
        except (NotYamlError, nginx.NotNginxError, SyntaxError, OSError, RecursionError) as error:
            unread.append(Unread(name, _reason(error)))
            continue
        count += bool(found)
        parts += found
    return tuple(parts), count, tuple(unread)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(filter(_is_wanted, folders))
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _is_wanted(folder: str) -> bool:
    return folder in _HIDDEN or not (folder.startswith(".") or folder in _LEFT_OUT)


def _parts(path: Path, name: str) -> Iterator[Part]:
    base = path.name.lower()
    if "compose" in base and _NOT_PRODUCTION.search(base):
        return
    reader = next((one for pattern, one in BY_NAME if fnmatch.fnmatch(base, pattern)), None)
    if reader is not None:
        yield from reader(_text(path), name)
    elif base.endswith((".yml", ".yaml")):
        yield from _by_content(_text(path), name)
    elif _may_be_nginx(base) and "_pass" in _text(path):
        yield from nginx.read(path, name)


def _may_be_nginx(base: str) -> bool:
    return base.endswith((".conf", ".nginx", ".vhost")) or base.startswith("nginx")


def _by_content(text: str, name: str) -> Iterator[Part]:
    looks = ("apiVersion:", "scrape_configs:", "groups:", "services:")
    if not any(mark in text for mark in looks):
        return
    try:
        first = next(iter(documents(text)), None)
        if first is not None:
            yield from _reader_of(first)(text, name)
    except NotYamlError:
        if "{{" not in text:
            raise
        raise NotYamlError(
            "a template: render it first, for example with `helm template`"
        ) from None


def _reader_of(document: Located) -> Reader:
    if prometheus.groups(document):
        return prometheus.rules
    if document.at("scrape_configs") is not None:
        return prometheus.scrapes
    if document.at("services") is not None and not kubernetes.is_manifest(document):
        return compose.read
    return kubernetes.read


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise NotYamlError(f"larger than {MAX_BYTES:,} bytes")
    return data.decode("utf-8", errors="replace")


def _reason(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"not Python at line {error.lineno}"
    return str(error) or type(error).__name__
