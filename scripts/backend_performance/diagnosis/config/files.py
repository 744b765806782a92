"""Which files of a tree are configuration, and which reader understands each.

``files.yaml`` decides by name and, where a name says too little, by words inside. Nothing is
followed out of the tree, and folders of dependencies, builds and tests are left out.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ...files import read_beginning
from . import tables
from .located import Located, NotYamlError, documents
from .model import Part, Unread
from .readers import compose, kubernetes, nginx, plain, prometheus, started
from .readers.source import Source

MAX_BYTES = 1_000_000
MAX_FILES = 20_000
#: Services of a tree and other parts of its files: what they have to do with each other is asked
#: of every two.
MAX_PARTS = 2_000
#: Time for all files of a tree; one of 1 MB takes some seconds.
MAX_SECONDS = 60.0
Reader = Callable[[Source], Iterator[Part]]


def read(root: Path) -> tuple[tuple[Part, ...], int, tuple[Unread, ...]]:
    """Return all parts below a folder, the number of files read, and what was not understood."""
    parts: list[Part] = []
    unread: list[Unread] = []
    count = 0
    deadline = time.monotonic() + MAX_SECONDS
    for number, path in enumerate(_walk(root)):
        if number >= MAX_FILES:
            unread.append(Unread(".", f"only the first {MAX_FILES} files were looked at"))
            break
        if time.monotonic() > deadline:
            unread.append(Unread(".", f"only what can be read in {MAX_SECONDS:.0f} s was read"))
            break
        name = path.relative_to(root).as_posix()
        try:
            found = list(_parts(path, name))
        except (MemoryError, OSError, RecursionError, SyntaxError, ValueError) as error:
            unread.append(Unread(name, _reason(error)))
            continue
        count += bool(found)
        parts += found
        if len(parts) > MAX_PARTS:
            del parts[MAX_PARTS:]
            unread.append(Unread(".", f"only the first {MAX_PARTS:,} services were looked at"))
            break
    return tuple(parts), count, tuple(unread)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(filter(_is_wanted, folders))
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _is_wanted(folder: str) -> bool:
    table = tables.read("files.yaml")
    if folder in table["hidden"]:
        return True
    left_out = folder.startswith(".") or folder in table["left_out"]
    return not left_out and not re.search(table["development_folder"], folder.lower())


def _parts(path: Path, name: str) -> Iterator[Part]:
    development = re.search(tables.read("files.yaml")["development"], path.name.lower())
    if development or tables.kind_of_file(name) is None:
        return
    text = _text(path)
    kind = tables.kind_of_file(name, text)
    if kind is not None:
        yield from READERS.get(kind.reader, plain.read)(Source(path, name, text, kind))


def _by_content(source: Source) -> Iterator[Part]:
    try:
        first = next(iter(documents(source.text)), None)
        if first is not None:
            yield from _reader_of(first)(source)
    except NotYamlError:
        if "{{" not in source.text:
            raise
        raise NotYamlError(
            "a template: render it first, for example with `helm template`"
        ) from None


def _reader_of(document: Located) -> Reader:
    if prometheus.groups(document):
        return prometheus.rules
    if document.at("scrape_configs") is not None:
        return prometheus.scrapes
    if document.at("services") is not None and not document.text("kind"):
        return compose.read
    return kubernetes.read


READERS: Mapping[str, Reader] = {
    "compose": compose.read,
    "dockerfile": started.dockerfile,
    "procfile": started.procfile,
    "systemd": started.systemd,
    "script": started.script,
    "nginx": nginx.read,
    "manifest": _by_content,
}


def _text(path: Path) -> str:
    data = read_beginning(path, MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise NotYamlError(f"larger than {MAX_BYTES:,} bytes")
    return data.decode("utf-8", errors="replace")


def _reason(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"not Python at line {error.lineno}"
    if isinstance(error, (NotYamlError, nginx.NotNginxError, OSError)):
        return str(error) or type(error).__name__
    return f"it cannot be read ({type(error).__name__})"
