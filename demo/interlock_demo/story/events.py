"""The gateway's events as lines of the timeline: what changed, and from where the gateway knew it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from interlock.client.words import word
from interlock.v1.discrepancy_pb2 import DiscrepancyKind
from interlock.v1.event_pb2 import CustodyEvent, Event, ReservationEvent
from interlock.v1.receipt_pb2 import RECEIPT_WAY_SUBMITTED, Receipt
from interlock.v1.reservation_pb2 import EVIDENCE_NONE, Evidence, ReservationState

_DOORS: Final = {
    "door_opened": "door {door} opened",
    "door_closed": "door {door} closed",
    "door_not_opened": "door {door} did not open",
    "compartment_withdrawn": "door {door} is out of service",
    "parcel_deposited": "{parcel} was put behind door {door}",
    "parcel_collected": "{parcel} was taken from behind door {door}",
    "parcel_recalled": "{parcel} was taken back from behind door {door}",
    "right_ended": "a right to {parcel} has ended",
    "not_deposited": "nothing was put into {door}",
    "item_found": "something lies in {door}",
    "journal_started": "a new journal begins",
    "clock_stepped": "the clock was set",
}


def bank_of(event: Event) -> str:
    """Return the name of the bank that an event is about; empty where there is none."""
    match event.WhichOneof("data"):
        case "reservation":
            return event.reservation.reservation.bank
        case "custody":
            return event.custody.bank
        case "bank":
            return event.bank.bank.name
        case "discrepancy":
            return event.discrepancy.discrepancy.name.partition("/discrepancies/")[0]
        case _:
            return ""


def told(
    event: Event, labels: Mapping[str, str], places: Mapping[str, str], receipt: Receipt | None
) -> tuple[str, str]:
    """Put an event into words.

    Args:
        event: The event.
        labels: What the story calls a reservation, by its name.
        places: What it calls a bank, by its name.
        receipt: The receipt of the fact that it tells of, where that has one.

    Returns:
        Where it came from, and what it says.
    """
    what = event.type.split(".")[-2]
    place = places.get(bank_of(event), bank_of(event))
    match event.WhichOneof("data"):
        case "reservation":
            return "gateway", _reservation(what, event.reservation, labels, place)
        case "custody":
            return _source(place, receipt), _custody(what, event.custody, labels, receipt)
        case "discrepancy":
            found = event.discrepancy.discrepancy
            kind = word(DiscrepancyKind.DESCRIPTOR, found.kind)
            return "gateway", f"discrepancy {what}: {kind}, {labels.get(found.reservation, 'no reservation')}"
        case _:
            return "gateway", f"bank {place} {what.replace('_', ' ')}"


def _reservation(what: str, said: ReservationEvent, labels: Mapping[str, str], place: str) -> str:
    label = labels.get(said.reservation.name, "a reservation")
    state = word(ReservationState.DESCRIPTOR, said.reservation.state)
    changed = what if what.upper() == state else f"{what} ({state.lower()})"
    proof = ", proved by a receipt" if said.receipt else ""
    return f"{label} {changed.replace('_', ' ')} at {place}{_known(said.evidence)}{proof}"


def _source(place: str, receipt: Receipt | None) -> str:
    brought = receipt is not None and receipt.way == RECEIPT_WAY_SUBMITTED
    return f"{place}, brought by a phone" if brought else f"{place}, over its link"


def _custody(what: str, custody: CustodyEvent, labels: Mapping[str, str], receipt: Receipt | None) -> str:
    parcel = labels.get(custody.reservation, "a parcel")
    said = _DOORS.get(what, what.replace("_", " ")).format(door=custody.compartment.rpartition("/")[2], parcel=parcel)
    signed = f", receipt {receipt.number} signed" if receipt is not None else ""
    return f"{said}{_known(custody.evidence)}{signed}"


def _known(evidence: Evidence.ValueType) -> str:
    return f", {word(Evidence.DESCRIPTOR, evidence).lower()}" if evidence not in {0, EVIDENCE_NONE} else ""
