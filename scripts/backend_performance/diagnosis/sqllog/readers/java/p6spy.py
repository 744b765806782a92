"""p6spy: lines with fields between bars, and its form in several lines; datasource-proxy."""

from __future__ import annotations

from ..application import ANY, SQL, application, form

#: time|ms|category|connection[|url]|prepared statement|statement
_BARS = (
    r"(?:\A|[\s:\d])\|(?P<ms>\d+)\|(?:statement|batch|commit|rollback)\|"
    r"connection ?(?P<session>\d+)\|(?:url [^|]*\|)?"
)
_LINES = (
    r"#\S.{0,60}? \| took (?P<ms>\d+)ms \| (?:statement|batch|commit|rollback) \| "
    r"connection ?(?P<session>\d+)\|(?: ?url [^\n|]*)?(?P<sql>)\Z"
)
_PROXY = (
    r"\bTime:(?P<ms>\d+), Success:\w+, (?:Type:\w+, )?(?:Batch:\w+, )?(?:QuerySize:\d+, )?"
    r"(?:BatchSize:\d+, )?Query:\[\"?" + SQL
)

#: As MyBatis-Plus configures it: the time before the statement.
_CONSUMED = r"(?:\A|\s)Consume Time[：:]\s*(?P<ms>\d+) ms.*?(?P<sql>)\Z"

READER = application(
    "p6spy",
    "p6spy's log",
    form(_BARS + r"(?P<sql>[^|]+?)\|(?P<args>.*)", lines=False),
    form(_BARS + r"url[^|]*(?P<sql>)\Z", follow=r"\A\|(?P<sql>.*)"),
    form(_BARS + ANY, tail=r"\|", lines=False),
    form(_LINES),
    form(_CONSUMED, follow=r"\A\s*Execute SQL[：:]\s*(?P<sql>.*)"),
    form(_PROXY, tail=r"\"?\](?:, ?Params:(?P<args>\[.*\]))?"),
)
