"""xorm, Bun, ent and go-pg, each in a line."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "go-sql",
    "the log of xorm, Bun, ent or pgx",
    form(
        rf"\[SQL\] {SQL}", tail=r"(?P<args>\[.*?\])? ?-? ?(?:(?P<ms>[\d.]+)ms|(?P<us>[\d.]+)[µu]s)"
    ),
    form(rf"\[bun\] +[\d:.]+ +\w+ +(?:(?P<ms>[\d.]+)ms|(?P<us>[\d.]+)[µu]s) +{SQL}"),
    form(rf"driver\.(?:Query|Exec)[\w]*:? query=\"?{SQL}", tail=r"\"? args=(?P<args>\[.*\])"),
    form(
        rf"(?:Tx\([\w-]+\)|Tx)\.(?:Query|Exec)[\w]*:? query=\"?{SQL}",
        tail=r"\"? args=(?P<args>\[.*\])",
    ),
)
