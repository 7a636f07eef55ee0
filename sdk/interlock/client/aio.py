"""The client for programs on an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from interlock.client.call import Call, Pages, Steps, Stream
from interlock.client.core import Core, interrupted
from interlock.client.methods import Methods

T = TypeVar("T")


class AsyncClient(Methods, Core):
    """A party's side of the network, on an event loop. Every method of ``Client``, awaited or iterated over.

    >>> async def main():
    ...     async with AsyncClient(gateway, party="acme", key=key, network="demo") as client:
    ...         return (await client.network()).network_id
    >>> asyncio.run(main())
    'demo'
    """

    _line: grpc.aio.Channel | None = None

    @property
    def _channel(self) -> grpc.aio.Channel:
        # Made at the first call: a channel belongs to the loop that runs then.
        if self._line is None:
            address, options = self._target.address, self._target.options()
            if self._target.plain:
                self._line = grpc.aio.insecure_channel(address, options)
            else:
                self._line = grpc.aio.secure_channel(address, self._target.credentials(), options)
        return self._line

    async def close(self) -> None:
        """Hang up. Calls under way end with ``Cancelled``."""
        if self._line is not None:
            await self._line.close()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        await self.close()

    async def _run(self, work: Call[T] | Steps[T]) -> T:
        if isinstance(work, Call):
            return await self._send(work)
        answer: Any = None
        while True:
            try:
                call = work.send(answer)
            except StopIteration as end:
                result: T = end.value
                return result
            answer = await self._send(call)

    async def _send(self, call: Call[T]) -> T:
        attempts = self._attempts(call)
        send = self._wire(self._channel, call, stream=False)
        while True:
            try:
                answer = await send(
                    call.request, timeout=attempts.left(time.monotonic()), metadata=self._metadata(call)
                )
            except grpc.aio.AioRpcError as failure:
                error = self._error(failure, call)
                pause = self._pause(attempts, error)
                if pause is None:
                    raise error from failure
            else:
                return call.read(answer)
            await asyncio.sleep(pause)

    def _iterate(self, source: Pages[T] | Stream[T]) -> AsyncGenerator[T, None]:
        return self._list(source) if isinstance(source, Pages) else self._follow(source)

    async def _list(self, pages: Pages[T]) -> AsyncGenerator[T, None]:
        call: Call[Any] | None = pages.first()
        while call is not None:
            page = await self._send(call)
            for item in pages.items(page):
                yield item
            call = pages.after(page)

    async def _follow(self, stream: Stream[T]) -> AsyncGenerator[T, None]:
        patience = self._patience()
        while True:
            call = stream.call()
            answers = self._wire(self._channel, call, stream=True)(call.request, metadata=self._metadata(call))
            try:
                async for answer in answers:
                    patience.succeeded(time.monotonic())
                    for item in stream.take(answer):
                        yield item
                if not stream.endless:
                    return
                error, cause = interrupted(), None
            except grpc.aio.AioRpcError as failure:
                error, cause = self._error(failure, call), failure
            finally:
                answers.cancel()
            pause = self._pause(patience, error)
            if pause is None:
                raise error from cause
            await asyncio.sleep(pause)
