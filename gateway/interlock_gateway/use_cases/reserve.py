"""Reserving: promise one compartment, or say why not (RES-2, CAP-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from interlock_gateway.domain.bank import CollectorField
from interlock_gateway.domain.capacity import Admission, Need, Plan, Standing, admit
from interlock_gateway.domain.capacity import Request as Asked
from interlock_gateway.domain.eligibility import Ask, eligible, need_of
from interlock_gateway.domain.errors import NoCapacity
from interlock_gateway.domain.events import ReservationEventKind, told
from interlock_gateway.domain.ids import ID_BYTES, random_id
from interlock_gateway.domain.life.outcome import Outcome
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.domain.reservation import CollectorNeeds, Reservation, State
from interlock_gateway.domain.terms import CollectFor, Window
from interlock_gateway.domain.windows import collect_for, commitment_end, deposit_window, hold_end
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANKS, DOORS, PERSONAL
from interlock_gateway.use_cases.class_needed import NeedAsked, need_asked
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.grants import PinChosen, choose_pin, first_rights_at
from interlock_gateway.use_cases.keeping import bank_named, calendar_of
from interlock_gateway.use_cases.lapses import end_lapsed_holds
from interlock_gateway.use_cases.moves import make_moves
from interlock_gateway.use_cases.network import Network, Reach
from interlock_gateway.use_cases.promise import MovesAwaited, Promised, promised_before, promised_to

NO_NEEDS: Final = CollectorNeeds()
NO_PIN: Final = PinChosen(b"", 0)
"""A hold gives no right, so nobody can collect yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a carrier asks for; misshapen fields have been refused before.

    Attributes:
        carrier: Party id.
        bank: Where.
        need: What the parcels ask of a compartment.
        parcels: 1 to 8, numbered from 1.
        start: When the depositor may come; ``None``: now.
        end: Exclusive; ``None``: eight hours later.
        collect_for: How long the parcels may wait; ``None``: the bank's default.
        hold: Hold for so long instead of confirming; ``None``: confirm at once.
        collector: What the collector needs of the bank.
        collector_fields: Particulars of the collector that are given.
        people: Collector and shipper, to be sealed; empty: none.
        group: The collector group, or ``None``.
        field: Path of the reservation in the request, for refusals that name a field.
    """

    carrier: str
    bank: BankName
    need: NeedAsked
    parcels: tuple[Parcel, ...]
    start: datetime | None = None
    end: datetime | None = None
    collect_for: CollectFor | None = None
    hold: timedelta | None = None
    collector: CollectorNeeds = NO_NEEDS
    collector_fields: frozenset[CollectorField] = frozenset()
    people: bytes = b""
    group: str | None = None
    field: str = "reservation"


@dataclass(frozen=True, slots=True)
class Reserve:
    """Promise one compartment."""

    order: Order
    network: Network
    reach: Reach
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank, its book and its doors: a book that is opened without them has the batch decided twice."""
        bank = str(self.order.bank)
        wanted.values.update((At(BANKS, bank), At(DOORS, bank)))
        wanted.books.add(bank)

    def decide(self, desk: Desk) -> Promised | MovesAwaited:
        """Decide.

        Raises:
            Refusal: As ``eligible``, ``deposit_window``, ``need_asked`` say.
            NoCapacity: No kind of compartment that serves is free for the whole window.
        """
        order, now = self.order, desk.now
        bank = bank_named(desk, order.bank)
        window = deposit_window(order.start, order.end, now=now, field=f"{order.field}.deposit_window")
        stay = collect_for(
            order.collect_for, default=bank.terms.default_collect_for, field=f"{order.field}.collect_for"
        )
        calendar = calendar_of(bank)
        end = commitment_end(window, stay, bank.terms.recall_time, calendar)
        need = need_of(need_asked(order.need, order.parcels, self.network.sizes, field=order.field), order.collector)
        ask = Ask(
            carrier=order.carrier,
            window=window,
            commitment_end=end,
            parcels=order.parcels,
            collector=order.collector,
            collector_fields=order.collector_fields,
            field=order.field,
        )
        refusal = eligible(bank, ask, calendar=calendar, last_heard_time=self.reach.last_heard_time, now=now)
        if refusal is not None:
            raise refusal
        id_ = random_id(desk.entropy.token_bytes(ID_BYTES))
        admission = self._admitted(desk, id_, need, window, end)
        made = make_moves(desk, admission)
        if made is not None:
            return made
        name = ReservationName(order.carrier, id_)
        book = desk.book(str(order.bank))
        confirmed = order.hold is None
        pin = choose_pin(desk, book, self.network, name, order.group) if confirmed else NO_PIN
        reservation = Reservation(
            name=name,
            bank=order.bank,
            host=bank.host,
            state=State.CONFIRMED if confirmed else State.HELD,
            revision=1,
            create_time=now,
            update_time=now,
            window=window,
            collect_for=stay,
            recall_time=bank.terms.recall_time,
            commitment_end=end,
            hold_end=None if order.hold is None else hold_end(order.hold, now=now),
            need=need,
            kind=admission.kind,
            parcels=order.parcels,
            collector=order.collector,
            group=order.group,
            pin_subject=pin.subject,
            pin_number=pin.number,
            rights=first_rights_at(desk, book, window, end) if confirmed else (),
            hand_over=bank.hand_over,
        )
        people = self.network.vault.seal(id_, order.carrier, order.people) if order.people else None
        if people is not None:
            desk.put(PERSONAL, people)
        kind = ReservationEventKind.CONFIRMED if confirmed else ReservationEventKind.HELD
        event = told(reservation, kind, time=now, recorded_time=now)
        return promised_to(desk, bank, Outcome(reservation, (event,)), people)

    def _admitted(self, desk: Desk, id_: str, need: Need, window: Window, end: datetime) -> Admission:
        """Find room; holds that have lapsed make some."""
        asked = Asked(
            id=id_,
            need=need,
            start=int(window.start.timestamp()),
            end=-int(-end.timestamp() // 1),
            standing=Standing.CONFIRMED if self.order.hold is None else Standing.HELD,
            token_out=self.order.hold is None,
            since=int(desk.now.timestamp()),
        )
        book = desk.book(str(self.order.bank))
        found = self._admit(book.plan, asked)
        if found is None and end_lapsed_holds(desk, book):
            found = self._admit(book.plan, asked)
        if found is None:
            raise NoCapacity(bank=str(self.order.bank))
        return found

    def _admit(self, plan: Plan, asked: Asked) -> Admission | None:
        found = admit(plan, asked, linked=self.reach.connected)
        return found if isinstance(found, Admission) else None

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Promised:
        """Give the first answer again, from the event that told it."""
        return promised_before(desk, answer)
