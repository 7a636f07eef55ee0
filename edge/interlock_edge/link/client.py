"""Dials the gateway, keeps the stream alive, and dials again: for as long as the agent runs."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import grpc
import structlog

from interlock.client.channel import Target, target
from interlock.edge.v1 import link_service_pb2, link_service_pb2_grpc
from interlock_edge.agent.agent import Agent
from interlock_edge.built import Layout
from interlock_edge.journal.database import JournalFullError
from interlock_edge.link.backoff import Backoff
from interlock_edge.link.session import MISSED, LinkOver, Session

_OPTIONS = (
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.initial_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 60_000),
    ("grpc.min_reconnect_backoff_ms", 5_000),
)
_CONNECT_S = 20.0
_WELCOME_S = 10.0
"""So long a gateway has for its welcome; before it, no heartbeat would tell a dead stream."""

_log = structlog.get_logger("interlock.edge.link")


class Link:
    """The link of one agent."""

    def __init__(self, agent: Agent, layout: Layout, *, gateway: str, backoff: Backoff | None = None) -> None:
        """Take an agent; ``run`` dials."""
        where = target(gateway)
        pem = None if where.plain else agent.knowledge.identity.authority_pem()
        self._target: Target = replace(where, ca_pem=pem) if pem else where
        self._agent, self._layout = agent, layout
        self._stream: _Stream | None = None
        self._backoff = backoff or Backoff()

    async def run(self) -> None:
        """Keep the link up until cancelled."""
        while True:
            after_s, started = 0.0, time.monotonic()
            welcomed = False
            try:
                await self._one_stream()
            except LinkOver as over:
                after_s = over.after_s
                _log.info("link over", why=str(over))
            except grpc.aio.AioRpcError as failure:
                _log.info("link lost", code=failure.code().name, why=failure.details())
            except (JournalFullError, TimeoutError) as error:
                _log.warning("link over", why=str(error) or "no answer")
            except Exception:  # noqa: BLE001  the doors work without a link, and it is dialled again
                _log.exception("link failed")
            finally:
                welcomed, self._agent.linked = self._agent.linked, False
            lived_s = time.monotonic() - started if welcomed else 0.0
            self._backoff = self._backoff.after(lived_s)
            await asyncio.sleep(after_s + self._backoff.wait_s(random.random))

    def heartbeat(self) -> None:
        """Tell the gateway how the clocks stand now, where a link is up."""
        if self._stream is not None:
            self._stream.heartbeat()

    async def _one_stream(self) -> None:
        options = [*self._target.options(), *_OPTIONS]
        channel = (
            grpc.aio.insecure_channel(self._target.address, options)
            if self._target.plain
            else grpc.aio.secure_channel(self._target.address, self._target.credentials(), options)
        )
        async with channel:
            await asyncio.wait_for(channel.channel_ready(), _CONNECT_S)
            self._stream = _Stream(self._agent, self._layout, channel)
            try:
                await self._stream.run()
            finally:
                self._stream = None


class _Stream:
    """One stream: a reader, a writer and a pulse, which end together."""

    def __init__(self, agent: Agent, layout: Layout, channel: grpc.aio.Channel) -> None:
        self._agent = agent
        self._out: asyncio.Queue[link_service_pb2.ConnectRequest] = asyncio.Queue()
        self._session = Session(agent, layout, self._out.put_nowait)
        self._heard = time.monotonic()
        self._welcomed, self._news = asyncio.Event(), asyncio.Event()
        self._call = link_service_pb2_grpc.EdgeLinkServiceStub(channel).Connect(self._requests())

    async def run(self) -> None:
        """Converse until the stream ends.

        Raises:
            LinkOver: it was ended on purpose, or heartbeats were missed.
            AioRpcError: the connection broke, or the gateway refused.
        """
        forget: Callable[[], None] = self._agent.listen(self._news.set)
        tasks = [asyncio.create_task(task) for task in (self._read(), self._handshake(), self._send_news())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            forget()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._call.cancel()

    def heartbeat(self) -> None:
        """Say out of turn that this bank is still here."""
        if self._session.welcomed:
            self._session.heartbeat()

    async def _requests(self) -> AsyncIterator[link_service_pb2.ConnectRequest]:
        while True:
            yield await self._out.get()

    async def _read(self) -> None:
        async for message in self._call:
            self._heard = time.monotonic()
            await self._session.receive(message)
            if self._session.welcomed:
                self._agent.linked = True
                self._welcomed.set()
        raise LinkOver("the gateway ended the stream")

    async def _handshake(self) -> None:
        try:
            await asyncio.wait_for(self._welcomed.wait(), _WELCOME_S)
        except TimeoutError:
            raise LinkOver("the gateway gave no welcome") from None
        await self._pulse()

    async def _pulse(self) -> None:
        """Send heartbeats, and miss those of the gateway. A half-open stream says nothing and raises nothing."""
        while True:
            await asyncio.sleep(self._session.interval_s)
            if time.monotonic() - self._heard > MISSED * self._session.interval_s:
                raise LinkOver(f"{MISSED} heartbeats of the gateway were missed")
            self.heartbeat()

    async def _send_news(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            self._session.flush()
