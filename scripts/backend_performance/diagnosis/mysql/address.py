"""The address of a MySQL or MariaDB server, as applications write it, as arguments of PyMySQL."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..trouble import CannotRun
from . import encryption

_SCHEME = re.compile(r"(?:jdbc:)?(?:mysql|mysql2|mariadb)(?:\+\w+)?://", re.I)
_EXPECTED = (
    "the connection string is not one; expected mysql://user@host:3306/database, with "
    "?unix_socket=/path for a socket and ?ssl-mode=VERIFY_IDENTITY for TLS (its text is withheld)"
)
_ENCODE = (
    "the host of the connection string holds @, so it may hold part of the password; "
    "percent-encode @ : / # ? in user and password (its text is withheld)"
)


def parameters(dsn: str, *, allow_cleartext: bool = False) -> dict[str, Any]:
    """Return arguments for ``pymysql.connect``; ``verified`` says whether the server will be.

    Raises:
        CannotRun: the text is no such address; it is not repeated.
    """
    scheme = _SCHEME.match(dsn)
    if scheme is None:
        raise CannotRun(_EXPECTED)
    try:
        url = urlsplit("mysql://" + dsn[scheme.end() :])
        port = url.port or 3306
        given = dict(parse_qsl(url.query, keep_blank_values=True))
        options = {k.lower().replace("_", "-"): v for k, v in given.items()}
    except ValueError:
        raise CannotRun(_EXPECTED) from None
    user = unquote(url.username) if url.username else options.get("user", "")
    password = unquote(url.password) if url.password else options.get("password", "")
    if url.netloc.count("@") > 1:
        raise CannotRun(_ENCODE)
    socket = options.get("unix-socket") or options.get("socket")
    host = None if socket else unquote(url.hostname or "127.0.0.1")
    tls, off, verified = encryption.context(given, host, allow_cleartext=allow_cleartext)
    found: dict[str, Any] = {"user": user, "password": password, "verified": verified}
    found |= {"ssl_disabled": True} if off else {}
    found |= {"ssl": tls} if tls is not None else {}
    database = unquote(url.path.lstrip("/"))
    if database:
        found["database"] = database
    return found | ({"unix_socket": socket} if socket else {"host": host, "port": port})
