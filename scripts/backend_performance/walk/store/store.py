"""The session on disk: complete or absent, whatever happens to the process that writes it.

A session that cannot be trusted (damaged, of another skill, written by someone else, a symbolic
link) is refused and left unchanged, byte for byte.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ... import files
from ...refusal import Refusal
from .. import session_json
from ..session import Installed, Session, Step
from . import origin, signature
from .lock import WAIT_SECONDS, exclusive

DEFAULT_PATH = Path(origin.FOLDER) / "session.json"
#: A session of a hundred items with bounded evidence is below 1 MB.
MAX_BYTES = 32 * 1024 * 1024
_ADVICE = "restore it from a backup, or start again with `walk.py start --force`"


def load(path: Path, skill: Installed | None, *, foreign: bool = False) -> Session:
    """Return the session in ``path``; what it says about items is what the skill says.

    Args:
        skill: The installed skill, with which the session must have been started.
            ``None``: any; the items have no texts then.
        foreign: Another user, machine or version of the skill may have written it.

    Raises:
        Refusal: there is none, or it cannot be trusted. The message says which.
    """
    refuse_absent(path)
    try:
        content = files.read_regular(path, MAX_BYTES)
        if not foreign:
            origin.refuse_foreign(path)
    except OSError as exc:
        said = f"cannot read {path}: {files.reason(exc)}; --session names a regular file"
        raise Refusal(said) from exc
    data = _checked(path, content)
    written_by = data.pop("signature", None)
    if foreign:
        _validate(path, {**data, "signature": written_by})
    elif not signature.is_ours(data["checksum"], written_by):
        raise Refusal(
            f"{path} was not written here by you, so its advice and its decisions are not "
            "trusted: start over with `walk.py start --force` (the file is kept beside it), or "
            "set it beside another one with `walk.py compare`"
        )
    session = _built(path, data, skill.steps if skill else {})
    if skill and not foreign and session.skill.digest != skill.digest:
        name = f"{session.skill.name} {session.skill.version}".rstrip()
        raise Refusal(
            f"{path} was started with {name}, and SKILL.md here is not the one it was started "
            "with: name that skill's folder with --skill, or begin anew with "
            "`walk.py start --force`"
        )
    return session


def _checked(path: Path, content: bytes) -> dict[str, Any]:
    """Return the JSON of a session whose content fits its checksum."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise Refusal(f"{path} is damaged: not JSON ({_short(exc)}); {_ADVICE}") from exc
    if not isinstance(data, dict) or not str(data.get("schema", "")).startswith("session/"):
        raise Refusal(f"{path} is not a session file; name the right one with --session")
    if data["schema"] != session_json.SCHEMA:
        raise Refusal(
            f"{path} has the schema {data['schema']!r}; this version reads "
            f"{session_json.SCHEMA!r}: start a new session with `walk.py start --force`"
        )
    if data.get("checksum") != checksum(data):
        raise Refusal(f"{path} is damaged: its content does not fit its checksum; {_ADVICE}")
    return data


def _validate(path: Path, data: Mapping[str, Any]) -> None:
    """Raise ``Refusal`` unless the data is what the schema describes."""
    from jsonschema import Draft202012Validator

    from ...schemas import load as schema

    wrong = next(Draft202012Validator(schema("session")).iter_errors(data), None)
    if wrong is not None:
        place = "/".join(map(str, wrong.absolute_path)) or "the whole"
        raise Refusal(f"{path} is not a session of this version: {place} breaks the schema")


def _built(path: Path, data: Mapping[str, Any], known: Mapping[str, Step]) -> Session:
    try:
        return session_json.from_json(data, known)
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise Refusal(f"{path} is damaged: {_short(exc)}; {_ADVICE}") from exc


def create(path: Path, session: Session, *, force: bool = False) -> Path | None:
    """Write a new session; with ``force`` an earlier one is kept beside it and returned.

    Raises:
        Refusal: there is a session already, or the place cannot be written.
    """
    _make_folder(path)
    with exclusive(_lock_path(path)):
        if not force:
            refuse_existing(path)
        kept = _keep(path) if force and _exists(path) else None
        try:
            _write(path, session)
        except BaseException:
            if kept and os.path.samefile(kept, path):  # else the new one is there, if not for sure
                kept.unlink()
            raise
    return kept


def refuse_existing(path: Path) -> None:
    """Raise ``Refusal`` when ``create`` without force would: asked before any slow work.

    A session without evidence and without a decision has nothing to lose.
    """
    if not _exists(path):
        return
    present = load(path, None)
    if present.readings or present.decisions:
        raise Refusal(
            f"{path} exists already: go on with `walk.py next`, or start again with --force "
            "(the old file is kept beside it as .previous)"
        )


def refuse_absent(path: Path) -> None:
    """Raise ``Refusal`` where ``load`` would find nothing: asked before any slow work."""
    if not _exists(path):
        raise Refusal(
            f"no session at {path}: begin with `walk.py start`, or name it with --session"
        )


def update(
    path: Path,
    skill: Installed | None,
    change: Callable[[Session], Session],
    wait_seconds: float = WAIT_SECONDS,
) -> Session:
    """Read, change and write the session under its lock; return the changed one."""
    refuse_absent(path)
    with exclusive(_lock_path(path), wait_seconds):
        changed = change(load(path, skill))
        _write(path, changed)
    return changed


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the SKILL.md in ``folder``, which may also be that file itself.

    Raises:
        Refusal: there is no readable SKILL.md.
    """
    entry = folder if folder.is_file() else folder / "SKILL.md"
    try:
        return "sha256:" + hashlib.sha256(files.read_regular(entry, MAX_BYTES)).hexdigest()
    except (OSError, ValueError) as exc:
        raise Refusal(f"{folder} holds no readable SKILL.md") from exc


def checksum(data: Mapping[str, Any]) -> str:
    """Return the checksum of a session's content, whatever the order of its keys."""
    data = {key: value for key, value in data.items() if key not in ("checksum", "signature")}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with its checksum and the signature of this user."""
    seal = checksum(data)
    return {**data, "checksum": seal, "signature": signature.sign(seal)}


def _exists(path: Path) -> bool:
    """Return whether anything exists at ``path``, including a dangling symbolic link."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as exc:
        raise Refusal(f"cannot read {path}: {files.reason(exc)}") from exc
    return True


def _make_folder(path: Path) -> None:
    folder = path.parent
    try:
        if folder.name == origin.FOLDER and folder.is_symlink():
            raise Refusal(f"{folder} is a symbolic link; remove it, or name a file with --session")
        files.make_folder(folder, 0o755)
        if folder.name == origin.FOLDER and not os.path.lexists(folder / ".gitignore"):
            # Findings about a system do not belong into its repository by accident.
            files.write_atomically(folder / ".gitignore", b"*\n", 0o644)
    except (OSError, ValueError) as exc:
        raise Refusal(f"cannot create {folder}: {files.reason(exc)}") from exc


def _keep(path: Path) -> Path:
    """Give the present file a second name, the first that is free; the path is never without."""
    try:
        files.refuse_special(path)
        for number in itertools.count(1):
            suffix = f".previous{'' if number == 1 else f'-{number}'}{path.suffix}"
            kept = path.with_name(path.stem + suffix)
            try:
                os.link(path, kept)
            except FileExistsError:
                continue
            return kept
    except OSError as exc:
        raise Refusal(f"cannot keep {path}: {files.reason(exc)}") from exc
    raise AssertionError("unreachable")


def _lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _write(path: Path, session: Session) -> None:
    text = json.dumps(sealed(session_json.to_json(session)), indent=1, ensure_ascii=False)
    content = text.encode("utf-8", "backslashreplace") + b"\n"
    if len(content) > MAX_BYTES:
        raise Refusal(f"the session would be larger than {MAX_BYTES:,} bytes; nothing was written")
    try:
        files.sweep(path)
        files.write_atomically(path, content, 0o600)
    except OSError as exc:
        raise Refusal(f"cannot write {path}: {files.reason(exc)}") from exc


def _short(exc: BaseException) -> str:
    text = " ".join(str(exc).split()) or type(exc).__name__
    return text if len(text) <= 120 else text[:119] + "…"
