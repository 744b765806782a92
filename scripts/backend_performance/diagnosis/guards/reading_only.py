"""The first of three guards: is the text one statement, and does it only read?

Necessary, not sufficient: the session is read-only as well, and the role should be.
"""

from __future__ import annotations

import re
import string

#: Where names begin, and go on, is PostgreSQL's rule: any character beyond ASCII may stand in one.
_TOKEN = re.compile(
    r"""(?P<skip>[ \t\n\r\f\v]+|--[^\n\r]*)
    |(?P<comment>/\*)
    |(?P<unicode>[uU]&['"])
    |(?P<string>[eE]'(?:[^'\\]|''|\\.)*'|[bBxXnN]?'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")*")
    |(?P<dollar>\$(?P<tag>(?:[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)?)\$.*?\$(?P=tag)\$)
    |(?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
    |(?P<end>;)
    |(?P<other>.)""",
    re.S | re.X,
)
#: A longer one, or comments in comments, keep the server's own reader busy, deaf to its limits.
MAX_CHARACTERS = 100_000
#: PostgreSQL cuts off the rest of a name.
_NAME_BYTES = 63
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_MOST_NESTED = 10
_FIRST = {"select", "with", "values", "table"}
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        insert update delete merge truncate create alter drop comment grant revoke reassign copy
        do call execute prepare deallocate lock set reset begin start commit rollback savepoint
        release vacuum analyze analyse cluster reindex refresh checkpoint discard load import
        notify listen unlisten security into
        """,
    )
)
_FUNCTIONS = frozenset(
    re.findall(
        r"\w+",
        """
        nextval setval set_config dblink pg_sleep pg_sleep_for pg_sleep_until pg_notify pg_promote
        pg_reload_conf pg_rotate_logfile pg_switch_wal pg_export_snapshot pg_terminate_backend
        pg_cancel_backend pg_read_file pg_read_binary_file pg_stat_file pg_stat_statements_reset
        pg_current_xact_id txid_current pg_log_backend_memory_contexts
        """,
    )
)
_FUNCTION_PREFIXES = (
    "lo_",
    "pg_advisory",
    "pg_try_advisory",
    "pg_stat_reset",
    "pg_ls_",
    "pg_create_",
    "pg_drop_",
    "pg_replication_",
    "pg_logical_",
    "pg_wal_replay",
    "pg_backup",
    "pg_file_",
    "dblink_",
    "pg_stat_clear",
    "pg_restore_",
    "pg_clear_",
    "binary_upgrade",
    "query_to_xml",
    "cursor_to_xml",
    "table_to_xml",
    "schema_to_xml",
    "database_to_xml",
)
#: Views whose names begin as those of functions that write.
_VIEWS = frozenset({"pg_replication_slots"})


def objection(sql: str) -> str | None:
    """Return why the text is not one reading statement, or None if it is."""
    read = _words(sql)
    return read if isinstance(read, str) else _objection_to_words(read)


def names(sql: str) -> frozenset[str]:
    """Return every name in a statement that `objection` lets through, as the catalogue has it."""
    read = _words(sql)
    if isinstance(read, str):
        return frozenset()
    # A server of a single-byte encoding folds letters beyond ASCII too.
    folded = (word.lower() for word in read if not word.endswith("\0"))
    return frozenset(_cut(word.rstrip("\0")) for word in (*read, *folded))


def _cut(name: str) -> str:
    return name.encode()[:_NAME_BYTES].decode(errors="ignore")


def _words(sql: str) -> list[str] | str:
    """Return the words, a quoted one with a NUL after it; or why the text is not one statement."""
    if len(sql) > MAX_CHARACTERS:
        return f"it is longer than {MAX_CHARACTERS} characters"
    words: list[str] = []
    ended = False
    position = 0
    while position < len(sql):
        match = _TOKEN.match(sql, position)
        if match is None:  # pragma: no cover - the last alternative takes any character
            return "it cannot be read"
        if match["comment"]:
            position = _after_comment(sql, position)
            if position < 0:
                return f"a comment is left open, or nested deeper than {_MOST_NESTED}"
            continue
        position = match.end()
        if match["skip"]:
            continue
        if ended:
            return "it is more than one statement"
        if match["unicode"]:
            return "it contains a name or text with Unicode escapes (U&)"
        if match["end"]:
            ended = True
        elif match["other"] in ("'", '"'):
            return "a quote is left open"
        elif match["quoted"]:
            words.append(match["quoted"][1:-1].replace('""', '"') + "\0")
        elif match["word"]:
            words.append(match["word"].translate(_TO_LOWER))
    return words


def _after_comment(sql: str, start: int) -> int:
    """Return the place after a comment; comments nest in PostgreSQL. Below 0: left open."""
    depth = 0
    for match in re.compile(r"/\*|\*/").finditer(sql, start):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
        if depth > _MOST_NESTED:
            break
    return -1


def _objection_to_words(words: list[str]) -> str | None:
    if not words or words[0] not in _FIRST:
        return "it does not begin with SELECT, WITH, VALUES or TABLE"
    for before, word in zip(["", *words], words, strict=False):
        # A quoted name is a function or a column, never a keyword.
        name, quoted = word.rstrip("\0"), word.endswith("\0")
        writes = name in _FUNCTIONS or (name.startswith(_FUNCTION_PREFIXES) and name not in _VIEWS)
        if writes or (name in _KEYWORDS and not quoted):
            return f"it contains {name.upper()}"
        if before == "for" and name in ("share", "no", "key"):
            return "it locks rows"
    return None
