"""GORM: ``[4.123ms] [rows:1] SELECT …`` below the place in the code."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "gorm", "GORM's log", form(rf"\[(?P<ms>\d+(?:\.\d+)?)ms\] +\[rows:(?:-?\d+|-)\] {SQL}")
)
