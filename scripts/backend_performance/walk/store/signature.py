"""Who wrote a session: it is signed with a key that only this user of this machine has.

A repository can hold a session file, but none that speaks with the voice of this skill: its
items, evidence and decisions would be believed. Several machines that hand sessions to each other
name a file with the same key in ``BACKEND_PERFORMANCE_KEY_FILE``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from ... import files
from ...refusal import Refusal
from . import state

VARIABLE = "BACKEND_PERFORMANCE_KEY_FILE"
_NAME = "key"
_BYTES = 32
_MAX_BYTES = 4_096


def sign(text: str) -> str:
    """Return the signature of ``text`` by this user, whose key is made at its first use.

    Raises:
        Refusal: a key cannot be read, or be kept nowhere.
    """
    keys = _keys()
    return _signature(text, keys[0] if keys else _new_key())


def is_ours(text: str, signature: object) -> bool:
    """Return whether this user signed ``text`` so.

    Raises:
        Refusal: a key cannot be read.
    """
    given = str(signature).encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(_signature(text, key).encode(), given) for key in _keys())


def _signature(text: str, key: bytes) -> str:
    return "hmac-sha256:" + hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()


def _keys() -> list[bytes]:
    """Return the keys there are, the one to sign with first."""
    if named := os.environ.get(VARIABLE):
        return [_named(Path(named))]
    keys = []
    for folder in state.folders():
        path = folder / _NAME
        if os.path.lexists(path):
            try:
                keys.append(_read(path))
            except OSError as error:
                said = files.reason(error)
                raise Refusal(f"cannot read the key that signs sessions, {path}: {said}") from error
    return keys


def _new_key() -> bytes:
    tried = []
    for folder in state.folders():
        try:
            return _made(folder)
        except OSError as error:
            tried.append(f"{folder}: {files.reason(error)}")
    raise Refusal(
        f"the key that signs sessions can be kept nowhere ({'; '.join(tried)}): name a file with "
        f"at least {_BYTES} random bytes in {VARIABLE}"
    )


def _named(path: Path) -> bytes:
    try:
        key = files.read_regular(path.resolve(), _MAX_BYTES).strip()
    except (OSError, RuntimeError) as error:  # a loop of links
        raise Refusal(f"{VARIABLE}: cannot read {path}: {files.reason(error)}") from error
    if len(key) < _BYTES:
        raise Refusal(f"{VARIABLE}: {path} holds fewer than {_BYTES} bytes")
    return key


def _made(folder: Path) -> bytes:
    """Return the new key in ``folder``; the first of several writers makes it."""
    state.make(folder)
    descriptor, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, folder / _NAME)
    finally:
        os.unlink(name)
    return _read(folder / _NAME)


def _read(path: Path) -> bytes:
    state.refuse_foreign(path.parent)
    state.refuse_foreign(path)
    key = files.read_regular(path, _MAX_BYTES)
    if len(key) < _BYTES:
        raise OSError("it is too short for a key; remove it")
    return key
