"""The client for programs that wait: scripts, workers, notebooks."""

from __future__ import annotations

import time
from collections.abc import Generator
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from interlock.client.call import Call, Pages, Steps, Stream
from interlock.client.core import Core, interrupted
from interlock.client.methods import Methods

T = TypeVar("T")


class Client(Methods, Core):
    """A party's side of the network, blocking. Close it, or use it in a ``with`` block. Safe for several threads.

    >>> with Client(gateway, party="acme", key=key, network="demo") as client:
    ...     client.network().network_id
    'demo'
    """

    _channel: grpc.Channel

    def _prepare(self) -> None:
        if self._target.plain:
            self._channel = grpc.insecure_channel(self._target.address, self._target.options())
        else:
            self._channel = grpc.secure_channel(
                self._target.address, self._target.credentials(), self._target.options()
            )

    def close(self) -> None:
        """Hang up. Calls under way end with ``Cancelled``."""
        self._channel.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self.close()

    def _run(self, work: Call[T] | Steps[T]) -> T:
        if isinstance(work, Call):
            return self._send(work)
        answer: Any = None
        while True:
            try:
                call = work.send(answer)
            except StopIteration as end:
                result: T = end.value
                return result
            answer = self._send(call)

    def _send(self, call: Call[T]) -> T:
        attempts = self._attempts(call)
        send = self._wire(self._channel, call, stream=False)
        while True:
            try:
                answer = send(call.request, timeout=attempts.left(time.monotonic()), metadata=self._metadata(call))
            except grpc.RpcError as failure:
                error = self._error(failure, call)
                pause = self._pause(attempts, error)
                if pause is None:
                    raise error from failure
            else:
                return call.read(answer)
            time.sleep(pause)

    def _iterate(self, source: Pages[T] | Stream[T]) -> Generator[T, None, None]:
        return self._list(source) if isinstance(source, Pages) else self._follow(source)

    def _list(self, pages: Pages[T]) -> Generator[T, None, None]:
        call: Call[Any] | None = pages.first()
        while call is not None:
            page = self._send(call)
            yield from pages.items(page)
            call = pages.after(page)

    def _follow(self, stream: Stream[T]) -> Generator[T, None, None]:
        patience = self._patience()
        while True:
            call = stream.call()
            answers = self._wire(self._channel, call, stream=True)(call.request, metadata=self._metadata(call))
            try:
                for answer in answers:
                    patience.succeeded(time.monotonic())
                    yield from stream.take(answer)
                if not stream.endless:
                    return
                error, cause = interrupted(), None
            except grpc.RpcError as failure:
                error, cause = self._error(failure, call), failure
            finally:
                answers.cancel()
            pause = self._pause(patience, error)
            if pause is None:
                raise error from cause
            time.sleep(pause)
