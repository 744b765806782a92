"""Laravel: ``DB::listen`` in the log, and Eloquent's query log printed."""

from __future__ import annotations

from ..application import SQL, application, form

_HEAD = r"\] \w+\.(?:DEBUG|INFO|debug|info): (?:\[?(?:SQL|Query)\]?:? ?)?"

#: The time before the statement, with its unit.
_TIMED = r"\] \w+\.(?:DEBUG|INFO): \[(?:(?P<s>[\d.]+)s|(?P<ms>[\d.]+)ms|(?P<us>[\d.]+)[μµu]s)\] "

READER = application(
    "laravel",
    "Laravel's log",
    form(
        _HEAD + SQL,
        tail=(
            r"(?P<args>\{\"bindings\":.*?)[,{]\"time\":\"?(?P<ms>[\d.]+)[^}]*\}(?: \[\])?",
            r"(?P<args>\{.*\}|\[.*?\])?(?:,? ?[\[(]?(?P<ms>[\d.]+) ?ms[\])]?)(?: \[\])?",
            r"(?P<args>\{.*\}|\[.*?\])(?: \[\])?",
            r"\|[^\n]*?\| *(?P<ms>[\d.]+) ?ms(?: *\|[^\n]*)?",
        ),
    ),
    form(
        _TIMED + SQL, tail=r"\| (?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CLI)\b[^\n]*", lines=False
    ),
    form(
        rf"(?:\[query\] => |\"query\" => \"){SQL}",
        tail=r"\"(?: // [^\n]*)?",
        follow=r"(?:\[time\]|\"time\") => (?P<ms>[\d.]+)|\[?\d+\]? => (?P<args>.*)"
        r"|\[bindings\]|\"bindings\"|\A\s*[()\[\]]\s*\Z",
    ),
)
