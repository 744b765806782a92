"""MyBatis: ``==>  Preparing: SELECT …`` and ``==> Parameters: 1(Long)``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "mybatis",
    "MyBatis' log",
    form(
        rf"=+> +Preparing: {SQL}",
        follow=r"=+> +Parameters: (?P<args>.*)|<=+ +(?:Total|Updates|Columns|Row): ",
    ),
)
