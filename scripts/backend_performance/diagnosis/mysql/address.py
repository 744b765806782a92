"""The address of a MySQL or MariaDB server, as applications write it, as arguments of PyMySQL."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..trouble import CannotRun

_SCHEME = re.compile(r"(?:jdbc:)?(?:mysql|mysql2|mariadb)(?:\+\w+)?://", re.I)
_EXPECTED = (
    "the connection string is not one; expected mysql://user@host:3306/database, with "
    "?unix_socket=/path for a socket and ?ssl-mode=VERIFY_IDENTITY for TLS (its text is withheld)"
)
_ENCRYPTED = {
    "required",
    "verify_ca",
    "verify_identity",
    "true",
    "1",
    "trust",
    "verify_full",
    "verify-ca",
    "verify-full",
}


def parameters(dsn: str) -> dict[str, Any]:
    """Return arguments for ``pymysql.connect``.

    Raises:
        CannotRun: the text is no such address; it is not repeated.
    """
    scheme = _SCHEME.match(dsn)
    if scheme is None:
        raise CannotRun(_EXPECTED)
    try:
        url = urlsplit("mysql://" + dsn[scheme.end() :])
        port = url.port or 3306
        options = {k.lower().replace("_", "-"): v for k, v in parse_qsl(url.query)}
    except ValueError:
        raise CannotRun(_EXPECTED) from None
    user = unquote(url.username) if url.username else options.get("user", "")
    password = unquote(url.password) if url.password else options.get("password", "")
    found: dict[str, Any] = {"user": user, "password": password, **_tls(options)}
    database = unquote(url.path.lstrip("/"))
    if database:
        found["database"] = database
    socket = options.get("unix-socket") or options.get("socket")
    return found | ({"unix_socket": socket} if socket else _host(url.hostname, port))


def _host(host: str | None, port: int) -> dict[str, Any]:
    return {"host": unquote(host or "127.0.0.1"), "port": port}


def _tls(options: dict[str, str]) -> dict[str, Any]:
    mode = (options.get("ssl-mode") or options.get("sslmode") or options.get("ssl") or "").lower()
    found: dict[str, Any] = {
        "ssl_ca": options.get("ssl-ca"),
        "ssl_cert": options.get("ssl-cert"),
        "ssl_key": options.get("ssl-key"),
    }
    found = {name: value for name, value in found.items() if value}
    if mode in ("verify_identity", "verify-full", "verify_full"):
        found |= {"ssl_verify_cert": True, "ssl_verify_identity": True}
    elif mode in ("verify_ca", "verify-ca"):
        found |= {"ssl_verify_cert": True}
    elif mode in _ENCRYPTED and not found:
        found["ssl"] = {"check_hostname": False, "verify_mode": "none"}
    return found
