"""Is the text one statement that only reads, also in the eyes of MySQL and MariaDB?

Their lexer differs from PostgreSQL's where text could hide: ``#`` and ``--x``, executable comments
``/*! … */``, backslashes, backticks and double quotes. No probe needs any of them, so none may
occur; what remains reads alike in both.
"""

from __future__ import annotations

import re

from ..guards import reading_only

_HIDING = (
    (re.compile(r"/\*[!M+]"), "a comment that the server executes"),
    (re.compile(r"/\*(?:(?!\*/).)*/\*", re.S), "a comment inside a comment"),
    (re.compile(r"--(?![ \t\n]|$)"), "`--` without a space"),
    (re.compile(r"[#\\`\"$\0]"), 'one of # \\ ` " $'),
    (re.compile(r":="), "an assignment"),
)
_FUNCTIONS = re.compile(
    r"(?i)\b(sleep|benchmark|get_lock|release_lock|release_all_locks|load_file|master_pos_wait"
    r"|source_pos_wait|wait_for_executed_gtid_set|master_gtid_wait|nextval|setval|next\s+value"
    r"|sys_exec|sys_eval|outfile|dumpfile|handler|kill|flush|procedure)\b"
)


def objection(sql: str) -> str | None:
    """Return why the text is not one reading statement, or None if it is."""
    for pattern, name in _HIDING:
        if pattern.search(sql):
            return f"it contains {name}"
    match = _FUNCTIONS.search(re.sub(r"'[^']*'", "''", sql))
    if match:
        return f"it contains {match[0].upper()}"
    return reading_only.objection(sql)
