"""Django (django.db.backends): ``(0.001) SELECT …; args=(1,); alias=default``, or in lines."""

from __future__ import annotations

from ..application import SQL, application, form

_TAIL = r";(?: args=(?P<args>.*?))?(?:; alias=\w+)?"

READER = application(
    "django",
    "Django's log",
    form(
        rf"\((?P<s>\d+\.\d{{3}})\) {SQL}",
        tail=_TAIL,
    ),
    form(r"\((?P<s>\d+\.\d{3})\) *(?P<sql>)\Z", tail=_TAIL),
)
