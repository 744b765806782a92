"""The API page's code: a stream from a slow upstream, and retries of a gRPC client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.knowledge.behaviour.page_code import run

PAGE = "references/api-performance.md"


class Upstream:
    """A model that answers with pauses of these seconds; remembers whether it was closed."""

    def __init__(self, *pauses: float) -> None:
        self.pauses, self.closed = pauses, False

    async def chunks(self) -> AsyncIterator[int]:
        try:
            for number, pause in enumerate(self.pauses):
                await asyncio.sleep(pause)
                yield number
        finally:
            self.closed = True


#: Pauses of the upstream, chunks that arrive, whether the reader sees a timeout.
STREAMS = {
    "a first token within its own limit": ((0.2, 0.0, 0.0), 3, False),
    "no first token": ((2.0,), 0, True),
    "a silence between tokens": ((0.0, 0.0, 2.0), 2, True),
    "more time in total than allowed": ((0.06,) * 40, None, True),
}


@pytest.mark.parametrize("name", STREAMS)
def test_each_wait_has_its_limit_and_the_upstream_is_closed(name: str) -> None:
    relay = run(f"{PAGE}#slow-streaming-upstreams", "async def relay")["relay"]
    pauses, expected, times_out = STREAMS[name]
    upstream, got = Upstream(*pauses), []

    async def read() -> None:
        async for chunk in relay(upstream.chunks(), first_token=0.4, between=0.15, total=0.6):
            got.append(chunk)

    if times_out:
        with pytest.raises(TimeoutError):
            asyncio.run(read())
    else:
        asyncio.run(read())
    assert expected in (None, len(got))
    assert upstream.closed


def test_a_reader_who_leaves_ends_the_upstream() -> None:
    relay = run(f"{PAGE}#slow-streaming-upstreams", "async def relay")["relay"]
    upstream = Upstream(*(0.0,) * 100)

    async def read_one() -> None:
        stream = relay(upstream.chunks())
        async for _ in stream:
            break
        await stream.aclose()

    asyncio.run(read_one())
    assert upstream.closed


def test_grpc_options_retry_what_is_unavailable_and_set_a_deadline() -> None:
    grpc = pytest.importorskip("grpc", reason="grpcio is not installed")
    options = run(f"{PAGE}#grpc", "OPTIONS")["OPTIONS"]
    calls: list[Any] = []

    def fails_twice(request: bytes, context: Any) -> bytes:
        calls.append(context.time_remaining())
        if len(calls) < 3:
            context.abort(grpc.StatusCode.UNAVAILABLE, "starting")
        return request

    handler = grpc.method_handlers_generic_handler(
        "shop.Orders", {"Echo": grpc.unary_unary_rpc_method_handler(fails_twice)}
    )
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with grpc.insecure_channel(f"dns:///127.0.0.1:{port}", options=options) as channel:
            echo = channel.unary_unary("/shop.Orders/Echo")
            assert echo(b"hello", timeout=30) == b"hello"
    finally:
        server.stop(None)
    assert len(calls) == 3
    # The deadline travels as a duration, rounded up, and starts anew at the server's clock.
    assert all(0 < left <= 31 for left in calls), "the server was not told the deadline"
