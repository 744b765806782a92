"""Which transaction a session is in, told by its statements where the log has no number for it."""

from __future__ import annotations

import re

MAX_SESSIONS = 4_000
_AUTOCOMMIT = re.compile(r"set (?:session |@@)?autocommit ?= ?(\w+)", re.I)
_BEGIN = ("begin", "start transaction")
_END = ("commit", "rollback", "end", "abort")


class Transactions:
    """Follows BEGIN and COMMIT in each session."""

    def __init__(self) -> None:
        self._explicit: dict[str, int] = {}
        self._implicit: set[str] = set()
        self._count = 0

    def of(self, session: str) -> str | None:
        """Return what names the transaction that a session is in."""
        number = self._explicit.get(session)
        return f"#{number}" if number is not None else None

    def follow(self, session: str, template: str, text: str) -> None:
        """Take in a statement that may begin or end a transaction."""
        begins = template.startswith(_BEGIN)
        if begins:
            self._begin(session)
        elif template.startswith(_END) and not template.startswith("rollback to"):
            if self._explicit.pop(session, None) is None:
                self._implicit.add(session)  # an end without a beginning: autocommit is off
            if session in self._implicit:
                self._begin(session)
        elif setting := _AUTOCOMMIT.search(text[:80]):
            off = setting[1].lower() in ("0", "off", "false")
            (self._implicit.add if off else self._implicit.discard)(session)

    def _begin(self, session: str) -> None:
        if len(self._explicit) > MAX_SESSIONS or len(self._implicit) > MAX_SESSIONS:
            self._explicit.clear()
            self._implicit.clear()
        self._count += 1
        self._explicit[session] = self._count
