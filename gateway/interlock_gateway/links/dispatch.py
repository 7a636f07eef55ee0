"""Which banks are connected, what they have acknowledged, and commands to them: the links as services see them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from interlock.edge.v1 import command_pb2
from interlock_gateway.domain.bank_events import BankEvent
from interlock_gateway.domain.errors import NoLiveLink
from interlock_gateway.domain.events import ReservationEvent
from interlock_gateway.domain.names import BankName
from interlock_gateway.ports import Event, Request
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.use_cases.aggregates import BANK_LINKS
from interlock_gateway.use_cases.bank_link import BankLink
from interlock_gateway.use_cases.network import Reach


class Live(Protocol):
    """A bank's link while it lasts."""

    def wake(self) -> None:
        """Look whether the bank must hear of something."""
        ...

    def end(self, *, superseded: bool) -> None:
        """End the link; the stream's own end follows."""
        ...

    async def command(
        self, body: command_pb2.Command, timeout_s: float, request: Request | None = None
    ) -> command_pb2.CommandResult:
        """Ask the bank for something, and wait for its answer."""
        ...


@dataclass(slots=True)
class Known:
    """What is known of a bank's link.

    Attributes:
        last_heard_time: When it was last heard.
        acknowledged: Number of the latest manifest that it holds.
        open_compartments: Labels of the doors that stood open at its last heartbeat.
        unsent_count: Facts that it had not brought home then.
        live: The link; ``None`` while there is none.
        changed: Told of each acknowledgement.
    """

    last_heard_time: datetime | None = None
    acknowledged: int = 0
    open_compartments: tuple[str, ...] = ()
    unsent_count: int = 0
    live: Live | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class Links:
    """The links of one gateway."""

    def __init__(self) -> None:
        """Know of no bank."""
        self._known: defaultdict[str, Known] = defaultdict(Known)

    async def load(self, readers: Readers, *, era: int) -> None:
        """Read what was known when the gateway last ran.

        Args:
            readers: Of the store.
            era: Of the manifests now; what was acknowledged in another does not count.
        """
        for link in await readers.run(_all):
            known = self._known[link.bank]
            known.last_heard_time = link.last_heard_time
            known.acknowledged = link.held_number if link.held_era == era else 0

    # --- As services see them ------------------------------------------------------------------------------------

    def known(self, bank: BankName) -> Known:
        """What is known of a bank's link at this moment."""
        return self._known[str(bank)]

    def reach(self, bank: BankName) -> Reach:
        """Say how well a bank can be reached at this moment."""
        known = self.known(bank)
        return Reach(known.last_heard_time, known.live is not None)

    def acknowledged(self, bank: BankName) -> int:
        """Number of the latest manifest that the bank has acknowledged; 0 for none."""
        return self.known(bank).acknowledged

    async def acknowledges(self, bank: BankName, number: int, timeout_s: float) -> bool:
        """Wait until the bank has acknowledged a manifest's number; whether it did in time."""
        known = self.known(bank)

        async def wait() -> None:
            async with known.changed:
                await known.changed.wait_for(lambda: known.acknowledged >= number)

        try:
            await asyncio.wait_for(wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    async def command(
        self, bank: BankName, body: command_pb2.Command, deadline_s: float, request: Request | None = None
    ) -> command_pb2.CommandResult:
        """Ask a bank for something, and wait for its answer.

        Args:
            bank: Which.
            body: The command without its id, epoch and deadline.
            deadline_s: Seconds from now after which the bank must not act any more.
            request: Under what it is remembered; a repeated one is not sent again, and has the same answer.

        Raises:
            NoLiveLink: The bank is not connected.
            CommandExpired: It did not answer in time, and will not act any more.
        """
        live = self.known(bank).live
        if live is None:
            raise NoLiveLink(bank=str(bank))
        return await live.command(body, deadline_s, request)

    def manifest_changed(self, bank: BankName) -> None:
        """Have a connected bank told of the change that was just committed. Never waits."""
        live = self.known(bank).live
        if live is not None:
            live.wake()

    def added(self, events: Iterable[Event]) -> None:
        """Have banks told of what was just committed; the committer calls it beside the log."""
        for event in events:
            if isinstance(event, ReservationEvent):
                self.manifest_changed(event.reservation.bank)
            elif isinstance(event, BankEvent):
                self.manifest_changed(event.bank.name)

    # --- As the streams see them ---------------------------------------------------------------------------------

    def opened(self, bank: str, live: Live, *, acknowledged: int, now: datetime) -> None:
        """Note a new link; the one before it ends."""
        known = self._known[bank]
        before, known.live = known.live, live
        known.last_heard_time = now
        known.acknowledged = acknowledged
        if before is not None:
            before.end(superseded=True)

    def closed(self, bank: str, live: Live) -> None:
        """Note the end of a link, unless another has taken its place."""
        known = self._known[bank]
        if known.live is live:
            known.live = None
            known.open_compartments = ()

    def heard(self, bank: str, now: datetime, *, open_compartments: tuple[str, ...], unsent_count: int) -> None:
        """Note a heartbeat."""
        known = self._known[bank]
        known.last_heard_time = now
        known.open_compartments, known.unsent_count = open_compartments, unsent_count

    async def taken(self, bank: str, number: int) -> None:
        """Note an acknowledgement that has been committed."""
        known = self._known[bank]
        async with known.changed:
            known.acknowledged = number
            known.changed.notify_all()

    def end_all(self) -> None:
        """End every link: the gateway goes down."""
        for known in self._known.values():
            if known.live is not None:
                known.live.end(superseded=False)


def _all(connection: sqlite3.Connection) -> list[BankLink]:
    decode: Callable[[str | bytes], BankLink] = TABLE_OF[BANK_LINKS].decode
    return [decode(body) for (body,) in connection.execute("SELECT body FROM bank_links")]
