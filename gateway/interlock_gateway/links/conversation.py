"""One stream: challenges, Hellos, and the sessions of the banks that speak on it (LNK-10 to LNK-13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final

from interlock.edge.v1 import link_service_pb2
from interlock_gateway.domain.errors import HelloInvalid
from interlock_gateway.links.hello import NONCE_BYTES, PROTOCOL_VERSION, judge, signed_time
from interlock_gateway.links.parts import LinkParts
from interlock_gateway.links.session import Session, lane_numbers
from interlock_gateway.services.mapping.values import duration
from interlock_gateway.use_cases.bank_link import Lane

MOST_BANKS: Final = 1000
"""Banks that one stream speaks for."""
FIRST: Final = ""
"""Whose challenge the first one of a stream is: nobody's yet."""


class Conversation:
    """One stream, until it ends."""

    def __init__(self, parts: LinkParts, write: Callable[[link_service_pb2.ConnectResponse], Awaitable[None]]) -> None:
        """Begin.

        Args:
            parts: Of the links.
            write: Puts a message on the stream, and waits while the stream is full.
        """
        self._parts, self._write = parts, write
        self._out: asyncio.Queue[link_service_pb2.ConnectResponse] = asyncio.Queue()
        self._nonces: dict[str, bytes] = {}
        self._sessions: dict[str, Session] = {}
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, requests: AsyncIterator[link_service_pb2.ConnectRequest]) -> None:
        """Speak until the stream ends, or must.

        Raises:
            Refusal: Why the stream ends, where the bank is to be told.
        """
        self._challenge(FIRST)
        writing = asyncio.create_task(self._writing())
        reading = asyncio.create_task(self._reading(requests))
        knocking = asyncio.create_task(self._hurry())
        try:
            done, _ = await asyncio.wait({writing, reading, knocking, self._over}, return_when=asyncio.FIRST_COMPLETED)
            await self._flush(writing)
            for each in done:
                each.result()
        finally:
            for task in (writing, reading, knocking):
                task.cancel()
            await asyncio.gather(writing, reading, knocking, return_exceptions=True)
            for session in self._sessions.values():
                await session.close()

    async def _writing(self) -> None:
        while True:
            message = await self._out.get()
            await self._write(message)
            self._out.task_done()

    async def _flush(self, writing: asyncio.Task[None]) -> None:
        """Let what was said before the end still go out, as far as the stream takes it."""
        if not writing.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._out.join(), 1.0)

    async def _reading(self, requests: AsyncIterator[link_service_pb2.ConnectRequest]) -> None:
        async for message in requests:
            match message.WhichOneof("message"):
                case "hello":
                    await self._hello(message.bank or FIRST, message.hello)
                case "hail":
                    self._hail(message.bank)
                case _:
                    session = self._sessions.get(message.bank)
                    if session is None:
                        raise HelloInvalid  # nothing is accepted of a bank before its Hello
                    await session.receive(message)

    async def _hurry(self) -> None:
        """End a stream that proves no key: it costs whoever opens it nothing."""
        await asyncio.sleep(self._parts.hello_within.total_seconds())
        if not self._sessions:
            raise HelloInvalid
        await asyncio.get_running_loop().create_future()

    def _hail(self, bank: str) -> None:
        if not bank or len(self._nonces) + len(self._sessions) >= MOST_BANKS:
            raise HelloInvalid
        self._challenge(bank)

    def _challenge(self, bank: str) -> None:
        nonce = self._nonces[bank] = self._parts.entropy.token_bytes(NONCE_BYTES)
        challenge = link_service_pb2.Challenge(nonce=nonce, time=signed_time(self._parts, nonce))
        self._out.put_nowait(link_service_pb2.ConnectResponse(bank=bank, challenge=challenge))

    async def _hello(self, bank: str, said: link_service_pb2.SignedHello) -> None:
        """Judge a Hello; each challenge is answered once."""
        nonce = self._nonces.pop(bank, None) or self._nonces.pop(FIRST, None)
        if nonce is None or bank in self._sessions:
            raise HelloInvalid
        proved = await judge(self._parts, said, token_audience=bank, nonce=nonce)
        opened = await self._parts.committer.submit(proved.opening)
        session = Session(
            self._parts,
            opened,
            proved.hello,
            proved.key,
            send=self._out.put_nowait,
            over=partial(self._session_over, bank),
        )
        self._sessions[bank] = session
        welcome = link_service_pb2.Welcome(
            protocol_version=PROTOCOL_VERSION,
            link_epoch=opened.link.epoch,
            time=signed_time(self._parts, proved.hello.nonce),
            heartbeat_interval=duration(self._parts.heartbeat),
            committed=lane_numbers(opened),
            known_number=opened.journal.number(Lane.CUSTODY),
            suspended=opened.link.suspended,
        )
        self._out.put_nowait(link_service_pb2.ConnectResponse(bank=bank, welcome=welcome))
        session.begin()

    def _session_over(self, bank: str, refusal: Exception | None) -> None:
        """End the stream with its only session; where it speaks for others too, they go on."""
        if len(self._sessions) > 1:
            session = self._sessions.pop(bank, None)
            if session is not None:
                self._ending = asyncio.create_task(session.close())
            return
        if self._over.done():
            return
        if refusal is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(refusal)
