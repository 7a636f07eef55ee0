"""The attendant: carries out what the machine decides, in its order, and feeds back what the doors reply (ACC-53).

The only writer of the journal and the only one who pulses locks. It knows neither link nor kiosk; they hand it inputs
and listen.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from interlock_edge.access.refusal import Reason
from interlock_edge.bank.effects import Alarm, Answer, Persist, Pulse, Screen, Show
from interlock_edge.bank.inputs import Input, OpenAsked, Pulsed, Read, ServiceSet
from interlock_edge.bank.machine import step
from interlock_edge.bank.recovery import restarted
from interlock_edge.bank.state import Bank
from interlock_edge.clock import Instant
from interlock_edge.custody.change import Change, CommandResult, Outcome
from interlock_edge.custody.fact import Fact, TelemetryBody
from interlock_edge.drivers.port import LockBus, Refused
from interlock_edge.drivers.settling import Settling
from interlock_edge.journal.database import JournalFullError
from interlock_edge.journal.journal import Kept
from interlock_edge.journal.written import Chained


class Store(Protocol):
    """What the attendant needs of the journal."""

    def write(self, change: Change) -> tuple[Chained, ...]:
        """Write in one transaction; ``JournalFullError`` if nothing was kept."""
        ...

    def load(self) -> Kept:
        """Read back what the doors need."""
        ...


class Listener(Protocol):
    """Who is told what happens: kiosk, link and log."""

    def show(self, show: Show) -> None:
        """Put a screen up."""
        ...

    def alarm(self, alarm: Alarm) -> None:
        """Tell the operator."""
        ...

    def answer(self, result: CommandResult) -> None:
        """Send the result of a command."""
        ...

    def written(self, facts: tuple[Chained, ...]) -> None:
        """Take note of facts that are on disk now: the link may send them, the kiosk may show their receipts."""
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a verdict.

    Attributes:
        event: What the machine is to take in; nothing after a no.
        facts: What to record of it.
        kept: Single values to keep, by name: a keypad's lock-out.
    """

    event: Input | None = None
    facts: tuple[TelemetryBody, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


class Attendant:
    """Owns the state of one bank while the agent runs."""

    def __init__(
        self, bank: Bank, *, store: Store, bus: LockBus, listener: Listener, now: Callable[[], Instant]
    ) -> None:
        """Take over the doors.

        Args:
            bank: Layout, policy, manifest and boot id; its rows are read from the store.
            store: The journal.
            bus: The lock boards.
            listener: Who is told.
            now: Reads the clock.
        """
        self._store, self._bus, self._listener, self._now = store, bus, listener, now
        self._busy = asyncio.Lock()
        self._settling = Settling()
        self.bank = reloaded(bank, store.load())

    async def take(self, event: Input) -> None:
        """Take in one input and see it through, the board's replies included."""
        async with self._busy:
            await self._see_through(event)

    async def decide(self, judge: Callable[[Bank, Instant], Decision]) -> bool:
        """Judge what was shown against the state as it is, and act on it before anything else can change it.

        What is to be recorded or kept is written first: the person is told the answer to a PIN only afterwards, or a
        pulled plug would give a guesser another try.

        Returns:
            Whether it could be written. If not, nothing was done, and the bank is out of order.
        """
        async with self._busy:
            at = self._now()
            decision = judge(self.bank, at)
            if decision.facts or decision.kept:
                change = Change(facts=tuple(Fact(body, at) for body in decision.facts), kept=decision.kept)
                try:
                    self._listener.written(self._store.write(change))
                except JournalFullError:
                    self._out_of_order(decision.event)
                    return False
            if decision.event is not None:
                await self._see_through(decision.event)
            return True

    async def poll(self) -> None:
        """Read every board once and tell the machine what has settled. Call it every 50 to 100 ms."""
        for board in self._bus.boards:
            raw = await self._bus.read(board)
            self._settling, news = self._settling.feed(raw, self._now().ms)
            if news:
                await self.take(Read(news))

    async def _see_through(self, event: Input) -> None:
        waiting = deque([event])
        while waiting:
            waiting.extend(await self._step(waiting.popleft()))

    async def _step(self, event: Input) -> list[Input]:
        before = self.bank
        after, effects = step(before, event, self._now())
        replies: list[Input] = []
        kept = False
        self.bank = after
        for effect in effects:
            match effect:
                case Persist(change):
                    try:
                        self._listener.written(self._store.write(change))
                    except JournalFullError:
                        # Before the first write nothing has happened; after it, the disk alone knows what has.
                        self.bank = reloaded(before, self._store.load()) if kept else before
                        self._out_of_order(event)
                        return replies
                    kept = True
                case Pulse(compartment):
                    reply = await self._bus.pulse(compartment)
                    replies.append(Pulsed(compartment, reply.reason if isinstance(reply, Refused) else ""))
                case Show():
                    self._listener.show(effect)
                case Alarm():
                    self._listener.alarm(effect)
                case Answer(result):
                    self._listener.answer(result)
        return replies

    def _out_of_order(self, event: Input | None) -> None:
        self._settling = Settling()  # whatever was read meanwhile shall be told again
        if isinstance(event, OpenAsked | ServiceSet):
            full = CommandResult(event.command, Outcome.REFUSED, Reason.STORAGE_FULL.value)
            self._listener.answer(full)
        self._listener.show(Show(Screen.OUT_OF_ORDER))


def reloaded(bank: Bank, kept: Kept) -> Bank:
    """Return the state of a bank that starts, or starts anew, with these rows."""
    return restarted(
        replace(
            bank,
            ledger={row.right: row for row in kept.ledger},
            tenancies={tenancy.reservation: tenancy for tenancy in kept.tenancies},
            doors={door.label: door for door in kept.doors if door.label in bank.layout},
            openings=kept.openings,
            results={result.command: result for result in kept.results},
        )
    )
