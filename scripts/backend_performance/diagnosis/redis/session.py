"""A session with Redis or Valkey that can send six commands, none of which reads a value.

``TTL``, ``TYPE`` and ``EXISTS`` count as look-ups and would change the hit ratio we come to read,
``KEYS`` and ``MONITOR`` stall the server: none of them is in the list, so none can be sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from ..redaction import Secrets
from ..trouble import CannotRun, NoAnswer, ServerGone

CLIENT_NAME = "backend-performance-probe"
ALLOWED = (
    ("CLIENT", "SETNAME"),
    ("INFO",),
    ("LATENCY", "LATEST"),
    ("MEMORY", "USAGE"),
    ("SCAN",),
    ("SLOWLOG", "GET"),
)
_SECONDS = 5
_SCHEME = re.compile(r"(redis|rediss|valkey|valkeys|unix)://")
_EXPECTED = (
    "the address is not one; expected redis://[user:password@]host:6379/0, rediss://… for TLS "
    "or unix:///path/to/socket (its text is withheld)"
)
#: Enough for every probe and for nothing else; `%R~*` lets no value be read, since no command may.
ACL = (
    "ACL SETUSER probe on >… resetkeys %R~* -@all +info +scan +memory|usage +slowlog|get "
    "+latency|latest +client|setname"
)


def redis() -> Any:
    """Return the driver.

    Raises:
        CannotRun: it is not installed.
    """
    try:
        import redis
    except ImportError:
        raise CannotRun(
            "redis is not installed; run: pip install 'redis>=5,<9' "
            "(or `uv run scripts/probe.py …`, which brings it)"
        ) from None
    return redis


class Session:
    """One connection that refuses every command outside the list before it is sent."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, *words: str | bytes) -> Any:
        """Return the raw reply to one command.

        Raises:
            NoAnswer: the command is not in the list, or the server refused it.
            ServerGone: the connection is lost.
        """
        reply = self.ask_many([words])[0]
        if isinstance(reply, NoAnswer):
            raise reply
        return reply

    def ask_many(self, commands: Sequence[Sequence[str | bytes]]) -> list[Any]:
        """Return the raw replies; in place of a refused one stands its ``NoAnswer``.

        Raises:
            ServerGone: the connection is lost.
        """
        driver = redis()
        for words in commands:
            if not any(_begins(words, allowed) for allowed in ALLOWED):
                raise NoAnswer("refused before it was sent, because the command is not in the list")
        try:
            self._connection.send_packed_command(
                self._connection.pack_commands([tuple(words) for words in commands])
            )
            return [self._reply(words, driver) for words in commands]
        except (driver.ConnectionError, driver.TimeoutError, OSError):
            raise ServerGone("the connection was lost or did not answer in 5 s") from None

    def _reply(self, words: Sequence[str | bytes], driver: Any) -> Any:
        try:
            return self._connection.read_response(disable_decoding=True)
        except driver.ResponseError as error:
            return _trouble(error, words)


def _begins(words: Sequence[str | bytes], allowed: tuple[str, ...]) -> bool:
    given = tuple(str(word).upper() for word in words[: len(allowed)])
    return given == allowed


def _trouble(error: Exception, words: Sequence[str | bytes]) -> NoAnswer:
    """Only the kind of an error is told: its text may carry keys and arguments."""
    name = " ".join(str(word) for word in words[:2] if isinstance(word, str) and word.isalpha())
    text = str(error)
    if type(error).__name__ == "NoPermissionError" or "permissions" in text:
        return NoAnswer(f"the role may not send {name}. To find out: {ACL}")
    if "unknown command" in text.lower() or "unknown subcommand" in text.lower():
        return NoAnswer(f"the server does not know {name}. To find out: check by hand")
    return NoAnswer(f"the server refused {name} ({type(error).__name__})")


@contextmanager
def connect(url: str) -> Iterator[Session]:
    """Open a session.

    Raises:
        CannotRun: the driver is missing, the URL is not one, or the server refuses.
    """
    driver = redis()
    pool, secrets = _pool(driver, url)
    connection = _silent(pool.make_connection())
    try:
        connection.connect()
        session = Session(connection)
        session.ask_many([("CLIENT", "SETNAME", CLIENT_NAME)])
    except (driver.RedisError, NoAnswer, OSError, TypeError, ValueError) as error:
        connection.disconnect()
        raise CannotRun(_refusal(error, secrets)) from None
    try:
        yield session
    finally:
        connection.disconnect()


def _pool(driver: Any, url: str) -> tuple[Any, Secrets]:
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise CannotRun(_EXPECTED)
    known = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
    try:
        password = unquote(urlsplit(known).password or "")
        options = {
            "protocol": 2,  # no HELLO, which the recommended role may not send
            "socket_timeout": _SECONDS,
            "socket_connect_timeout": _SECONDS,
            "client_name": None,
            "retry": driver.retry.Retry(driver.backoff.NoBackoff(), 0),
        }
        pool = driver.ConnectionPool.from_url(known, **options)
        pool.connection_kwargs.pop("decode_responses", None)
    except (ValueError, TypeError):
        raise CannotRun(_EXPECTED) from None
    return pool, Secrets(url, {"password": password})


def _silent(connection: Any) -> Any:
    """Return the connection, which will send nothing that was not asked for: no library name.

    The arguments for it differ: up to 7.0 ``lib_name``, which later versions warn of, then
    ``driver_info``, whose None means the default in some. The attributes are read when it connects.
    """
    for name in ("lib_name", "lib_version", "driver_info"):
        if hasattr(connection, name):
            setattr(connection, name, None)
    return connection


def _refusal(error: Exception, secrets: Secrets) -> str:
    kind = type(error).__name__
    if kind in ("AuthenticationError", "AuthenticationWrongNumberOfArgsError"):
        return "the server refuses the user or password of the address, or wants one"
    return secrets.redact(str(error)) or "the server cannot be reached"
