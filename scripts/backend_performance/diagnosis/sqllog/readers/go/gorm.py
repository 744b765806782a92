"""GORM: ``[4.123ms] [rows:1] SELECT …`` below the place in the code; version 1 had its own form."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "gorm",
    "GORM's log",
    form(rf"\[(?P<ms>\d+(?:\.\d+)?)ms\] +\[rows:(?:-?\d+|-)\] {SQL}"),
    form(
        rf"\[\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\]\s+\[(?P<ms>\d+(?:\.\d+)?)ms\]\s+{SQL}",
        follow=r"\A\s*\[-?\d+ rows affected or returned \]",
    ),
)
