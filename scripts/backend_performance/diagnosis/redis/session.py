"""A session with Redis or Valkey that can send twelve commands, none of which reads a value.

``TYPE`` and ``EXISTS`` count as lookups and would change the hit ratio we come to read, ``KEYS``
and ``MONITOR`` stall the server: none of them is in the list, so none can be sent. ``PTTL``,
``OBJECT ENCODING`` and the commands about streams count as lookups too: they are sent for a few
keys of each family, after the ratio was read.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..evidence.redaction import Secrets
from ..guards import sent
from ..guards.patience import Overdue, within
from ..trouble import CannotRun, NoAnswer, ServerGone
from . import address

CLIENT_NAME = "backend-performance-probe"
ALLOWED = (
    ("CLIENT", "LIST"),
    ("CLIENT", "SETNAME"),
    ("INFO",),
    ("LATENCY", "LATEST"),
    ("MEMORY", "USAGE"),
    ("OBJECT", "ENCODING"),
    ("PTTL",),
    ("SCAN",),
    ("SLOWLOG", "GET"),
    ("XINFO", "GROUPS"),
    ("XLEN",),
    ("XPENDING",),
)
_SECONDS = 5
_CONNECT_S = 15.0
_QUESTION_S = 7.0
#: What a driver raises when a reply is not what the protocol says.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
#: Enough for every probe and for nothing else; `%R~*` lets no value be read, since no command may.
ACL = (
    "ACL SETUSER probe on >… resetkeys %R~* -@all +info +scan +memory|usage +slowlog|get "
    "+latency|latest +client|setname +client|list +pttl +object|encoding +xinfo|groups +xlen "
    "+xpending"
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

    def __init__(self, connection: Any, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

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
            return within(
                _QUESTION_S,
                lambda: self._replies(commands, driver),
                self.close,
                deadline=self._deadline,
            )
        except Overdue as overdue:
            raise ServerGone(str(overdue)) from None
        except (driver.ConnectionError, driver.TimeoutError, OSError):
            raise ServerGone("the connection was lost or did not answer in 5 s") from None
        except (driver.RedisError, *_UNREADABLE):
            raise ServerGone("the address does not speak the Redis protocol") from None

    def _replies(self, commands: Sequence[Sequence[str | bytes]], driver: Any) -> list[Any]:
        for words in commands:
            sent.record("redis", " ".join(_word(word) for word in words[:2]))
        self._connection.send_packed_command(
            self._connection.pack_commands([tuple(words) for words in commands])
        )
        return [self._reply(words, driver) for words in commands]

    def close(self) -> None:
        """Cut the connection, also one that waits for an answer."""
        with contextlib.suppress(Exception):
            self._connection.disconnect()

    def _reply(self, words: Sequence[str | bytes], driver: Any) -> Any:
        try:
            reply = self._connection.read_response(disable_decoding=True)
        except driver.ResponseError as error:
            return _trouble(error, words)
        return _trouble(reply, words) if isinstance(reply, driver.ResponseError) else reply


def _word(word: str | bytes) -> str:
    """Return a word of a command; keys, which are bytes, are the audited system's data."""
    return word if isinstance(word, str) else "(key or cursor)"


def _begins(words: Sequence[str | bytes], allowed: tuple[str, ...]) -> bool:
    given = tuple(str(word).upper() for word in words[: len(allowed)])
    return given == allowed


def _trouble(error: Exception, words: Sequence[str | bytes]) -> NoAnswer:
    """Report only the kind of an error: its text may contain keys and arguments."""
    name = " ".join(str(word) for word in words[:2] if isinstance(word, str) and word.isalpha())
    text = str(error)
    if type(error).__name__ == "NoPermissionError" or "permissions" in text:
        return NoAnswer(f"the role may not send {name}. To find out: {ACL}")
    if "unknown command" in text.lower() or "unknown subcommand" in text.lower():
        return NoAnswer(f"the server does not know {name}. To find out: check by hand")
    return NoAnswer(f"the server refused {name} ({type(error).__name__})")


@contextmanager
def connect(
    url: str, *, allow_cleartext: bool = False, deadline: float = math.inf
) -> Iterator[Session]:
    """Open a session, which ends at ``deadline`` on the clock of ``time.monotonic``.

    Raises:
        CannotRun: the driver is missing, the URL is not one, or the server refuses.
    """
    driver = redis()
    pool, secrets = address.pool(driver, url, _SECONDS, allow_cleartext)
    try:
        connection = _silent(pool.make_connection())
    except (AttributeError, TypeError, ValueError, driver.RedisError):
        raise CannotRun(address.EXPECTED) from None
    session = Session(connection, deadline)
    try:
        within(_CONNECT_S, connection.connect, session.close, deadline=deadline)
        session.ask_many([("CLIENT", "SETNAME", CLIENT_NAME)])
    except Overdue as overdue:
        raise CannotRun(str(overdue)) from None
    except (driver.RedisError, NoAnswer, OSError) as error:
        session.close()
        raise CannotRun(_refusal(error, secrets)) from None
    except _UNREADABLE:
        session.close()
        raise CannotRun("the address does not speak the Redis protocol") from None
    try:
        yield session
    finally:
        session.close()


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
    if kind == "ServerGone" or isinstance(error, NoAnswer):
        return str(error)
    if kind in ("ResponseError", "NoPermissionError", "BusyLoadingError", "MaxConnectionsError"):
        return f"the server refuses the connection ({kind})"
    return secrets.redact(str(error)) or "the server cannot be reached"
