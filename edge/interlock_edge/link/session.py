"""One stream's conversation, apart from the stream: what came in, what goes out. Waits for nothing but the bank."""

import secrets
from collections.abc import Callable
from typing import Any

import structlog

from interlock.edge.v1 import link_service_pb2
from interlock_edge.agent.agent import Agent
from interlock_edge.built import Layout
from interlock_edge.custody.change import Change
from interlock_edge.link import commands, manifest
from interlock_edge.link.hello import EPOCH, Said, proven_time, signed_hello
from interlock_edge.link.lanes import Outbox, clock_reading

MISSED = 3
"""So many heartbeats without a word from the gateway, and the stream counts as dead."""
DEFAULT_INTERVAL_S = 30.0

_log = structlog.get_logger("interlock.edge.link")


class LinkOver(Exception):
    """The stream is to be ended. ``after_s``: not to be dialled again before, where the gateway said so."""

    def __init__(self, why: str, *, after_s: float = 0.0) -> None:
        """Say why."""
        super().__init__(why)
        self.after_s = after_s


class Session:
    """The conversation of one bank on one stream.

    Attributes:
        welcomed: The gateway has accepted the Hello.
        interval_s: How often heartbeats go both ways.
    """

    def __init__(self, agent: Agent, layout: Layout, send: Callable[[link_service_pb2.ConnectRequest], None]) -> None:
        """Begin, before the challenge.

        Args:
            agent: The bank.
            layout: What it is made of.
            send: Puts a message on the stream, in order.
        """
        self._agent, self._layout, self._send_message = agent, layout, send
        self.welcomed = False
        self.interval_s = DEFAULT_INTERVAL_S
        self._said: Said | None = None
        self._outbox: Outbox | None = None
        self._epoch = 0
        self._heartbeats = 0
        self._suspended = False

    async def receive(self, message: link_service_pb2.ConnectResponse) -> None:
        """Take in one message of the gateway.

        Raises:
            LinkOver: the gateway sends this bank away, or does not keep to the protocol.
            JournalFullError: what was acknowledged could not be kept; the next stream says it again.
        """
        kind = message.WhichOneof("message")
        if kind == "challenge":
            self._answer_challenge(message.challenge)
        elif kind == "reconnect":
            raise LinkOver(
                "the gateway asks to come back later", after_s=message.reconnect.after.ToTimedelta().total_seconds()
            )
        elif kind == "welcome":
            await self._welcome(message.welcome)
        elif not self.welcomed:
            raise LinkOver(f"the gateway sent {kind} before its welcome")
        elif message.bank == self._agent.knowledge.identity.audience:
            await self._converse(kind or "", message)

    def flush(self) -> None:
        """Send every fact and result that waits and may go now."""
        if self._outbox is None:
            return
        for facts in self._outbox.due():
            self._send(facts=facts)
        while self._agent.results:
            self._send(command_result=commands.said_of(self._agent.results.popleft()))

    def heartbeat(self) -> None:
        """Say that this bank is still here; deadlines of commands are reckoned from the clock that it tells."""
        self._heartbeats += 1
        agent, at = self._agent, self._agent.now()
        open_doors = [label for label in agent.bank.layout if agent.bank.reading(label).door.value == "OPEN"]
        self._send(
            heartbeat=link_service_pb2.Heartbeat(
                sequence=self._heartbeats,
                clock=clock_reading(at.time, at.uncertainty_s, suspect=at.suspect, boot_id=agent.boot_id, ms=at.ms),
                unsent_count=agent.journal.lanes.unacknowledged(),
                open_compartments=open_doors,
            )
        )

    def _answer_challenge(self, challenge: link_service_pb2.Challenge) -> None:
        if self._said is not None:
            raise LinkOver("the gateway challenged twice")
        self._said = Said(secrets.token_bytes(32), self._agent.now().ms)
        self._send(hello=signed_hello(self._agent, self._layout, challenge, self._said))

    async def _welcome(self, welcome: link_service_pb2.Welcome) -> None:
        if self._said is None or self.welcomed:
            raise LinkOver("the gateway welcomed without a Hello")
        unix_ns = proven_time(self._agent, welcome.time, nonce=self._said.nonce)
        if unix_ns is None:
            _log.warning("time not proven", kid=welcome.time.kid)
        else:
            moved = self._agent.timekeeper.answered(unix_ns, asked_ms=self._said.asked_ms)
            await self._agent.clock_moved(moved)
        self._epoch = welcome.link_epoch
        seen = int(self._agent.journal.kept(EPOCH) or 0)
        if self._epoch > seen:
            self._agent.journal.write(Change(kept=((EPOCH, str(self._epoch)),)))
        self.interval_s = welcome.heartbeat_interval.ToTimedelta().total_seconds() or DEFAULT_INTERVAL_S
        self._suspended = welcome.suspended
        self._outbox = Outbox(
            self._agent.journal.lanes, {committed.lane: committed.number for committed in welcome.committed}
        )
        self.welcomed = True
        self.heartbeat()
        self.flush()

    async def _converse(self, kind: str, message: link_service_pb2.ConnectResponse) -> None:
        if kind == "acknowledgement" and self._outbox is not None:
            self._outbox.acknowledged(message.acknowledgement.lane, message.acknowledgement.number)
            self.flush()
        elif kind == "manifest":
            self._send(manifest=await manifest.take_in(self._agent, message.manifest))
        elif kind == "command":
            await self._command(message)

    async def _command(self, message: link_service_pb2.ConnectResponse) -> None:
        command = message.command
        if command.link_epoch < int(self._agent.journal.kept(EPOCH) or 0):
            _log.warning("command of an earlier epoch dropped", command=command.id)
            return
        if command.WhichOneof("body") == "resend_facts" and self._outbox is not None:
            self._outbox.again_from(command.resend_facts.from_number)
            self._send(command_result=commands.done(command))
            self.flush()
            return
        event = commands.asked(self._agent, command)
        if event is None:
            self._send(command_result=commands.not_here(command))
        else:
            await self._agent.take(event)

    def _send(self, **message: Any) -> None:  # noqa: ANN401  one member of the oneof, by its name
        bank = self._agent.knowledge.identity.audience
        self._send_message(link_service_pb2.ConnectRequest(bank=bank, **message))
