"""Evidence that another cause explains belongs to that cause, whatever its own subject is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ...diagnosis.evidence import fingerprint
from .model import Signal

Group = list[Signal]
#: Reported as a separate cause only if nothing more specific concerns the table.
SCAN = "scan"
#: What sessions wait for; the holder of the lock explains it.
WAITS = "waits"
_OPEN, _LOCK_WAITS = "open-transaction", "/lock-waits"


def attached(groups: Sequence[Group]) -> list[Group]:
    """Return the groups; those that another one explains are added to it."""
    direct = {id(group): _host(group[0], groups) for group in groups}
    pairs = [(group, _last_host(group, direct)) for group in groups]
    for group, host in pairs:
        if host is not group:
            host.extend(group)
    return [group for group, host in pairs if host is group]


def _last_host(group: Group, direct: Mapping[int, Group | None]) -> Group:
    """Return the end of a chain of explanations; in a circle each group explains itself."""
    seen, last = {id(group)}, group
    while (host := direct[id(last)]) is not None and host is not last:
        if id(host) in seen:
            return group
        seen.add(id(host))
        last = host
    return last


def without_bypassed(found: Sequence[Signal]) -> list[Signal]:
    """Leave out unused indexes that a statement should use and cannot: they are to be kept."""
    bypassed = {
        s.row.get("index_name") for s in found if s.reading.probe.endswith("/bypassed-indexes")
    }
    return [
        signal
        for signal in found
        if not signal.reading.probe.endswith("/unused-indexes")
        or signal.row.get("index_name") not in bypassed
    ]


def sparing_waiters(found: Sequence[Signal]) -> list[Signal]:
    """Take away what would end a session that waits itself: ending its holder helps both."""
    waiting = {
        (signal.system, _waiter(signal))
        for signal in found
        if signal.reading.probe.endswith(_LOCK_WAITS) and _waiter(signal)
    }
    return [
        replace(signal, statements=())
        if signal.theme == _OPEN and (signal.system, _ended(signal)) in waiting
        else signal
        for signal in found
    ]


def _waiter(signal: Signal) -> object:
    return signal.row.get("pid") or signal.row.get("session_id")


def _ended(signal: Signal) -> object:
    """Return the session that the advice about a signal would end."""
    heads = ("head_of_queue", "blocking_session_id")
    return next((signal.row[name] for name in heads if signal.row.get(name)), _waiter(signal))


def _host(signal: Signal, groups: Sequence[Group]) -> Group | None:
    if signal.theme == SCAN:
        return _most_expensive(signal, groups)
    if signal.theme == "unsafe":
        return _first(groups, lambda each: _sets(each, signal))
    if signal.theme == WAITS or signal.row.get("waits") is True:
        return _first(groups, lambda each: _holds_up(each, signal))
    if signal.theme == _OPEN and not signal.reading.probe.endswith(_LOCK_WAITS):
        return _first(groups, lambda each: _waits(each, signal))
    if signal.theme == "statement":
        parent = fingerprint.deleted_from(signal.subject.name)
        return _first(groups, lambda each: _references(each, parent)) if parent else None
    return None


def _first(groups: Iterable[Group], explains: Callable[[Signal], bool]) -> Group | None:
    return next((group for group in groups if any(map(explains, group))), None)


def _most_expensive(scan: Signal, groups: Iterable[Group]) -> Group | None:
    """Return the statement that reads a table which is read from end to end."""
    table = fingerprint.bare(scan.subject.name)
    reading = [
        group
        for group in groups
        if group[0].system == scan.system
        and any(
            s.theme == "statement" and table in fingerprint.tables(s.subject.name) for s in group
        )
    ]
    return max(
        reading,
        key=lambda group: max(signal.cost.get("share_pct", 0.0) for signal in group),
        default=None,
    )


def _sets(cause: Signal, setting: Signal) -> bool:
    """Return whether a database's own setting is what its session shows."""
    row = cause.row
    is_own = cause.theme == "role-setting" and not row.get("role_name")
    return is_own and row.get("setting") == setting.row.get("name")


def _holds_up(cause: Signal, waiter: Signal) -> bool:
    """Return whether a session at the head of a queue holds up this statement."""
    waiting, waits = cause.row.get("waiting_query_untrusted"), waiter.row.get("query_untrusted")
    if not isinstance(waiting, str) or not isinstance(waits, str) or cause.system != waiter.system:
        return False
    return fingerprint.statement(waiting) == fingerprint.statement(waits)


def _waits(cause: Signal, opened: Signal) -> bool:
    """Return whether a session with an open transaction is itself waiting for a lock."""
    is_queue = cause.system == opened.system and cause.reading.probe.endswith(_LOCK_WAITS)
    waiter = _waiter(opened)
    return is_queue and waiter is not None and _waiter(cause) == waiter


def _references(cause: Signal, parent: str) -> bool:
    """Return whether a foreign key without an index makes deletes of its parent slow."""
    is_key = cause.theme == "foreign-key"
    return is_key and parent == fingerprint.bare(str(cause.row.get("parent_name", "")))
