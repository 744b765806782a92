"""The prefix of each message: ``log_line_prefix``, given or recognised.

To recognise it: among the numbers in the prefixes of some lines, which one is the process? It is
the one that comes again from line to line; a line number grows with each line, a transaction
number is mostly 0, and the parts of a time are no process at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_PREFIX = 400
#: The greatest process number of Linux.
_MAX_PID = 1 << 22
_SESSION_ID = re.compile(r"(?<![\w.])([0-9a-f]{8}\.[0-9a-f]{1,8})(?![\w.])")
_VXID = re.compile(r"(?<![\w/.])(\d{1,6}/\d+)(?![\w/])")
_NAMED = re.compile(r"\b(?:pid|process|proc(?:ess)?_?id|p)\s?[=:]\s?\"?(\d+)", re.I)
#: Times, addresses with their ports, session and transaction identifiers; then plain numbers.
_PIECES = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:[A-Z]{2,5}|[+-]\d\d(?::?\d\d)?)\b)?"
    r"|(?<!\d)1\d{9}\.\d{3}(?!\d)"
    r"|\d{1,3}(?:\.\d{1,3}){3}(?:[(:]\d+\)?)?|(?:\[local\]|\b[\w.-]+)\(\d+\)"
    r"|[0-9a-f]*(?::[0-9a-f]*){3,}"
    rf"|{_SESSION_ID.pattern}|{_VXID.pattern}"
    r"|(?<![\w.])(?P<number>\d{1,10})(?![\w.])"
)
_NUMBER_GROUP = _PIECES.groupindex["number"] - 1
_BRACKETED = re.compile(r"\[(\d+)[\]-]")
_LABELLED = re.compile(r"[A-Za-z_]+\s?[=:]\s?\"?\Z")
_ESCAPES = {
    "a": r"(?:[^\n]{0,64}?)",
    "u": r"[^\n]{0,64}?",
    "d": r"[^\n]{0,64}?",
    "r": r"[^\s]{0,120}?",
    "h": r"[^\s(]{0,120}?",
    "L": r"[^\s(]{0,120}?",
    "b": r"[a-z ]{0,40}?",
    "p": r"(?P<pid>\d+)",
    "P": r"\d*",
    "t": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+",
    "m": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \S+",
    "n": r"\d+\.\d{3}",
    "i": r"[A-Za-z ]{0,40}?",
    "e": r"\w{5}",
    "c": r"(?P<session>[0-9a-f]+\.[0-9a-f]+)",
    "l": r"\d+",
    "s": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+",
    "v": r"(?P<vxid>\d*/?\d*)",
    "x": r"\d+",
    "Q": r"-?\d+",
}
_ESCAPE = re.compile(r"%(-?\d*)(\w|%)")


@dataclass(frozen=True)
class Prefix:
    """How to find the session, and with it the process, in a prefix."""

    session: re.Pattern[str] | None = None
    process: re.Pattern[str] | None = None
    #: Or the process is the number at this place.
    place: int | None = None
    given: re.Pattern[str] | None = None

    def identify(self, text: str) -> tuple[str, str]:
        """Return session and virtual transaction; empty where they are not told."""
        if self.given is not None:
            found = self.given.match(text)
            groups = found.groupdict() if found else {}
            return groups.get("session") or groups.get("pid") or "", groups.get("vxid") or ""
        vxid = _VXID.search(text) if "/" in text else None
        return self._session(text), vxid[1] if vxid else ""

    def _session(self, text: str) -> str:
        if self.session is not None and (match := self.session.search(text)):
            return match[1]
        if self.process is not None:
            match = self.process.search(text)
            return match[1] if match else ""
        if self.place is None:
            return ""
        numbers = [groups[_NUMBER_GROUP] for groups in _PIECES.findall(text)]
        numbers = [number for number in numbers if number]
        return numbers[self.place] if self.place < len(numbers) else ""


def written(text: str) -> Prefix:
    """Return the prefix that a value of ``log_line_prefix`` writes."""
    pattern, position, optional = "", 0, 0
    seen: set[str] = set()
    for match in _ESCAPE.finditer(text):
        pattern += re.escape(text[position : match.start()])
        position = match.end()
        letter = match[2]
        if letter == "q":
            pattern, optional = pattern + "(?:", optional + 1
        elif letter == "%":
            pattern += "%"
        else:
            piece = _ESCAPES.get(letter, r"\S*?")
            # A second process number in the prefix has no second name.
            piece = re.sub(r"\?P<\w+>", "?:", piece) if letter in seen else piece
            pattern += rf" *{piece} *" if match[1] else piece
            seen.add(letter)
    pattern += re.escape(text[position:]).rstrip("\\ ") + ")?" * optional
    return Prefix(given=re.compile(pattern))


def found(prefixes: Sequence[str]) -> Prefix:
    """Return how the prefixes of some lines identify their session."""
    prefixes = [prefix for prefix in prefixes if prefix.strip()]
    if not prefixes:
        return Prefix()
    session = _SESSION_ID if _share(_SESSION_ID, prefixes) > 0.5 else None
    if _share(_NAMED, prefixes) > 0.5:
        return Prefix(session, _NAMED)
    place = _place(prefixes)
    if place is None:
        return Prefix(session)
    slow, quick = Prefix(session, place=place), Prefix(session, _BRACKETED)
    same = all(slow.identify(prefix) == quick.identify(prefix) for prefix in prefixes)
    return quick if same else slow


def _share(pattern: re.Pattern[str], prefixes: Sequence[str]) -> float:
    return sum(pattern.search(prefix) is not None for prefix in prefixes) / len(prefixes)


def _place(prefixes: Sequence[str]) -> int | None:
    """Return the place of the number that is the process, or ``None`` where none can be."""
    rows = [_numbers(prefix) for prefix in prefixes]
    best: tuple[float, int | None] = (0.0, None)
    for place in range(max(map(len, rows))):
        values = [row[place] for row in rows if place < len(row)]
        if len(values) * 2 > len(rows):
            best = max(best, (_likelihood(values), place), key=lambda one: one[0])
    return best[1]


def _likelihood(values: list[tuple[str, str, str]]) -> float:
    """Return how well a column of numbers fits a process; 0 where it cannot be one."""
    numbers = [int(number) for number, _, _ in values]
    if not all(1 < number <= _MAX_PID for number in numbers):
        return 0.0
    if any(_LABELLED.search(before) for _, before, _ in values):
        return 0.0  # line=, xid=, user=…: named, and not as a process
    if all(after.startswith("-1]") for _, _, after in values) and len(values) > 1:
        return 0.0  # ``[number-part]`` of syslog or ``[%l-1]``
    distinct = len(set(numbers))
    steps = sum(later == before + 1 for before, later in zip(numbers, numbers[1:], strict=False))
    bracketed = all(before.endswith(("[", "(", "<")) for _, before, _ in values)
    if distinct > 1 and steps * 2 > len(numbers):
        # A line number, or processes that started one after another and wrote one line each.
        return 0.1 if bracketed and min(numbers) > 99 else 0.0
    repeated = 1 - distinct / (len(numbers) + 1)
    return repeated + (0.5 if bracketed else 0.0) + (0.3 if min(numbers) > 99 else 0.0)


def _numbers(prefix: str) -> list[tuple[str, str, str]]:
    """Return the numbers of a prefix with the text before and behind, without times."""
    return [
        (match["number"], prefix[max(match.start() - 30, 0) : match.start()], prefix[match.end() :])
        for match in _PIECES.finditer(prefix)
        if match["number"]
    ]
