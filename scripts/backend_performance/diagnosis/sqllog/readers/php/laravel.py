"""Laravel: ``DB::listen`` in the log, and Eloquent's query log printed."""

from __future__ import annotations

from ..application import SQL, application, form

_HEAD = r"\] \w+\.(?:DEBUG|INFO|debug|info): (?:\[?(?:SQL|Query)\]?:? ?)?"

READER = application(
    "laravel",
    "Laravel's log",
    form(
        _HEAD + SQL,
        tail=r"(?:(?P<args>\{\"bindings\":.*?)(?:[,{]\"time\":\"?(?P<ms>[\d.]+)[^}]*)?\}|"
        r"(?P<list>\[.*?\])?(?: ?[\[(]?(?P<time>[\d.]+) ?ms[\])]?)?(?: \{.*\}| \[\])?)",
    ),
    form(
        rf"(?:\[query\] => |\"query\" => \"){SQL}",
        tail=r"\"(?: // [^\n]*)?",
        follow=r"\[time\] => (?P<ms>[\d.]+)|\"time\" => (?P<s>(?!))?(?:[\d.]+)"
        r"|\[\d+\] => (?P<args>.*)|\d+ => (?P<bound>.*)|\[bindings\]|\"bindings\"|\A\s*[()\[\]]",
    ),
)
