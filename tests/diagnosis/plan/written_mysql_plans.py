"""One plan of MySQL or MariaDB in every form in which people have it."""

from __future__ import annotations

import html
import json
import re

TREE = """\
-> Limit: 20 row(s)  (cost=6123 rows=20) (actual time=184..184 rows=20 loops=1)
    -> Sort: parcel.due DESC, limit input to 20 row(s) per chunk  (cost=6123 rows=59800) (actual time=184..184 rows=20 loops=1)
        -> Filter: ((parcel.state = 'open') and (parcel.note like '%z%'))  (cost=6123 rows=59800) (actual time=0.05..179 rows=310 loops=1)
            -> Table scan on parcel  (cost=6123 rows=59800) (actual time=0.04..161 rows=60000 loops=1)
"""  # noqa: E501
ITERATORS = {
    "query": "/* select#1 */ select 1",
    "query_plan": {
        "operation": "Limit: 20 row(s)", "access_type": "limit", "actual_rows": 20.0,
        "actual_loops": 1, "actual_last_row_ms": 184.0, "inputs": [{
            "operation": "Sort: parcel.due DESC", "access_type": "sort", "actual_rows": 20.0,
            "actual_loops": 1, "actual_last_row_ms": 184.0, "inputs": [{
                "operation": "Filter: ((parcel.state = 'open') and (parcel.note like '%z%'))",
                "condition": "((parcel.state = 'open') and (parcel.note like '%z%'))",
                "access_type": "filter", "actual_rows": 310.0, "actual_loops": 1,
                "actual_last_row_ms": 179.0, "inputs": [{
                    "operation": "Table scan on parcel", "table_name": "parcel",
                    "access_type": "table", "actual_rows": 60000.0, "actual_loops": 1,
                    "actual_last_row_ms": 161.0}]}]}]},
}  # fmt: skip
MARIADB = {"query_block": {"select_id": 1, "r_loops": 1, "r_total_time_ms": 184.0, "filesort": {
    "sort_key": "parcel.due desc", "r_loops": 1, "r_total_time_ms": 5.0, "r_output_rows": 20,
    "temporary_table": {"nested_loop": [{"table": {
        "table_name": "parcel", "access_type": "ALL", "r_loops": 1, "rows": 59800,
        "r_rows": 60000, "filtered": 100, "r_filtered": 0.516667, "r_table_time_ms": 150.0,
        "r_other_time_ms": 29.0,
        "attached_condition": "parcel.state = 'open' and parcel.note like '%z%'"}}]}}}}  # fmt: skip
MYSQL_FORMS = {
    "tree": TREE,
    "tree in a frame": "+----+\n| EXPLAIN |\n+----+\n| " + TREE + " |\n+----+\n1 row in set",
    "tree in a record": "*************************** 1. row ***************************\nEXPLAIN: "
                        + TREE,
    "tree in batch mode": "EXPLAIN\n" + TREE.replace("\n", "\\n"),
    "tree in a driver's row": json.dumps([{"EXPLAIN": TREE}]),
    "tree, indentation lost": "\n".join(line.strip() for line in TREE.splitlines()),
    "tree collapsed": re.sub(r"\s+", " ", TREE),
    "tree as HTML": html.escape(TREE),
    "tree in a cell of Markdown": "| EXPLAIN |\n| :--- |\n| "
        + re.sub(r"([()_`*])", r"\\\1", html.escape(TREE, quote=False)).replace("\n", "<br/>")
        + " |\n",
    "iterators in JSON": json.dumps(ITERATORS),
    "MariaDB's JSON": json.dumps(MARIADB),
    "MariaDB's JSON in a record": "*** 1. row ***\nANALYZE: " + json.dumps(MARIADB, indent=2),
}  # fmt: skip
TABLE = """\
+----+-------------+-------+------------+-------+---------------+------+---------+------+--------+----------+----------------------------------------------------+
| id | select_type | table | partitions | type  | possible_keys | key  | key_len | ref  | rows   | filtered | Extra                                              |
+----+-------------+-------+------------+-------+---------------+------+---------+------+--------+----------+----------------------------------------------------+
|  1 | SIMPLE      | p     | NULL       | ALL   | NULL          | NULL | NULL    | NULL | 598000 |    11.11 | Using where; Using temporary; Using filesort       |
|  1 | SIMPLE      | d     | NULL       | ALL   | NULL          | NULL | NULL    | NULL |   3300 |    10.00 | Using where; Using join buffer (hash join)         |
|  1 | SIMPLE      | s     | NULL       | index | NULL          | s_at | 5       | NULL |  50000 |   100.00 | Using index                                        |
+----+-------------+-------+------------+-------+---------------+------+---------+------+--------+----------+----------------------------------------------------+
"""  # noqa: E501
CELLS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if line[0] == "|"
]
TABLES = {
    "frame": TABLE,
    "batch mode": "\n".join("\t".join(row) for row in CELLS),
    "records": "\n".join(
        f"*************************** {n}. row ***************************\n"
        + "\n".join(f"{name:>13}: {cell}" for name, cell in zip(CELLS[0], row, strict=True))
        for n, row in enumerate(CELLS[1:], 1)),
    "records without their heads": "\n".join(
        "\n".join(f"{name:>13}: {cell}" for name, cell in zip(CELLS[0], row, strict=True))
        for row in CELLS[1:]
    ),
    "Markdown": "\n".join(
        "| " + " | ".join(row) + " |" for row in [CELLS[0], [":---"] * len(CELLS[0]), *CELLS[1:]]
    ).replace("598000", "598,000"),
    "quoted in a mail": "\n".join(f"> {line}" for line in TABLE.splitlines()),
    "frame of lines": TABLE.replace("|", "│").replace("-", "─").replace("+", "┼"),
    "Markdown with escapes": "\n".join(
        "| " + " | ".join(row).replace("_", "\\_") + " |"
        for row in [CELLS[0], [":---"] * len(CELLS[0]), *CELLS[1:]]
    ),
    "a page's table": "<table>" + "".join(
        "<tr>" + "".join(f"<td>{cell}</td>\n" for cell in row) + "</tr>\n" for row in CELLS
    ) + "</table>",
    "as mysql --html prints it": "<TABLE BORDER=1>" + "".join(
        "<TR>" + "".join(f"<TD>{cell}</TD>" for cell in row) + "</TR>" for row in CELLS
    ) + "</TABLE>",
    "collapsed into one line": re.sub(r"\s+", " ", TABLE),
    "columns apart by spaces": "\n".join("   ".join(row) for row in CELLS),
    "columns apart by one space": "\n".join(" ".join(row) for row in CELLS),
    "CSV": "\n".join(",".join(f'"{cell}"' for cell in row) for row in CELLS),
}  # fmt: skip
