"""Django (django.db.backends): ``(0.001) SELECT …; args=(1,); alias=default``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "django",
    "Django's log",
    form(
        rf"\((?P<s>\d+\.\d{{3}})\) {SQL}",
        tail=r";(?: args=(?P<args>.*?))?(?:; alias=\w+)?",
    ),
)
