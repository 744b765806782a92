"""The session on disk: whole or not at all, whatever happens to the process that writes it.

What cannot be trusted (damaged, of another skill, a symbolic link) is refused and stays as it
is, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .. import session as sessions
from ..refusal import Refusal
from ..session import Session
from . import regular_file
from .lock import WAIT_SECONDS, exclusive

FOLDER = ".backend-performance"
DEFAULT_PATH = Path(FOLDER) / "session.json"
#: A session of a hundred items with bounded evidence is below 1 MB.
MAX_BYTES = 32 * 1024 * 1024
_ADVICE = "restore it from a backup, or start again with `walk.py start --force`"


def load(path: Path, skill_digest: str | None) -> Session:
    """Return the session in ``path``, started with the skill of that digest (``None``: any).

    Raises:
        Refusal: there is none, or it cannot be trusted; the message says which.
    """
    if not regular_file.exists(path):
        raise Refusal(_absent(path))
    try:
        data = json.loads(regular_file.read(path, MAX_BYTES))
    except (ValueError, RecursionError) as exc:
        raise Refusal(f"{path} is damaged: not JSON ({_short(exc)}); {_ADVICE}") from exc
    if not isinstance(data, dict) or not str(data.get("schema", "")).startswith("session/"):
        raise Refusal(f"{path} is not a session file; name the right one with --session")
    if data["schema"] != sessions.SCHEMA:
        raise Refusal(
            f"{path} has the schema {data['schema']!r}; this version reads "
            f"{sessions.SCHEMA!r}: start a new session with `walk.py start --force`"
        )
    if data.pop("checksum", None) != checksum(data):
        raise Refusal(f"{path} is damaged: its content does not fit its checksum; {_ADVICE}")
    try:
        session = sessions.from_json(data)
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise Refusal(f"{path} is damaged: {_short(exc)}; {_ADVICE}") from exc
    if skill_digest not in (None, session.skill.digest):
        name = f"{session.skill.name} {session.skill.version}".rstrip()
        raise Refusal(
            f"{path} was started with {name}, and SKILL.md here is not the one it was started "
            "with: name that skill's folder with --skill, or begin anew with "
            "`walk.py start --force`"
        )
    return session


def create(path: Path, session: Session, *, force: bool = False) -> Path | None:
    """Write a new session; with ``force`` an earlier one is kept beside it and returned.

    Raises:
        Refusal: there is a session already, or the place cannot be written.
    """
    _make_folder(path)
    with exclusive(_lock_path(path)):
        kept = None
        if not force:
            refuse_existing(path)
        elif regular_file.exists(path):
            kept = _set_aside(path)
        _write(path, session)
    return kept


def refuse_existing(path: Path) -> None:
    """Raise ``Refusal`` when ``create`` without force would: asked before any slow work.

    A session without evidence and without a decision holds nothing to lose.
    """
    if regular_file.exists(path) and not _is_untouched(path):
        raise Refusal(
            f"{path} exists already: go on with `walk.py next`, or start again with --force "
            "(the old file is kept beside it as .previous)"
        )


def _is_untouched(path: Path) -> bool:
    try:
        session = load(path, None)
    except Refusal:
        return False
    return not session.readings and not session.decisions


def update(
    path: Path,
    skill_digest: str | None,
    change: Callable[[Session], Session],
    wait_seconds: float = WAIT_SECONDS,
) -> Session:
    """Read, change and write the session while nobody else can; return the changed one."""
    if not regular_file.exists(path):
        raise Refusal(_absent(path))
    with exclusive(_lock_path(path), wait_seconds):
        changed = change(load(path, skill_digest))
        _write(path, changed)
    return changed


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the SKILL.md in ``folder``, which may also be that file itself.

    Raises:
        Refusal: there is no readable SKILL.md.
    """
    entry = folder if folder.is_file() else folder / "SKILL.md"
    try:
        return "sha256:" + hashlib.sha256(entry.read_bytes()).hexdigest()
    except (OSError, ValueError) as exc:
        raise Refusal(f"{folder} holds no readable SKILL.md") from exc


def checksum(data: Mapping[str, Any]) -> str:
    """Return the checksum of a session's content, whatever the order of its keys."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


def _absent(path: Path) -> str:
    return f"no session at {path}: begin with `walk.py start`, or name it with --session"


def _make_folder(path: Path) -> None:
    folder = path.parent
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if is_new and folder.name == FOLDER:
            # Findings about a system do not belong into its repository by accident.
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    except (OSError, ValueError) as exc:
        raise Refusal(f"cannot create {folder}: {regular_file.reason(exc)}") from exc


def _set_aside(path: Path) -> Path:
    kept = path.with_name(f"{path.stem}.previous{path.suffix}")
    try:
        regular_file.refuse_special(path)
        os.replace(path, kept)
    except OSError as exc:
        raise Refusal(f"cannot move {path} aside: {regular_file.reason(exc)}") from exc
    return kept


def _lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _write(path: Path, session: Session) -> None:
    data = sessions.to_json(session)
    text = json.dumps({**data, "checksum": checksum(data)}, indent=1, ensure_ascii=False)
    try:
        regular_file.replace(path, text.encode("utf-8", "backslashreplace") + b"\n")
    except OSError as exc:
        raise Refusal(f"cannot write {path}: {regular_file.reason(exc)}") from exc


def _short(exc: BaseException) -> str:
    text = " ".join(str(exc).split()) or type(exc).__name__
    return text if len(text) <= 120 else text[:119] + "…"
