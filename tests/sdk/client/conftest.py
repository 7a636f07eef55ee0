"""One suite for both clients: every test that takes ``client`` runs twice, and cannot tell which it has."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import islice
from typing import Any

import pytest

from interlock import AsyncClient, Client, PrivateKey, Retry
from tests.sdk.fake.gateway import FakeGateway

AT_ONCE = Retry(first_pause_s=0.0, most_pause_s=0.0)
"""Repeats without a pause: what a test waits for is not the clock."""


class Either:
    """A client of one kind, whose methods are awaited in either case; what iterates is a list."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        """Give the method of that name, to be awaited."""
        bound = getattr(self.inner, method)

        async def call(*args: Any, **kwargs: Any) -> Any:
            # A blocking client would hold up the loop, and with it whoever is to answer.
            result = bound(*args, **kwargs) if self.asynchronous else await asyncio.to_thread(bound, *args, **kwargs)
            if inspect.isawaitable(result):
                return await result
            if inspect.isasyncgen(result):
                return [item async for item in result]
            return await asyncio.to_thread(list, result) if inspect.isgenerator(result) else result

        return call

    @property
    def asynchronous(self) -> bool:
        """Whether it is the asynchronous one."""
        return isinstance(self.inner, AsyncClient)

    async def first(self, count: int, source: Any) -> list[Any]:
        """Take the first ``count`` of an iteration, and leave."""
        if inspect.isasyncgen(source):
            taken = []
            async for item in source:
                taken.append(item)
                if len(taken) == count:
                    break
            await source.aclose()
            return taken
        taken = await asyncio.to_thread(list, islice(source, count))
        source.close()
        return taken


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with FakeGateway() as gateway:
        yield gateway


@pytest.fixture(params=[Client, AsyncClient], ids=["Client", "AsyncClient"])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
async def make(kind: Any, gateway: FakeGateway) -> AsyncIterator[Callable[..., Either]]:
    made: list[Any] = []

    def make(**changes: Any) -> Either:
        known = {"party": "acme", "key": gateway.world.key, "network": "demo", "retry": AT_ONCE}
        client = kind(changes.pop("gateway", gateway.address), **(known | changes))
        made.append(client)
        return Either(client)

    yield make
    for client in made:
        closing = client.close()
        if inspect.isawaitable(closing):
            await closing


@pytest.fixture
def client(make: Callable[..., Either]) -> Either:
    return make()


@pytest.fixture
def operator(make: Callable[..., Either], gateway: FakeGateway) -> Either:
    return make(party="city", key=gateway.world.operator_key)


@pytest.fixture
def stranger(make: Callable[..., Either]) -> Either:
    return make(party="", key=None, network="")


@pytest.fixture
def other_key() -> PrivateKey:
    return PrivateKey.generate()
