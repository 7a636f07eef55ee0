"""One bank on one stream, from its Welcome on: facts up, manifest and commands down (LNK-20 to LNK-43)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import structlog

from interlock.edge.v1 import command_pb2, fact_pb2, link_service_pb2, manifest_pb2
from interlock.keys import PublicKey
from interlock_gateway.domain.errors import CommandExpired, InvalidField, LinkSuperseded, NoLiveLink, Refusal
from interlock_gateway.domain.names import BankName
from interlock_gateway.links.deadlines import Heard, deadline, heard
from interlock_gateway.links.facts import LANES, Signer, read
from interlock_gateway.links.flow import Flow, Version
from interlock_gateway.links.manifests import Built
from interlock_gateway.links.parts import LinkParts
from interlock_gateway.ports import Request, ShelfFailure
from interlock_gateway.use_cases.bank_commands import AskBank, CommandEnded
from interlock_gateway.use_cases.bank_link import CommandState, Lane, StoredCommand
from interlock_gateway.use_cases.manifest_taken import ManifestTaken
from interlock_gateway.use_cases.open_link import HeardOf, Opened
from interlock_gateway.use_cases.record_facts import RecordFacts
from interlock_gateway.use_cases.renewal import Renew

MOST_FACTS: Final = 500
MOST_FACT_BYTES: Final = 16_384
MISSED: Final = 3
"""So many heartbeats without a word from the bank, and the stream counts as dead."""
NOTED_EVERY_S: Final = 60.0
"""How often heartbeats are written down: an instant to the minute is enough for whoever sells an offline bank."""

RENEWED_EVERY: Final = 120
"""Heartbeats after which it is looked whether signed documents grow old."""

_STATES: Final = {
    command_pb2.COMMAND_OUTCOME_DONE: CommandState.DONE,
    command_pb2.COMMAND_OUTCOME_EXPIRED: CommandState.EXPIRED,
    command_pb2.COMMAND_OUTCOME_REFUSED: CommandState.REFUSED,
    command_pb2.COMMAND_OUTCOME_FAILED: CommandState.FAILED,
}

log = structlog.get_logger("interlock.gateway.links")
Send = Callable[[link_service_pb2.ConnectResponse], None]


class Session:
    """One bank on one stream."""

    def __init__(
        self,
        parts: LinkParts,
        opened: Opened,
        hello: link_service_pb2.Hello,
        key: PublicKey,
        *,
        send: Send,
        over: Callable[[Exception | None], None],
    ) -> None:
        """Begin after the Hello was accepted.

        Args:
            parts: Of the links.
            opened: The link as it was committed.
            hello: What the bank said.
            key: The bank's.
            send: Puts a message on the stream, in order.
            over: Called when this session has to end, with the refusal that the bank is told, or with none.
        """
        self.bank = opened.link.bank
        self._name = BankName.parse(self.bank)
        self._parts, self._send_message, self._over = parts, send, over
        self._audience, self._journal_id = hello.bank, hello.journal_id
        self._epoch = opened.link.epoch
        self._suspended = opened.link.suspended
        self._hands_down = opened.link.predecessor is not None
        self._signer = Signer(key, hello.bank)
        self._caught_up = opened.journal.number(Lane.CUSTODY)
        self._claimed = opened.link.claimed_number
        self._flow = Flow(Version(hello.manifest.era, hello.manifest.number))
        self._acknowledged_before = Version(opened.link.held_era, opened.link.held_number)
        self._built: Built | None = None
        self._heard: Heard = heard(hello.clock, parts.monotonic_s())
        self._last_word_s = self._noted_s = parts.monotonic_s()
        self._beats = 0
        self._other_keys = hello.key_set != _version(parts)
        self._wake = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[command_pb2.CommandResult]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    # --- Its life ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Count as the bank's link, and start to tell it what it must know."""
        held = self._flow.held
        acknowledged = held.number if held.era == self._parts.manifests.era else 0
        self._parts.links.opened(self.bank, self, acknowledged=acknowledged, now=self._parts.clock.now())
        self._tasks = [asyncio.create_task(self._guarded(each)) for each in (self._tell, self._beat)]
        self.wake()

    async def close(self) -> None:
        """End: what waits for the bank is told so."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._parts.links.closed(self.bank, self)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(NoLiveLink(bank=self.bank))
        # A newer link, or a gateway that goes down: then nobody is told that this one has ended.
        with suppress(Refusal, ShelfFailure):
            await self._parts.committer.submit(HeardOf(bank=self.bank, epoch=self._epoch, closed=True))

    def end(self, *, superseded: bool) -> None:
        """End because a newer link has taken over, or the gateway goes down."""
        if not superseded:
            self._send(reconnect=link_service_pb2.Reconnect())
        self._over(LinkSuperseded(bank=self.bank) if superseded else None)

    def wake(self) -> None:
        """Look whether the bank must hear of something."""
        self._wake.set()

    async def _guarded(self, work: Callable[[], Any]) -> None:
        """Run a part of the session; its failure ends the session and nothing else."""
        try:
            await work()
        except Exception as failure:
            if not isinstance(failure, LinkSuperseded):
                log.exception("a link failed", bank=self.bank)
            self._over(failure)

    # --- What comes up -------------------------------------------------------------------------------------------

    async def receive(self, message: link_service_pb2.ConnectRequest) -> None:
        """Take in one message of the bank.

        Raises:
            LinkSuperseded: A newer link has taken over.
            InvalidField: The bank does not keep to the protocol.
        """
        self._last_word_s = self._parts.monotonic_s()
        match message.WhichOneof("message"):
            case "facts":
                await self._facts(message.facts)
            case "heartbeat":
                await self._heartbeat(message.heartbeat)
            case "manifest":
                await self._acknowledged(message.manifest)
            case "command_result":
                await self._answered(message.command_result)
            case _:
                raise InvalidField(field="message", rule="comes at the wrong moment")

    async def _facts(self, said: link_service_pb2.Facts) -> None:
        lane = LANES.get(said.lane)
        if lane is None or not 1 <= len(said.facts) <= MOST_FACTS:
            raise InvalidField(field="facts", rule=f"1 to {MOST_FACTS} facts of one lane")
        if any(len(each.fact) > MOST_FACT_BYTES for each in said.facts):
            raise InvalidField(field="facts.fact", rule=f"at most {MOST_FACT_BYTES} bytes")
        facts = tuple(
            read(each, lane, bank=self._name, journal_id=self._journal_id, signer=self._signer) for each in said.facts
        )
        taken = await self._parts.committer.submit(
            RecordFacts(bank=self.bank, journal_id=self._journal_id, epoch=self._epoch, lane=lane, facts=facts)
        )
        self._suspended = taken.suspended
        self._send(acknowledgement=link_service_pb2.FactsAcknowledgement(lane=said.lane, number=taken.number))
        if lane is Lane.CUSTODY:
            self._caught_up = taken.number
            self.wake()

    async def _heartbeat(self, said: link_service_pb2.Heartbeat) -> None:
        now_s = self._parts.monotonic_s()
        self._heard = heard(said.clock, now_s)
        self._parts.links.heard(
            self.bank,
            self._parts.clock.now(),
            open_compartments=tuple(said.open_compartments),
            unsent_count=said.unsent_count,
        )
        if now_s - self._noted_s >= NOTED_EVERY_S:
            self._noted_s = now_s
            await self._parts.committer.submit(HeardOf(bank=self.bank, epoch=self._epoch))

    async def _acknowledged(self, said: manifest_pb2.ManifestAcknowledgement) -> None:
        to, held = Version(said.to.era, said.to.number), Version(said.held.era, said.held.number)
        built = self._built
        if built is None or built.to != to:
            return
        self._built = None
        if said.outcome == manifest_pb2.MANIFEST_OUTCOME_APPLIED:
            await self._parts.committer.submit(
                ManifestTaken(bank=self.bank, epoch=self._epoch, era=to.era, number=to.number, sent=built.sent)
            )
            self._flow = self._flow.applied(to, to)
            self._acknowledged_before = to
            await self._parts.links.taken(self.bank, to.number)
        elif said.outcome == manifest_pb2.MANIFEST_OUTCOME_NEED_SNAPSHOT:
            self._flow = self._flow.needs_snapshot(to, held)
        else:
            log.error("a bank refused its manifest", bank=self.bank, number=to.number, because=said.reason)
            self._flow = self._flow.was_refused(to, held)
        self.wake()

    async def _answered(self, said: command_pb2.CommandResult) -> None:
        state = _STATES.get(said.outcome, CommandState.FAILED)
        ended = CommandEnded(id=said.id, bank=self.bank, state=state, result=said.SerializeToString())
        command = await self._parts.committer.submit(ended)
        waiting = self._waiting.get(said.id)
        if command is not None and waiting is not None and not waiting.done():
            waiting.set_result(said)

    # --- What goes down ------------------------------------------------------------------------------------------

    async def command(
        self, body: command_pb2.Command, timeout_s: float, request: Request | None = None
    ) -> command_pb2.CommandResult:
        """Ask the bank for something, and wait for its answer; written down before it is sent, and sent once."""
        if self._suspended:
            raise NoLiveLink(bank=self.bank)
        asking = AskBank(
            bank=self.bank,
            epoch=self._epoch,
            body=body.SerializeToString(),
            timeout=timedelta(seconds=timeout_s),
            request=request,
        )
        try:
            asked = await self._parts.committer.submit(asking)
        except LinkSuperseded as gone:
            raise NoLiveLink(bank=self.bank) from gone
        row = asked.command
        waiting = self._waiting.get(row.id)
        if row.result:
            waiting = asyncio.get_running_loop().create_future()
            waiting.set_result(command_pb2.CommandResult.FromString(row.result))
        elif waiting is None:
            if asked.again:  # sent before, and nobody waits any more: it is not sent a second time
                raise CommandExpired(bank=self.bank, deadline_time=row.deadline)
            waiting = self._sent(row, timeout_s)
        try:
            result = await asyncio.wait_for(asyncio.shield(waiting), timeout_s)
        except TimeoutError as late:
            ended = CommandEnded(id=row.id, bank=self.bank, state=CommandState.EXPIRED)
            await self._parts.committer.submit(ended)
            raise CommandExpired(bank=self.bank, deadline_time=row.deadline) from late
        finally:
            if not asked.again:
                del self._waiting[row.id]
        if result.outcome == command_pb2.COMMAND_OUTCOME_EXPIRED:
            raise CommandExpired(bank=self.bank, deadline_time=row.deadline)
        return result

    def _sent(self, row: StoredCommand, timeout_s: float) -> asyncio.Future[command_pb2.CommandResult]:
        """Send a command; the future gets the bank's answer."""
        waiting: asyncio.Future[command_pb2.CommandResult] = asyncio.get_running_loop().create_future()
        self._waiting[row.id] = waiting
        command = command_pb2.Command.FromString(row.body)
        command.id, command.link_epoch = row.id, self._epoch
        command.deadline.CopyFrom(deadline(self._heard, now_s=self._parts.monotonic_s(), timeout_s=timeout_s))
        self._send(command=command)
        return waiting

    async def _tell(self) -> None:
        """Bring the bank to the latest manifest, one change at a time."""
        manifests = self._parts.manifests
        while True:
            await self._wake.wait()
            self._wake.clear()
            # First its facts: what it did before it heard of a change must not be taken for done after it (LNK-35).
            if self._suspended or self._caught_up < self._claimed:
                continue
            await self._settle_lost_answer()
            step = self._flow.next(await manifests.latest(self.bank))
            built = None if step is None else await manifests.build(self.bank, step, hands_down=self._hands_down)
            if built is not None:
                self._built = built
                self._flow = self._flow.sent(built.to)
                self._send(manifest=built.change)

    async def _settle_lost_answer(self) -> None:
        """Count what the bank applied on an earlier stream that broke before its acknowledgement came (LNK-33)."""
        before, held = self._acknowledged_before, self._flow.held
        self._acknowledged_before = held
        if held.era != self._parts.manifests.era or held <= before:
            return
        after = before.number if before.era == held.era else 0
        sent = await self._parts.manifests.heard(self.bank, after=after, number=held.number)
        await self._parts.committer.submit(
            ManifestTaken(bank=self.bank, epoch=self._epoch, era=held.era, number=held.number, sent=sent)
        )

    async def _beat(self) -> None:
        """Say that the gateway is still here, and hear whether the bank is."""
        every_s = self._parts.heartbeat.total_seconds()
        while True:
            if self._beats % RENEWED_EVERY == 0:
                await self._renew()
            await asyncio.sleep(every_s)
            if self._parts.monotonic_s() - self._last_word_s > MISSED * every_s:
                self._over(None)
                return
            self._beats += 1
            self._send(heartbeat=link_service_pb2.GatewayHeartbeat(sequence=self._beats))

    async def _renew(self) -> None:
        """Have the bank told of signed documents that are newer than its own, or would soon be too old."""
        keys, self._other_keys = self._other_keys and self._flow.held.number > 0, False
        if not self._suspended and await self._parts.committer.submit(Renew(bank=self.bank, keys=keys)):
            self.wake()

    def _send(self, **message: Any) -> None:  # noqa: ANN401 - one member of the oneof, by its name
        self._send_message(link_service_pb2.ConnectResponse(bank=self._audience, **message))


def _version(parts: LinkParts) -> manifest_pb2.Version:
    """The version of the network's key set."""
    number = parts.files.key_set.number
    return manifest_pb2.Version(era=number.era, number=number.n)


def lane_numbers(opened: Opened) -> list[link_service_pb2.LaneNumber]:
    """Write how far each lane is committed."""
    return [
        link_service_pb2.LaneNumber(lane=fact_pb2.Lane.ValueType(number), number=opened.journal.number(lane))
        for number, lane in LANES.items()
    ]
