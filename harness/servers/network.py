"""A network between client and server: counts round trips and bytes, and adds delay.

The delay is the only thing simulated in the measurements. Counting on the wire needs no help
from a driver, so the figures hold for any client.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

CHUNK = 1 << 16


@dataclass
class Traffic:
    """What passed since the last reset."""

    connections: int = 0
    round_trips: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


class Network:
    """A TCP forwarder to a server; `delay` seconds are added to each round trip."""

    def __init__(self, host: str, port: int, delay: float = 0.0) -> None:
        self.target = (host, port)
        self.delay = delay
        self.traffic = Traffic()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Network:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for opened in [self._listener, *self._open]:
            close(opened)

    def reset(self) -> None:
        self.traffic = Traffic()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            with self._lock:
                self.traffic.connections += 1
                self._open += [client, server]
            Link(self, client, server).start()


class Link:
    """One forwarded connection."""

    def __init__(self, network: Network, client: socket.socket, server: socket.socket) -> None:
        self.network, self.client, self.server = network, client, server
        self.asking = False
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self) -> None:
        for forward in (self._up, self._down):
            threading.Thread(target=self._guard, args=(forward,), daemon=True).start()

    def _guard(self, forward: object) -> None:
        with suppress(OSError):
            forward()  # type: ignore[operator]
        close(self.client)
        close(self.server)

    def _up(self) -> None:
        while data := self.client.recv(CHUNK):
            self.network.traffic.bytes_up += len(data)
            if not self.asking:
                self.asking = True
                if self.network.delay:
                    time.sleep(self.network.delay)
            self.server.sendall(data)

    def _down(self) -> None:
        while data := self.server.recv(CHUNK):
            if self.asking:  # a farewell without an answer is no round trip
                self.asking = False
                self.network.traffic.round_trips += 1
            self.network.traffic.bytes_down += len(data)
            self.client.sendall(data)


def close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
