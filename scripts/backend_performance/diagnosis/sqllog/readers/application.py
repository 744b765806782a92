"""What the readers of applications' logs share: a line that begins a statement, and what follows.

A framework's reader says how a statement begins, what its text ends with, and which lines after it
belong to it. Group names in its patterns carry the meaning: ``sql``, ``args`` (parameters), ``s``,
``ms``, ``us`` or ``ns`` (duration), ``session``, ``transaction``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..event import MAX_MESSAGE, Clock, Count, Event, Item, Line, Lines
from ..request import request_in
from . import Reader

_WORDS = (
    "SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK|MERGE|REPLACE|UPSERT|CALL|EXEC|EXECUTE|"
    "START TRANSACTION|SAVEPOINT|RELEASE|CREATE|ALTER|DROP|TRUNCATE|SET|SHOW|PRAGMA|DECLARE|FETCH|"
    "CLOSE|VALUES|EXPLAIN|LOCK|USE|ANALYZE|VACUUM|COPY|REFRESH"
)
#: A statement, perhaps with comments before it; to be put into a verbose or a plain pattern. The
#: group is atomic: a comment that could also end later makes a line full of them take forever.
SQL = rf"(?P<sql>(?>/\*.{{0,2000}}?\*/\s*|\(\s*){{0,40}}(?:{_WORDS})\b.*)"
ANY = r"(?P<sql>.*)"
#: What the text of an event begins with if it is a statement.
STATEMENT = re.compile(rf"\W{{0,20}}{SQL}", re.I | re.S)
#: What looks like a statement in a line that no pattern fits.
_LOOKS = re.compile(
    r"\bselect\b.{1,300}?\bfrom\b|\binsert into\b|\bupdate\b.{1,80}?\bset\b|\bdelete from\b", re.I
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: How a further line of a statement begins: with a sign, a word of SQL, or a name that a sign,
#: an alias or the end of the line follows. Lines with the time or the level of a log do not, nor
#: those of a server about a request, nor what a console prints.
_CONTINUES = re.compile(
    r"(?!\[?(?:\d{4}[-/]\d\d|\d{1,2}:\d\d)|\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /"
    r"|=> |>>> |irb\()\s*(?:[(),\"'`$:?*<>=+.|;#@/-]|\[\w+\]\s*(?:[.,)=<>]|AS\b|\Z)"
    r"|(?:SELECT|FROM|WHERE|AND|OR|ORDER|GROUP|HAVING|LIMIT|"
    r"OFFSET|LEFT|RIGHT|INNER|OUTER|FULL|CROSS|NATURAL|JOIN|ON|SET|VALUES|UNION|ALL|EXCEPT|"
    r"INTERSECT|RETURNING|INSERT|UPDATE|DELETE|INTO|CASE|WHEN|THEN|ELSE|END|AS|WITH|FOR|IN|NOT|"
    r"EXISTS|USING|WINDOW|FETCH|LATERAL|DISTINCT|BETWEEN|IS|NULL|LIKE|DO|OVER|PARTITION|DESC|ASC)\b"
    r"|[\w.\"`\[\]]+(?:\s*(?:[,=<>()+*/|]|\Z)|\s+(?:AS|IN|IS|LIKE|AND|OR|ON|FROM)\b|\s+[\w\"`]+,?\s*\Z))",
    re.I,
)
_REQUEST = re.compile(r"\[([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\]")
_NAMED_REQUEST = re.compile(r"\b(?:request|trace|correlation)_?id[=:]\s?\"?([\w.-]{6,64})", re.I)
_THREAD = re.compile(
    r"\[\s*((?:[\w.#-]{1,60}-)?(?:exec|thread|worker|dispatcher|task|pool|http-nio)[\w.#@-]{0,40}-?\d+"
    r"|main|Thread-\d+)\s*\]|\(((?:default|executor|vert\.x)[\w.-]* ?[\w.-]*-\d+)\)| #(\d+)\]"
)
#: Where in a line a statement begins, and where at its end something else stands, in characters: a
#: search costs the square of what it looks through.
_SEARCHED = 4_000
#: A value that the framework hides, as EF Core does without sensitive data in its log.
_HIDDEN = re.compile(r"@\w+='\?'")
_NAMED = re.compile(r"(?<![\w@])@\w+")
_FACTORS = {"s": 1000.0, "ms": 1.0, "us": 0.001, "ns": 0.000001}


@dataclass(frozen=True)
class Form:
    """How one framework writes a statement."""

    start: re.Pattern[str]
    tails: tuple[re.Pattern[str], ...] = ()  #: what may follow the statement in its text
    follow: re.Pattern[str] | None = None  #: a further line with parameters or duration
    lines: bool = True  #: whether a statement may go on in further lines
    skip: re.Pattern[str] | None = None  #: a line that begins like a statement but is not one
    escaped: bool = False  #: whether the statement has backslashes before quotes and as ``\\n``
    prefix: re.Pattern[str] | None = None  #: what each further line of a statement begins with
    repeated: bool = False  #: another line reports the same statement; this one is passed over

    def skips(self, text: str) -> bool:
        """Return whether a line begins like a statement but is not one."""
        return self.skip is not None and self.skip.search(text) is not None


def form(
    start: str,
    tail: str | tuple[str, ...] = "",
    follow: str = "",
    lines: bool = True,
    skip: str = "",
    escaped: bool = False,
    prefix: str = "",
    repeated: bool = False,
) -> Form:
    """Return a form from the texts of its patterns."""
    tails = (tail,) if isinstance(tail, str) else tail
    endings = tuple(re.compile(rf"\s*(?:{one})\s*\Z", re.S) for one in tails if one)
    further = re.compile(follow, re.S) if follow else None
    left_out = re.compile(skip) if skip else None
    before = re.compile(prefix) if prefix else None
    begins = re.compile(start, re.S | re.I)
    return Form(begins, endings, further, lines, left_out, escaped, before, repeated)


def application(name: str, title: str, *forms: Form, dialect: str = "any") -> Reader:
    """Return the reader of a framework that writes statements in one of some forms."""

    def recognises(line: Line) -> bool:
        text = _plain(line.text[:_SEARCHED])
        return any(one.start.search(text) and not one.skips(text) for one in forms)

    def read(lines: Lines, count: Count) -> Iterator[Item]:
        return _Reading(forms, count).events(lines)

    return Reader(name, title, dialect, recognises, read, application=True)


def _plain(text: str) -> str:
    return _COLOUR.sub("", text) if "\x1b" in text else text


class _Reading:
    """One pass over the lines of a log."""

    def __init__(self, forms: tuple[Form, ...], count: Count) -> None:
        self._forms, self._count, self._clock = forms, count, Clock()
        self._form: Form | None = None
        self._event: Event | None = None
        self._whole = False  #: no further line belongs to the statement's text

    def events(self, lines: Lines) -> Iterator[Item]:
        """Yield the statements."""
        for line in lines:
            self._count.lines += 1
            text = _plain(line.text)
            head = text[:_SEARCHED]
            found = next(((one, m) for one in self._forms if (m := one.start.search(head))), None)
            if found is not None:
                yield from self._end()
                if not found[0].skips(text):
                    self._begin(*found, line._replace(text=text))
            elif not self._further(text) and _LOOKS.search(text[:2000]):
                self._count.miss(text)
        yield from self._end()

    def _begin(self, one: Form, match: re.Match[str], line: Line) -> None:
        groups = match.groupdict()
        sql = groups.get("sql") or ""
        if sql and match.end("sql") == len(match.string):
            sql += line.text[len(match.string) :]
        before = line.text[: match.start("sql") if groups.get("sql") is not None else match.end()]
        at = self._clock.read(before)
        self._form, self._whole = one, False
        self._event = Event(
            groups.get("session") or _thread(before) or line.process or "log",
            sql,
            at if at is not None else line.at,
            _ms(groups),
            groups.get("transaction"),
            _request(before) or line.request,
            groups.get("args") or "",
        )

    def _further(self, text: str) -> bool:
        """Take in a line after the first; return whether it belongs to the statement."""
        event, one = self._event, self._form
        if event is None or one is None:
            return False
        if one.follow is not None and (match := one.follow.search(text)):
            groups = match.groupdict()
            if groups.get("args"):
                event.parameters = (event.parameters + " " + groups["args"])[:MAX_MESSAGE]
            event.ms = ms if (ms := _ms(groups)) is not None else event.ms
            event.text = groups.get("sql") or event.text
            self._whole = True
            return True
        if self._whole or not one.lines or _has_tail(one, event.text):
            return False
        if one.prefix is not None:
            text = one.prefix.sub("", text, count=1)
        blank = not text.strip()
        if (blank and event.text.strip()) or not (blank or _CONTINUES.match(text)):
            self._whole = True
            return blank
        if len(event.text) < MAX_MESSAGE:
            event.text += "\n" + text
        return True

    def _end(self) -> Iterator[Item]:
        event, one = self._event, self._form
        self._event = None
        if event is None or one is None or one.repeated:
            return
        if one.escaped:
            event.text = event.text.replace("\\n", "\n").replace('\\"', '"')
        event.text = event.text.strip()
        last = max(0, len(event.text) - _SEARCHED)
        found = (tail.search(event.text, last) for tail in one.tails)
        if match := next((match for match in found if match and match[0]), None):
            groups = match.groupdict()
            event.text = event.text[: match.start()].strip()
            event.parameters = groups.get("args") or event.parameters
            event.ms = ms if (ms := _ms(groups)) is not None else event.ms
        if _HIDDEN.search(event.parameters):
            # Whether they are equal is unknown: placeholders express that.
            event.parameters, event.text = "", _NAMED.sub("?", event.text)
        if event.text:
            yield event


def _has_tail(one: Form, text: str) -> bool:
    """Return whether the last line of a statement ends with what follows a statement."""
    last = text[text.rfind("\n") + 1 :][-2000:]
    return any((match := tail.search(last)) and match[0].strip() for tail in one.tails)


def _ms(groups: dict[str, str | None]) -> float | None:
    for unit, factor in _FACTORS.items():
        if number := groups.get(unit):
            try:
                return round(float(number.replace(",", "")) * factor, 6)
            except ValueError:
                return None
    return None


def _thread(text: str) -> str:
    match = _THREAD.search(text)
    return next((group for group in match.groups() if group), "") if match else ""


def _request(text: str) -> str | None:
    match = _REQUEST.search(text) or _NAMED_REQUEST.search(text)
    return match[1] if match else request_in(text)
