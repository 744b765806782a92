"""Rails (Active Record): ``Book Load (4.1ms)  SELECT …  [["id", 1]]``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "rails",
    "Rails' log",
    form(
        r"(?:\b[\w:]+(?: (?:Load|Exists\?|Count|Sum|Average|Minimum|Maximum|Create|Update|Destroy|"
        r"Delete|Pluck|Ids|Insert|Upsert|Bulk Insert|Bulk Update|Update All|Delete All|Pick)"
        r"[\w ]*)?"
        rf" |(?<![\w?] ))\((?P<ms>\d+(?:\.\d+)?)ms\)  {SQL}",
        tail=r"  (?P<args>\[\[?.*\]\]?)",
        skip=r"\bCACHE\b",
    ),
    # rails_semantic_logger
    form(
        r"\((?P<ms>\d+(?:\.\d+)?)ms\) ActiveRecord -- .*?\{ ?:?sql(?: =>|:) "
        r"\"(?P<sql>(?:[^\"\\]|\\.)*)\"(?P<args>.*)",
        lines=False,
        skip=r":?cached(?: =>|:) true",
        escaped=True,
    ),
)
