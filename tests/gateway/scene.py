"""A small network for tests: one carrier, one operator, banks of a few doors, on a database file of its own.

The clock stands still until a test moves it, and randomness comes from a seed, so each case runs the same way again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from interlock_gateway.domain.bank import Address, Bank, BankState, BookableBy, BookableByMode, Input
from interlock_gateway.domain.capacity import Door, Kind, SizeClass
from interlock_gateway.domain.events import ReservationEventKind
from interlock_gateway.domain.facts import Act, DoorState, Evidence, Fact, FactKind
from interlock_gateway.domain.life.outcome import changed
from interlock_gateway.domain.life.recording import record
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.rights import acknowledged
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.events.log import EventLog
from interlock_gateway.ports import At, Batch, Event, Found, Request, Shelf, Wanted
from interlock_gateway.store.sqlite.log import LogRows
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.schema import prepare
from interlock_gateway.store.sqlite.shelf import SqliteShelf
from interlock_gateway.use_cases.aggregates import BANKS, DOORS, RESERVATIONS
from interlock_gateway.use_cases.book import Book
from interlock_gateway.use_cases.class_needed import NeedAsked
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.doors import Doors
from interlock_gateway.use_cases.keeping import bank_named, calendar_of, keep, reservation_named
from interlock_gateway.use_cases.network import Network, Reach
from interlock_gateway.use_cases.opening import open_book
from interlock_gateway.use_cases.personal import Personal
from interlock_gateway.use_cases.promise import Promised
from interlock_gateway.use_cases.reserve import Order, Reserve

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BANK = BankName("oko", "hbf-1")
_NO_AUDIENCE = str.maketrans("0189", "wxyz", "-")


class Watch:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        """Show ``now``."""
        self.time = now

    def now(self) -> datetime:
        """The time that it shows."""
        return self.time


class Dice:
    """Randomness from a seed."""

    def __init__(self, seed: object = 0) -> None:
        """Start from ``seed``."""
        self._random = Random(str(seed))

    def token_bytes(self, nbytes: int) -> bytes:
        """The next bytes."""
        return self._random.randbytes(nbytes)


class OpenVault:
    """A vault that seals nothing: what is kept can be read in a test."""

    def seal(self, reservation: str, party: str, people: bytes) -> Personal:
        """Keep ``people`` as they are."""
        return Personal(reservation, party, b"wrapped", people)


NETWORK = Network(b"the network's PIN key, 32 bytes.", OpenVault())


def bank(name: BankName = BANK, **changes: Any) -> Bank:
    """A bank that is open to every carrier."""
    return replace(
        Bank(
            name=name,
            display_name="Hauptbahnhof",
            token_audience=(name.bank.translate(_NO_AUDIENCE) + "a" * 12)[:12],
            latitude=52.1,
            longitude=21.0,
            address=Address("PL"),
            time_zone="Europe/Warsaw",
            state=BankState.OPEN,
            inputs=frozenset({Input.SCANNER, Input.KEYPAD}),
            bookable_by=BookableBy(BookableByMode.ALL),
            create_time=NOON,
            update_time=NOON,
        ),
        **changes,
    )


@dataclass
class AddBank:
    """Put a bank with its doors, as its operator's use case does."""

    bank: Bank
    doors: Mapping[SizeClass, int]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        wanted.values.add(At(BANKS, str(self.bank.name)))
        wanted.values.add(At(DOORS, str(self.bank.name)))

    def decide(self, desk: Desk) -> None:
        name = str(self.bank.name)
        desk.get(BANKS, name), desk.get(DOORS, name)
        desk.put(BANKS, self.bank)
        labels = iter(range(1, 1000))
        doors = tuple(Door(str(next(labels)), Kind(size)) for size, count in self.doors.items() for _ in range(count))
        desk.put(DOORS, Doors(name, doors))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> None:
        raise NotImplementedError


@dataclass
class Happen:
    """Take a fact into the record, as the use case of the link does."""

    name: ReservationName
    fact: Fact
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        wanted.values.add(At(RESERVATIONS, self.name.reservation))

    def decide(self, desk: Desk) -> Reservation:
        before = reservation_named(desk, self.name)
        outcome = record(before, self.fact, calendar=calendar_of(bank_named(desk, before.bank)))
        keep(desk, outcome)
        return outcome.reservation

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Reservation:
        raise NotImplementedError


@dataclass
class Acknowledge:
    """The bank has acknowledged that the rights to some acts have ended there."""

    name: ReservationName
    acts: Sequence[Act]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        wanted.values.add(At(RESERVATIONS, self.name.reservation))

    def decide(self, desk: Desk) -> Reservation:
        before = after = reservation_named(desk, self.name)
        for act in self.acts:
            after = acknowledged(after, act, series=65_535)
        outcome = changed(before, after, ReservationEventKind.CAPACITY_FREED, now=desk.now)
        keep(desk, outcome)
        return outcome.reservation

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Reservation:
        raise NotImplementedError


@dataclass
class Look:
    """Read values without changing any."""

    places: Sequence[At]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        wanted.values.update(self.places)

    def decide(self, desk: Desk) -> list[Any]:
        return [desk.get(aggregate, key) for aggregate, key in self.places]

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> list[Any]:
        raise NotImplementedError


@dataclass
class OpenBook:
    """Read a bank's book."""

    bank: str
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        wanted.books.add(self.bank)

    def decide(self, desk: Desk) -> Book:
        return desk.book(self.bank)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Book:
        raise NotImplementedError


@dataclass
class Scene:
    """A running committer, and what is around it."""

    path: Path
    committer: Committer
    shelf: Shelf
    readers: Readers
    watch: Watch
    dice: Dice
    log: EventLog
    _ids: int = 0

    def request(self, request_id: str = "", *, method: str = "Create", digest: str = "d") -> Request:
        """A request of the carrier ``acme``; a new one unless ``request_id`` says which."""
        self._ids += 1
        return Request("acme", method, request_id or str(UUID(int=self._ids)), digest)

    def reserve(self, size: SizeClass = SizeClass.M, *, request: Request | None = None, **changes: Any) -> Reserve:
        """A reservation at ``BANK`` for a parcel of a class."""
        return Reserve(order(size, **changes), NETWORK, Reach(self.watch.time), request or self.request())

    async def reserved(self, size: SizeClass = SizeClass.M, **changes: Any) -> Reservation:
        """Reserve and give the reservation."""
        answer = await self.committer.submit(self.reserve(size, **changes))
        assert isinstance(answer, Promised)
        return answer.reservation

    async def happen(self, reservation: Reservation, kind: FactKind, **changes: Any) -> Reservation:
        """Have a fact sensed at the bank, in compartment 1."""
        plain = Fact(
            kind=kind,
            time=self.watch.time,
            learnt_time=self.watch.time,
            evidence=Evidence.SENSED,
            door=DoorState.CLOSED,
            compartment="1",
        )
        return await self.committer.submit(Happen(reservation.name, replace(plain, **changes)))

    async def look(self, *places: At) -> list[Any]:
        """Read values."""
        return await self.committer.submit(Look(places))

    async def now(self, reservation: Reservation) -> Reservation:
        """Read a reservation as it is now."""
        (found,) = await self.look(At(RESERVATIONS, reservation.name.reservation))
        assert isinstance(found, Reservation)
        return found

    async def book(self, name: BankName = BANK) -> Book:
        """Read a bank's book."""
        return await self.committer.submit(OpenBook(str(name)))


def order(size: SizeClass = SizeClass.M, **changes: Any) -> Order:
    """An order of the carrier ``acme`` for one parcel."""
    plain = Order(
        carrier="acme",
        bank=BANK,
        need=NeedAsked(size),
        parcels=(Parcel(number=1, carrier_reference="R-1"),),
        start=None,
        collect_for=CollectFor(24),
        people=b"Ada Lovelace",
    )
    return replace(plain, **changes)


@asynccontextmanager
async def scene(
    path: Path,
    *,
    doors: Mapping[SizeClass, int] | None = None,
    banks: Sequence[BankName] = (BANK,),
    shelf: type[Shelf] | None = None,
    seed: int = 1,
    most_in_a_batch: int = 512,
    also_told: Callable[[Sequence[Event]], None] = lambda _events: None,
) -> AsyncIterator[Scene]:
    """Run a network on the database at ``path``, with a bank or more.

    Args:
        path: The file; made when it is not there.
        doors: Doors of each class at each bank; by default two of class M.
        banks: Their names.
        shelf: Wraps the shelf, to let it fail.
        seed: Of names and request ids; two networks on one file need two.
        most_in_a_batch: As of the committer.
        also_told: Hears of each commit, beside the log.
    """
    prepare(path)
    readers = Readers(path, threads=2)
    plain = SqliteShelf(path, readers)
    watch, dice = Watch(), Dice(seed)
    log = EventLog(LogRows(readers))

    def told(events: Sequence[Event]) -> None:
        log.added(events)
        also_told(events)

    wrapped: Shelf = plain if shelf is None else shelf(plain)  # type: ignore[call-arg]
    committer = Committer(
        wrapped,
        open_book,
        clock=watch,
        entropy=dice,
        most_in_a_batch=most_in_a_batch,
        told=told,
    )
    running = asyncio.create_task(committer.run())
    try:
        for name in banks if seed == 1 else ():
            await committer.submit(AddBank(bank(name), doors or {SizeClass.M: 2}))
        yield Scene(path, committer, wrapped, readers, watch, dice, log, seed << 64)
    finally:
        committer.stop()
        await running
        plain.close()
        readers.close()


class Faulty:
    """A shelf that fails when it is told to."""

    def __init__(self, shelf: Shelf) -> None:
        """Wrap ``shelf``."""
        self._shelf = shelf
        self.before_write: list[BaseException | None] = []
        """What the next writes raise instead of writing."""
        self.after_write: list[BaseException | None] = []
        """What the next writes raise once they have written."""
        self.unreadable: list[BaseException] = []
        """What the next loads raise."""
        self.written: list[Batch] = []
        self.gate: asyncio.Event | None = None
        """While set, writes wait for it."""

    async def load(self, wanted: Wanted) -> Found:
        if self.unreadable:
            raise self.unreadable.pop(0)
        return await self._shelf.load(wanted)

    async def write(self, batch: Batch) -> None:
        if self.gate is not None:
            await self.gate.wait()
        before = self.before_write.pop(0) if self.before_write else None
        if before is not None:
            raise before
        await self._shelf.write(batch)
        self.written.append(batch)
        after = self.after_write.pop(0) if self.after_write else None
        if after is not None:
            raise after

    async def landed(self, batch: Batch) -> bool:
        if self.unreadable:
            raise self.unreadable.pop(0)
        return await self._shelf.landed(batch)
