"""The address of a PostgreSQL server: what is added to it, and what of it may be said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..evidence.redaction import Secrets
from ..guards import cleartext
from ..trouble import CannotRun

APPLICATION_NAME = "backend-performance-probe"
SWALLOWED = (
    "the start-up options of the session did not reach the server, so it cannot be made safe: a "
    "pooler (PgBouncer, RDS Proxy, Supavisor, ProxySQL) is in between; give the address of the "
    "database server itself"
)
_EXPECTED = (
    "the connection string is not one; expected postgresql://user@host/database "
    "or host=… dbname=… (its text is withheld)"
)
_ENCODE = (
    "the host of the connection string holds @, so it may hold part of the password; "
    "percent-encode @ : / # ? in user and password (its text is withheld)"
)
#: Modes in which libpq sends everything in the clear if the server, or anybody in between, asks.
_OPPORTUNISTIC = ("", "prefer", "allow")
#: From here on libpq can refuse to give a password in the clear.
_REQUIRE_AUTH = 160000
#: What the message of a failed connection contains → words of our own. That of the server may be
#: anybody's, and is never repeated.
_WORDS = (
    ("unsupported startup parameter", SWALLOWED),
    ("does not support SSL", f"the server does not offer TLS, and {cleartext.WHY}"),
    (
        "password authentication method|authentication method requirement|cleartext",
        "the server asks for the password in the clear, as only a server whose certificate is "
        "verified may: use sslmode=verify-full",
    ),
    ("certificate", "the certificate of the server is not accepted: name its CA with sslrootcert"),
    ("password authentication failed|no password supplied", "the server refuses the password"),
    (
        "no pg_hba.conf entry",
        "the server accepts no connection from here (pg_hba.conf), or only with TLS",
    ),
    ("role .* does not exist", "the server does not know that role"),
    ("database .* does not exist", "there is no database of that name"),
    (
        "too many (clients|connections)|remaining connection slots",
        "the server has no connection left",
    ),
    ("starting up|shutting down|recovery", "the server is starting up or shutting down"),
    ("FATAL|ERROR|PANIC", "the server refuses the connection"),
)


@dataclass(frozen=True)
class Target:
    """What the driver gets, and what must never be shown of it."""

    conninfo: str
    secrets: Secrets


def target(
    driver: Any, dsn: str, settings: Mapping[str, str], *, allow_cleartext: bool = False
) -> Target:
    """Return the address with our own settings in its start-up options.

    Raises:
        CannotRun: it is no address, or would send in the clear what must not be.
    """
    from psycopg import conninfo, rows  # noqa: F401 - rows is used as driver.rows

    # SQLAlchemy names its driver in the scheme
    dsn = re.sub(r"^(postgres(?:ql)?)\+\w+://", r"\1://", dsn)
    try:
        given = conninfo.conninfo_to_dict(dsn)
    except (driver.Error, UnicodeError):  # %FF is a byte, but no text
        raise CannotRun(_EXPECTED) from None
    hosts = [str(part) for part in str(given.get("host") or "").split(",")]
    if any("@" in host and not host.startswith("/") for host in hosts):
        raise CannotRun(_ENCODE)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    own: dict[str, Any] = {
        "application_name": APPLICATION_NAME,
        "client_encoding": "UTF8",
        "options": f"{given.get('options', '')} {options}".strip(),
        "connect_timeout": given.get("connect_timeout", "5"),
        "tcp_user_timeout": "10000",
    }
    if not allow_cleartext:
        own |= _encrypted(driver, given, hosts)
    return Target(conninfo.make_conninfo("", **(given | own)), Secrets(dsn, given))


def _encrypted(driver: Any, given: Mapping[str, Any], hosts: list[str]) -> dict[str, str]:
    """Return what keeps credentials and answers from travelling in the clear."""
    wanted: dict[str, str] = {}
    mode = str(given.get("sslmode") or "")
    remote = [host for host in hosts if host and not cleartext.is_local(host)]
    if given.get("hostaddr") and not cleartext.is_local(str(given["hostaddr"])):
        remote.append(str(given["hostaddr"]))
    if remote and mode == "disable":
        raise CannotRun(cleartext.REFUSED)
    if remote and mode in _OPPORTUNISTIC:
        wanted["sslmode"] = "require"
    if mode not in ("verify-ca", "verify-full") and driver.pq.version() >= _REQUIRE_AUTH:
        wanted["require_auth"] = str(given.get("require_auth") or "!password")
    return wanted


def refusal(error: Exception, target: Target) -> str:
    """Return why no connection was made."""
    message = str(error)
    for pattern, words in _WORDS:
        if re.search(pattern, message):
            return words
    return target.secrets.redact(message) or "the server cannot be reached"
