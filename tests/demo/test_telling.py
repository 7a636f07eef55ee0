"""The words of the timeline: each event with what changed and where the gateway had it from."""

import io

import pytest
from rich.console import Console

from interlock.v1.bank_pb2 import Bank
from interlock.v1.discrepancy_pb2 import DISCREPANCY_KIND_UNEXPECTED_DEPOSIT, Discrepancy
from interlock.v1.event_pb2 import BankEvent, CustodyEvent, DiscrepancyEvent, Event, ReservationEvent
from interlock.v1.receipt_pb2 import RECEIPT_WAY_LINK, RECEIPT_WAY_SUBMITTED, Receipt
from interlock.v1.reservation_pb2 import (
    EVIDENCE_SENSED,
    RESERVATION_STATE_CONFIRMED,
    RESERVATION_STATE_DEPOSITED,
    Reservation,
)
from interlock_demo.story.events import told
from interlock_demo.story.telling import Teller

BANK = "parties/city/banks/altona"
SHOES = "parties/acme/reservations/aaaaaaaaaaaaaaaa"
DOOR = f"{BANK}/compartments/7"


def reservation(what: str, state: int, **changes: object) -> Event:
    said = Reservation(name=SHOES, bank=BANK, state=state)
    return Event(type=f"interlock.reservation.{what}.v1", reservation=ReservationEvent(reservation=said, **changes))


def custody(what: str, **changes: object) -> Event:
    return Event(type=f"interlock.custody.{what}.v1", custody=CustodyEvent(bank=BANK, compartment=DOOR, **changes))


CASES: dict[str, tuple[Event, Receipt | None, tuple[str, str]]] = {
    "a promise": (
        reservation("confirmed", RESERVATION_STATE_CONFIRMED),
        None,
        ("gateway", "Shoes confirmed at Altona"),
    ),
    "a change without a new state": (
        reservation("capacity_freed", RESERVATION_STATE_CONFIRMED),
        None,
        ("gateway", "Shoes capacity freed (confirmed) at Altona"),
    ),
    "a deposit that is proved": (
        reservation("deposited", RESERVATION_STATE_DEPOSITED, evidence=EVIDENCE_SENSED, receipt="x"),
        None,
        ("gateway", "Shoes deposited at Altona, sensed, proved by a receipt"),
    ),
    "a door": (custody("door_opened"), None, ("Altona, over its link", "door 7 opened")),
    "a fact with its receipt": (
        custody("parcel_deposited", reservation=SHOES, evidence=EVIDENCE_SENSED),
        Receipt(number=4, way=RECEIPT_WAY_LINK),
        ("Altona, over its link", "Shoes was put behind door 7, sensed, receipt 4 signed"),
    ),
    "a receipt that a phone brought": (
        custody("parcel_collected", reservation=SHOES),
        Receipt(number=9, way=RECEIPT_WAY_SUBMITTED),
        ("Altona, brought by a phone", "Shoes was taken from behind door 7, receipt 9 signed"),
    ),
    "a fact that the story has no words for": (
        custody("tamper_seen"),
        None,
        ("Altona, over its link", "tamper seen"),
    ),
    "a discrepancy": (
        Event(
            type="interlock.discrepancy.raised.v1",
            discrepancy=DiscrepancyEvent(
                discrepancy=Discrepancy(
                    name=f"{BANK}/discrepancies/x", kind=DISCREPANCY_KIND_UNEXPECTED_DEPOSIT, reservation=SHOES
                )
            ),
        ),
        None,
        ("gateway", "discrepancy raised: UNEXPECTED_DEPOSIT, Shoes"),
    ),
    "a bank": (
        Event(type="interlock.bank.disconnected.v1", bank=BankEvent(bank=Bank(name=BANK))),
        None,
        ("gateway", "bank Altona disconnected"),
    ),
}


@pytest.mark.parametrize(("event", "receipt", "words"), CASES.values(), ids=CASES)
def test_an_event_is_told_in_words(event: Event, receipt: Receipt | None, words: tuple[str, str]) -> None:
    assert told(event, {SHOES: "Shoes"}, {BANK: "Altona"}, receipt) == words


def test_a_line_says_who_did_it_or_where_it_came_from() -> None:
    page = io.StringIO()
    teller = Teller(Console(file=page, width=100))

    teller.chapter("Parcels come in")
    teller.act("courier", "puts Shoes in")
    teller.event("gateway", "Shoes deposited")

    heading, act, event = page.getvalue().splitlines()[1:]
    assert heading == "Parcels come in"
    assert act.split("s  ", 1)[1] == "courier      puts Shoes in"
    assert event.endswith("  · Shoes deposited  ← gateway")
    assert [line.event for line in teller.lines] == [False, True]
