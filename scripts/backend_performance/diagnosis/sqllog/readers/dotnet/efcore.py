"""Entity Framework Core: ``Executed DbCommand (4ms) [Parameters=[…], …]`` above the statement."""

from __future__ import annotations

from ..application import application, form

READER = application(
    "efcore",
    "Entity Framework Core's log",
    form(
        r"(?:Executed|Failed executing) DbCommand \((?P<ms>[\d.,]+)ms\) "
        r"\[Parameters=\[?(?P<args>.*?)\]?"
        r"(?:, CommandType='\"?\w+\"?')?(?:, CommandTimeout='\d+')?\](?P<sql>(?:\s+\w.*)?)\Z"
    ),
    form(r"Executing DbCommand \[Parameters=.*\](?P<sql>)\Z", repeated=True),
)
