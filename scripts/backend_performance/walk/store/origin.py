"""Where a session file came from: of this user, and not from a repository."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ...files import read_regular
from ...refusal import Refusal

FOLDER = ".backend-performance"
#: An index of git of that size lists more than 300,000 files.
_MAX_INDEX_BYTES = 64 * 2**20
_MAX_POINTER_BYTES = 4_096
_VERSION_4 = (4).to_bytes(4, "big")
#: Bytes of an index before its first entry, and of an entry before its flags (gitformat-index).
_HEADER, _FLAGS = 12, 60
#: How much of the name before is not part of the next; a damaged index may hold any number.
_NUMBER = re.compile(rb"[\x80-\xff]{0,3}[\x00-\x7f]")
_LONGEST_NAME = 65_536


def refuse_foreign(path: Path) -> None:
    """Raise ``Refusal`` if someone else may have put the session at ``path``."""
    if path.parent.name == FOLDER and path.parent.is_symlink():
        raise Refusal(f"{path.parent} is a symbolic link; remove it, or name a file with --session")
    if hasattr(os, "geteuid") and os.lstat(path).st_uid != os.geteuid():
        raise Refusal(f"{path} belongs to another user; name a file of yours with --session")
    if _is_tracked(path):
        raise Refusal(
            f"{path} is tracked by git, so it came with the repository: take it out with "
            f"`git rm --cached`, or name another file with --session"
        )


def _is_tracked(path: Path) -> bool:
    """Return whether the index of git names the path; git itself would obey the repository."""
    absolute = Path(os.path.abspath(path))
    for folder in absolute.parents:
        if os.path.lexists(folder / ".git"):
            try:
                index = read_regular(_git_folder(folder / ".git") / "index", _MAX_INDEX_BYTES)
            except (OSError, ValueError):
                return False
            name = os.fsencode(absolute.relative_to(folder).as_posix())
            if index[4:8] == _VERSION_4:
                return name in _names(index)
            return name + b"\0" in index
    return False


def _git_folder(found: Path) -> Path:
    """Return the folder of the repository: that one, or where a file of its name points to."""
    if found.is_dir():
        return found
    text = read_regular(found, _MAX_POINTER_BYTES).decode("utf-8", "surrogateescape")
    return found.parent / text.removeprefix("gitdir:").strip()


def _names(index: bytes) -> Iterator[bytes]:
    """Yield the names of an index of version 4: each shares its beginning with the one before."""
    name, at = b"", _HEADER
    for _ in range(int.from_bytes(index[8:_HEADER], "big")):
        extended = index[at + _FLAGS] & 0x40 if at + _FLAGS < len(index) else 0
        at += _FLAGS + (4 if extended else 2)
        number = _NUMBER.match(index, at)
        end = index.find(b"\0", number.end()) if number else -1
        if number is None or end < 0:
            return
        dropped = number[0][0] & 0x7F
        for byte in number[0][1:]:
            dropped = ((dropped + 1) << 7) | (byte & 0x7F)
        name = name[: max(len(name) - dropped, 0)] + index[number.end() : end]
        if len(name) > _LONGEST_NAME:
            return
        yield name
        at = end + 1
