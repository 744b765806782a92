"""A server that accepts connections and answers as it likes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket, threading.Event], None]


@contextmanager
def lying(behaviour: Behaviour) -> Iterator[int]:
    """Yield the port of a server that does this with each connection."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            behaviour(connection, over)

    def accept() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()


def drips(first: bytes = b"") -> Behaviour:
    """A byte now and then: no timeout per byte ever fires."""

    def behaviour(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(0.05):
            connection.sendall(b"x")

    return behaviour


def floods(first: bytes, more: bytes, *, waits: bool = True) -> Behaviour:
    """What never ends, as fast as it is taken."""

    def behaviour(connection: socket.socket, over: threading.Event) -> None:
        if waits:
            connection.recv(65_536)
        connection.sendall(first)
        while not over.is_set():
            connection.sendall(more)

    return behaviour


def says(*replies: bytes) -> Behaviour:
    """One reply to each message, the last one to all that follow."""

    def behaviour(connection: socket.socket, over: threading.Event) -> None:
        waiting = list(replies)
        while connection.recv(65_536):
            connection.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])

    return behaviour


def greets(greeting: bytes, *replies: bytes) -> Behaviour:
    """A server that speaks first."""

    def behaviour(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(greeting)
        says(*(replies or (b"",)))(connection, over)

    return behaviour
