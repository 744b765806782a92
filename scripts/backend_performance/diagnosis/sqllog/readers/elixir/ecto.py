"""Ecto: ``QUERY OK source="books" db=4.1ms queue=0.1ms`` above the statement and its parameters."""

from __future__ import annotations

from ..application import application, form

READER = application(
    "ecto",
    "Ecto's log",
    form(
        r"\bQUERY (?:OK|ERROR)(?: source=\"[^\"]*\")? db=(?P<ms>[\d.]+)ms(?: (?:decode|queue|idle)="
        r"[\d.]+ms)*(?P<sql>.*)",
        tail=r"(?P<args>\[.*\])",
        follow=r"\A\s*↳",
    ),
)
