"""Entity Framework Core: ``Executed DbCommand (4ms) [Parameters=[…], …]`` above the statement."""

from __future__ import annotations

from ..application import application, form

READER = application(
    "efcore",
    "Entity Framework Core's log",
    form(
        r"Executed DbCommand \((?P<ms>[\d.,]+)ms\) \[Parameters=\[?(?P<args>.*?)\]?"
        r"(?:, CommandType='\"?\w+\"?')?(?:, CommandTimeout='\d+')?\](?P<sql>(?:\s+\w.*)?)\Z"
    ),
)
