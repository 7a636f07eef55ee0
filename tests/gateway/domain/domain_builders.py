"""Values for the tests, with defaults for all that a case is not about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from interlock_gateway.domain.bank import Address, Bank, BankState, BookableBy, BookableByMode, Capability, Input
from interlock_gateway.domain.calendar import Calendar
from interlock_gateway.domain.capacity.kinds import Kind, Need
from interlock_gateway.domain.capacity.sizes import SizeClass
from interlock_gateway.domain.facts import Act, DoorState, Evidence, Fact, FactKind
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.parcel import Parcel, ParcelState
from interlock_gateway.domain.reservation import GONE, INSIDE, Reservation, Right, RightStatus, State
from interlock_gateway.domain.terms import CollectFor, Window

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
"""A Monday."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

NAME = ReservationName("acme", "abcdefgh234567mn")
BANK = BankName("oko", "hbf-1")
ALWAYS_OPEN = Calendar(zone=UTC)


def parcels(count: int, state: ParcelState) -> tuple[Parcel, ...]:
    """``count`` parcels, all in one state."""
    return tuple(Parcel(number=number, state=state, carrier_reference=f"A{number}") for number in range(1, count + 1))


def right(act: Act, **changes: object) -> Right:
    """A live right of series 0."""
    given = {"series": 0, "jti": f"jti-of-{act}", "status_index": 7, "issue_time": NOON, "expire_time": NOON + 8 * HOUR}
    return Right(**({"act": act} | given | changes))


_PARCELS_OF = dict.fromkeys(INSIDE, ParcelState.DEPOSITED) | {
    State.COLLECTED: ParcelState.COLLECTED,
    State.RECALLED: ParcelState.RECALLED,
    State.LOST: ParcelState.LOST,
}


def _rights_of(state: State) -> tuple[Right, ...]:
    if state in {State.REQUESTED, State.HELD, State.REJECTED}:
        return ()
    if state is State.CONFIRMED:
        return (right(Act.DEPOSIT), right(Act.COLLECT))
    if state in INSIDE:
        return (right(Act.DEPOSIT, status=RightStatus.SPENT), right(Act.COLLECT))
    end = RightStatus.SPENT if state in GONE else RightStatus.REVOKED
    return (right(Act.DEPOSIT, status=end), right(Act.COLLECT, status=end))


def reservation(state: State = State.CONFIRMED, *, count: int = 1, **changes: object) -> Reservation:
    """A reservation made at noon for eight hours, whose parcels are where its state says."""
    came = state in INSIDE | GONE | {State.LOST}
    given: dict[str, Any] = {
        "name": NAME,
        "bank": BANK,
        "state": state,
        "revision": 3,
        "create_time": NOON,
        "update_time": NOON,
        "window": Window(NOON, NOON + 8 * HOUR),
        "collect_for": CollectFor(72),
        "recall_time": DAY,
        "commitment_end": NOON + 8 * HOUR + 72 * HOUR + DAY,
        "hold_end": NOON + 10 * MINUTE if state is State.HELD else None,
        "deposit_time": NOON + HOUR if came else None,
        "collect_end": NOON + 73 * HOUR if came else None,
        "removal_time": NOON + 5 * HOUR if state in GONE else None,
        "evidence": Evidence.SENSED if came else None,
        "compartment": "7" if came else None,
        "need": Need(SizeClass.M),
        "kind": Kind(SizeClass.M),
        "parcels": parcels(count, _PARCELS_OF.get(state, ParcelState.EXPECTED)),
        "pin_subject": b"\x01" * 16,
        "rights": _rights_of(state),
    }
    return Reservation(**(given | changes))


def fact(kind: FactKind = FactKind.PARCEL_DEPOSITED, *, time: datetime = NOON + 6 * HOUR, **changes: object) -> Fact:
    """A fact seen by a sensor and learnt at once."""
    given: dict[str, Any] = {
        "kind": kind,
        "time": time,
        "learnt_time": time,
        "evidence": Evidence.SENSED,
        "door": DoorState.CLOSED,
        "compartment": "7",
    }
    return Fact(**(given | changes))


def bank(**changes: object) -> Bank:
    """An open bank, always reachable, that anybody may book and that serves no restriction."""
    given: dict[str, Any] = {
        "name": BANK,
        "display_name": "Hauptbahnhof",
        "token_audience": "abcdefgh2345",
        "latitude": 52.5,
        "longitude": 13.4,
        "address": Address("DE"),
        "time_zone": "Europe/Berlin",
        "state": BankState.OPEN,
        "inputs": frozenset({Input.SCANNER, Input.KEYPAD, Input.SCREEN}),
        "capabilities": frozenset({Capability.PIN, Capability.TOKEN, Capability.OFFLINE}),
        "bookable_by": BookableBy(BookableByMode.ALL),
        "create_time": NOON,
        "update_time": NOON,
    }
    return Bank(**(given | changes))
