"""A server that says given bytes to whoever asks first, and then has no more to say."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache

from tests.diagnosis.guards import wire

MYSQL_GREETING = wire.mysql_greeting()


#: After it the server hangs up: sooner, a client that reads ahead would lose what was said.
_SILENCE_S = 0.02


class _Server:
    """One listener for all runs of this process: a start for each would cost more than the run."""

    def __init__(self) -> None:
        self.greeting: bytes = b""
        self.pieces: Sequence[bytes] = ()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(5)
            connection.sendall(self.greeting)
            for piece in self.pieces:
                connection.recv(65_536)
                connection.sendall(piece)
                connection.settimeout(_SILENCE_S)
            while connection.recv(65_536):
                pass


@cache
def _server() -> _Server:
    return _Server()


@contextmanager
def replying(*pieces: bytes, greeting: bytes = b"") -> Iterator[int]:
    """Yield the port of the server: the greeting comes at once, a piece for each thing heard."""
    server = _server()
    server.greeting, server.pieces = greeting, pieces
    yield server.port
