"""One plan of PostgreSQL in every form in which people have it."""

from __future__ import annotations

import csv
import html
import io
import json
import pprint
import re
from typing import Any

import yaml

TEXT = """\
Limit  (cost=0.42..48.00 rows=20 width=96) (actual time=0.500..812.100 rows=12 loops=1)
  Buffers: shared hit=120 read=9014
  ->  Seq Scan on parcel p  (cost=0.00..18334.00 rows=10 width=96) (actual time=0.020..812.000 rows=12 loops=1)
        Filter: ((depot = ANY ('{7,8}'::integer[])) AND (state = 'open'::text))
        Rows Removed by Filter: 999988
        Buffers: shared hit=120 read=9014
Planning Time: 0.112 ms
Execution Time: 812.406 ms
"""  # noqa: E501
LINES = TEXT.splitlines()
SCAN = {
    "Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "parcel",
    "Alias": "p", "Startup Cost": 0.0, "Total Cost": 18334.0, "Plan Rows": 10, "Plan Width": 96,
    "Actual Startup Time": 0.02, "Actual Total Time": 812.0, "Actual Rows": 12, "Actual Loops": 1,
    "Filter": "((depot = ANY ('{7,8}'::integer[])) AND (state = 'open'::text))",
    "Rows Removed by Filter": 999988, "Shared Hit Blocks": 120, "Shared Read Blocks": 9014,
}  # fmt: skip
DOCUMENT = {
    "Plan": {
        "Node Type": "Limit", "Startup Cost": 0.42, "Total Cost": 48.0, "Plan Rows": 20,
        "Plan Width": 96, "Actual Startup Time": 0.5, "Actual Total Time": 812.1,
        "Actual Rows": 12, "Actual Loops": 1, "Shared Hit Blocks": 120,
        "Shared Read Blocks": 9014, "Plans": [SCAN],
    },
    "Planning Time": 0.112, "Triggers": [], "Execution Time": 812.406,
}  # fmt: skip
JSON = json.dumps([DOCUMENT], indent=2)


def boxed(lines: list[str], left: str, right: str, rule: str, goes_on: str = "") -> str:
    width = max(map(len, lines))
    rows = [
        f"{left}{line.ljust(width)}{goes_on if n < len(lines) - 1 else ' ' * len(goes_on)}{right}"
        for n, line in enumerate(lines)
    ]
    head = f"{left}{'QUERY PLAN'.center(width)}{right}"
    return "\n".join([rule * width, head, rule * width, *rows, rule * width, "(8 rows)", ""])


def as_xml(value: Any, name: str) -> str:
    if isinstance(value, dict):
        inner = "".join(as_xml(part, key.replace(" ", "-")) for key, part in value.items())
    elif isinstance(value, list):
        inner = "".join(as_xml(part, "Plan") for part in value)
    else:
        inner = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f"<{name}>{inner}</{name}>\n"


XML = (
    '<explain xmlns="http://www.postgresql.org/2009/explain">'
    + as_xml(DOCUMENT, "Query")
    + "</explain>"
)


def table_of(cell: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([["QUERY PLAN"], [cell]])
    return out.getvalue()


def csvlog(message: str) -> str:
    out = io.StringIO()
    row = ["2026-03-01 10:00:01.123 UTC", "app", "shop", "24667", "10.0.0.7:4242", "65e1.60", "3",
           "SELECT", "2026-03-01 10:00:00 UTC", "4/12", "0", "LOG", "00000", message]  # fmt: skip
    csv.writer(out).writerow(row + [""] * 9 + ["psql", "client backend", "", "0"])
    return out.getvalue()


MESSAGE = "duration: 812.406 ms  plan:\nQuery Text: select *\nfrom parcel where depot in (7, 8)\n"
HEAD = "2026-03-01 10:00:01.123 UTC [24667] app@shop LOG:  "
PREFIX = "Mar  1 10:00:01 db1 postgres[24667]: [7-{}] "
FORMS = {
    "text": TEXT,
    "text with the statement": f"EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM parcel;\n{TEXT}",
    "indented in a ticket": "\n".join("    " + line for line in LINES),
    "unaligned": "QUERY PLAN\n" + TEXT + "(8 rows)\n",
    "border 0": boxed(LINES, "", "", "-"),
    "border 1": boxed([" " + line for line in LINES], "", "", "-"),
    "border 2": boxed(LINES, "| ", " |", "-"),
    "border 2, unicode": boxed(LINES, "║ ", " ║", "═"),
    "right border only": boxed(LINES, "", "|", "-"),
    "expanded": "-[ RECORD 1 ]----\n" + "\n".join(f"QUERY PLAN | {line}" for line in LINES),
    "in quotes": "\n".join(f'"{line}"' for line in LINES),
    "in quotes, the first one lost": "\n".join(f'"{line}"' for line in LINES)[1:],
    "indentation lost": "\n".join(re.sub(r"\s+", " ", line.strip()) for line in LINES),
    "collapsed into one line": "explain analyze select 1; QUERY PLAN ------ "
                               + re.sub(r"\s+", " ", TEXT),
    "numbered lines": "\n".join(f"{n} {line}" for n, line in enumerate(LINES, 1)),
    "in a mail": "\n".join(f"> {line}" for line in ["", "Hello,", *LINES]),
    "as HTML": html.escape(TEXT),
    "in the code of a page": f"<p>It takes:</p>\n<pre><code>{html.escape(TEXT)}</code></pre>\n",
    "a row of a page's table for each line": "<table>\n<tr><th>QUERY PLAN</th></tr>\n"
        + "".join(
            f"<tr>\n <td>{html.escape(line).replace('  ', '&nbsp;&nbsp;')}</td>\n</tr>\n"
            for line in LINES
        ) + "</table>",
    "JSON in a mail": "Hello,\n" + "\n".join(f"> {line}" for line in JSON.split("\n")),
    "JSON in a patch": "\n".join(f"+{line}" for line in JSON.split("\n")),
    "JSON with numbered lines": "\n".join(
        f"{n}  {line}" for n, line in enumerate(JSON.split("\n"), 1)
    ),
    "JSON with a writer's quotes": re.sub('"([^"]*)"', "“\\1”", JSON),
    "a point of a chat for each line": "\n".join(f"• {line}" for line in LINES),
    "a logger's time before each line": "\n".join(f"[2026-03-01 10:00:01] {x}" for x in LINES),
    "with arrows of a word processor": TEXT.replace("->", "–>"),
    "with half an entity": TEXT.replace("->", "-&gt"),
    "quoted in a list": "1. Mine:\n\n" + "\n".join(f"   > {line.strip()}" for line in LINES),
    "removed lines of a patch": "\n".join(f"-{line}" for line in LINES),
    "loops left out": TEXT.replace(" loops=1)", ")"),
    "figures on lines of their own": TEXT.replace(" (actual", "\n        (actual"),
    "quoted lines in a report": "Dataset: parcels, 'cold'\n\nResult:\n"
        + "\n".join(f'"{line}"' for line in ["QUERY PLAN", *LINES]) + "\n\nSummary:\n- 812 ms\n",
    "in single quotes": "\n".join("'" + line.replace("'", "''") + "'" for line in LINES),
    "wrapped at 80": "\n".join(line[n:n + 80] for line in LINES for n in range(0, len(line), 80)),
    "in comments of SQL": "\n".join("--" + line for line in LINES),
    "with a person's remarks": "\n".join(
        f"{line}   ← {n} is slow" if "(cost" in line else line for n, line in enumerate(LINES)
    ),
    "explained by lines drawn below": "\n".join(
        f"{line}\n│         │    └── {n}" if "(cost" in line else line
        for n, line in enumerate(LINES)
    ),
    "with real arrows": TEXT.replace("->", "→"),
    "quotes around lines with commas": "\n".join(
        f'"{line}"' if "," in line and ": " in line else line for line in LINES
    ),
    "blanks of a web page": TEXT.replace("  (", " &nbsp;("),
    "tabs": "\n".join(line.replace("        ", "\t") for line in LINES),
    "tuples of Python": repr([(line,) for line in LINES]),
    "one tuple a line": "\n".join(f"({line!r},)" for line in LINES),
    "objects of Node": ",\n".join(f"  {{ 'QUERY PLAN': {line!r} }}" for line in LINES),
    "rows in JSON": json.dumps([{"QUERY PLAN": line} for line in LINES]),
    "lists in JSON": json.dumps([[line] for line in LINES]),
    "text in JSON": json.dumps({"id": 7, "plan": TEXT}),
    "JSON": JSON,
    "JSON on one line": json.dumps([DOCUMENT]),
    "JSON without the list": json.dumps(DOCUMENT),
    "a dictionary of Python": repr([DOCUMENT]),
    "a dictionary of Python in a row, printed prettily": pprint.pformat([([DOCUMENT],)]),
    "JSON in a tuple of Python": repr((JSON,)),
    "JSON in a string of JSON": json.dumps(JSON),
    "JSON in a field of a logger's record": json.dumps({"msg": "slow", "plan": JSON}),
    "JSON in a row": json.dumps([{"QUERY PLAN": [DOCUMENT]}]),
    "JSON as text in a row": json.dumps([{"QUERY PLAN": JSON}]),
    "JSON, border 0": boxed(JSON.splitlines(), "", "", "-", "+"),
    "JSON, border 2": boxed(JSON.splitlines(), "| ", "|", "-", "+"),
    "JSON, unicode": boxed(JSON.splitlines(), "║ ", "║", "═", "↵"),
    "JSON in a CSV": table_of(JSON),
    "text in a CSV": table_of(TEXT),
    "YAML": yaml.safe_dump([DOCUMENT], sort_keys=False),
    "YAML, border 1": boxed(yaml.safe_dump([DOCUMENT], sort_keys=False).splitlines(),
                            " ", "", "-", "+"),
    "XML": XML,
    "auto_explain": HEAD + MESSAGE.replace("\n", "\n\t") + TEXT.replace("\n", "\n\t"),
    "auto_explain in JSON": f"{HEAD}duration: 812.406 ms  plan:\n\t" + JSON.replace("\n", "\n\t"),
    "auto_explain in JSON on the same line": f"{HEAD}duration: 812.4 ms  plan: {JSON}",
    "auto_explain in csvlog": csvlog(MESSAGE + TEXT),
    "auto_explain JSON in csvlog": csvlog("duration: 812.4 ms  plan:\n" + JSON),
    "auto_explain in jsonlog": json.dumps({"pid": 24667, "message": MESSAGE + TEXT}) + "\n",
    "auto_explain in syslog": "\n".join(
        PREFIX.format(n) + ("#011" if n else "") + line
        for n, line in enumerate((MESSAGE + TEXT).splitlines())),
    "auto_explain in a container": "\n".join(
        json.dumps({"log": line + "\n", "stream": "stderr"})
        for line in (HEAD + MESSAGE + TEXT.replace("\n", "\n\t")).splitlines()),
    "auto_explain in Kubernetes": "\n".join(
        f"2026-03-01T10:00:01.123456789Z stderr F {line}"
        for line in (HEAD + MESSAGE + TEXT.replace("\n", "\n\t")).splitlines()),
}  # fmt: skip
