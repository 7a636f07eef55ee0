"""A fact in the bytes in which it travels: serialized once, here, and never again (EVD-22).

Nothing is decided here; each kind of fact has one line of the contract (``interlock.edge.v1.Fact``).
"""

from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from interlock.access_token import Act
from interlock.edge.v1 import fact_pb2
from interlock.receipt import Evidence
from interlock.v1 import (
    access_refusal_pb2,
    courier_error_pb2,
    need_pb2,
    reservation_pb2,
)
from interlock_edge.clock import Instant
from interlock_edge.custody import fact
from interlock_edge.custody.door import Occupied
from interlock_edge.custody.fact import (
    CustodyBody,
    Fact,
    HandOver,
    Lane,
    TelemetryBody,
    Use,
)
from interlock_edge.custody.kind import SizeClass
from interlock_edge.custody.right import Form
from interlock_edge.journal.written import Address, Encode

_ACTS = {
    Act.DEPOSIT: reservation_pb2.ACT_DEPOSIT,
    Act.COLLECT: reservation_pb2.ACT_COLLECT,
    Act.RECALL: reservation_pb2.ACT_RECALL,
    Act.SERVICE: reservation_pb2.ACT_UNSPECIFIED,
}
_OCCUPANCY = {
    Occupied.YES: fact_pb2.OCCUPANCY_OCCUPIED,
    Occupied.NO: fact_pb2.OCCUPANCY_EMPTY,
    Occupied.UNKNOWN: fact_pb2.OCCUPANCY_UNSPECIFIED,
}
_FORMS = {
    Form.QR: fact_pb2.PRESENTED_FORM_TOKEN,
    Form.PIN: fact_pb2.PRESENTED_FORM_PIN,
    Form.BARCODE: fact_pb2.PRESENTED_FORM_BARCODE,
    Form.REMOTE: fact_pb2.PRESENTED_FORM_COMMAND,
}


def encoder(boot_id: str) -> Encode:
    """Return what serializes the facts of one life of the agent.

    Args:
        boot_id: Of this life, 16 base32 characters.
    """

    def encode(said: Fact, address: Address, earlier: int) -> bytes:
        message = fact_pb2.Fact(
            **_body(said.body, earlier),
            address=fact_pb2.FactAddress(
                journal_id=address.journal_id,
                lane=fact_pb2.Lane.Value(f"LANE_{address.lane.name}"),
                number=address.number,
            ),
            clock=_clock(said.at, boot_id),
        )
        return message.SerializeToString(deterministic=True)

    return encode


def lane_number(lane: Lane) -> fact_pb2.Lane.ValueType:
    """Return a lane as the link names it."""
    return fact_pb2.Lane.Value(f"LANE_{lane.name}")


def _clock(at: Instant, boot_id: str) -> fact_pb2.ClockReading:
    return fact_pb2.ClockReading(
        time=_time(at.time),
        uncertainty_ms=at.uncertainty_s * 1_000,
        state=fact_pb2.CLOCK_STATE_SUSPECT if at.suspect else fact_pb2.CLOCK_STATE_GOOD,
        boot_id=boot_id,
        monotonic_ms=at.ms,
    )


def _body(body: CustodyBody | TelemetryBody, earlier: int) -> dict[str, Any]:  # noqa: C901, PLR0912  a table
    match body:
        case fact.JournalStarted(journal_id, number, head):
            return {
                "journal_started": fact_pb2.JournalStarted(
                    previous_journal_id=journal_id, previous_number=number, previous_hash=head
                )
            }
        case fact.DoorOpened(compartment, use, reservation):
            return {
                "door_opened": fact_pb2.DoorOpened(
                    compartment=compartment,
                    cause=_cause(use),
                    reservation=reservation,
                    act=_ACTS[use.right.act] if use else reservation_pb2.ACT_UNSPECIFIED,
                    command_id=use.command if use else "",
                    presence=use.presence if use else "",
                )
            }
        case fact.DoorClosed(compartment, occupied, reservation):
            return {
                "door_closed": fact_pb2.DoorClosed(
                    compartment=compartment, occupancy=_OCCUPANCY[occupied], reservation=reservation
                )
            }
        case fact.DoorLeftOpen(compartment, reservation):
            return {"door_left_open": fact_pb2.DoorLeftOpen(compartment=compartment, reservation=reservation)}
        case fact.DoorNotOpened(compartment, use, pulses):
            return {
                "door_not_opened": fact_pb2.DoorNotOpened(
                    compartment=compartment, reservation=_reservation(use), act=_ACTS[use.right.act], pulses=pulses
                )
            }
        case HandOver():
            return _hand_over(body, earlier)
        case fact.NotDeposited(compartment, use, evidence, error):
            return {
                "not_deposited": fact_pb2.NotDeposited(
                    reservation=_reservation(use),
                    compartment=compartment,
                    evidence=_evidence(evidence),
                    courier_error=_courier_error(error),
                )
            }
        case fact.ParcelRefused(compartment, use, why):
            return {
                "parcel_refused": fact_pb2.ParcelRefused(
                    reservation=_reservation(use),
                    compartment=compartment,
                    reason=reservation_pb2.RefusalReason.Value(f"REFUSAL_REASON_{why.value}"),
                    earlier_number=earlier,
                )
            }
        case fact.ItemFound(compartment, evidence, former):
            return {
                "item_found": fact_pb2.ItemFound(
                    compartment=compartment, former_reservation=former, evidence=_evidence(evidence)
                )
            }
        case fact.CompartmentWithdrawn(compartment, why, reservation):
            return {
                "compartment_withdrawn": fact_pb2.CompartmentWithdrawn(
                    compartment=compartment,
                    reason=fact_pb2.WithdrawalReason.Value(f"WITHDRAWAL_REASON_{why.value}"),
                    reservation=reservation,
                )
            }
        case fact.CompartmentRestored(compartment):
            return {"compartment_restored": fact_pb2.CompartmentRestored(compartment=compartment)}
        case fact.RightEnded(right, series, end):
            return {
                "right_ended": fact_pb2.RightEnded(
                    reservation=right.subject,
                    act=_ACTS[right.act],
                    series=series,
                    end=fact_pb2.RightEnd.Value(f"RIGHT_END_{end.value}"),
                )
            }
        case fact.HeadroomSpent(number, size_class, reservation, compartment):
            return {
                "headroom_spent": fact_pb2.HeadroomSpent(
                    reservation=reservation,
                    compartment=compartment,
                    size_class=_size_class(size_class),
                    fence=number,
                )
            }
        case fact.CourierErrorReported(error, compartment, reservation):
            return {
                "courier_error_reported": fact_pb2.CourierErrorReported(
                    error=_courier_error(error), reservation=reservation, compartment=compartment
                )
            }
        case fact.ClockStepped(from_time, to_time, answered):
            return {
                "clock_stepped": fact_pb2.ClockStepped(
                    from_time=_time(from_time), to_time=_time(to_time), answered=answered
                )
            }
        case fact.ParcelIdentified(reservation, parcel, tag):
            return {
                "parcel_identified": fact_pb2.ParcelIdentified(
                    reservation=reservation, parcel_number=parcel, tag_hmac=tag
                )
            }
        case fact.TenancyHandedDown(reservation, compartment):
            return {"tenancy_handed_down": fact_pb2.TenancyHandedDown(reservation=reservation, compartment=compartment)}
        case _:
            return _telemetry(body)


def _telemetry(body: TelemetryBody) -> dict[str, Any]:
    match body:
        case fact.AccessRefused(reason, form, reservation, first_use_time):
            return {
                "access_refused": fact_pb2.AccessRefused(
                    reason=access_refusal_pb2.AccessRefusal.Value(f"ACCESS_REFUSAL_{reason}"),
                    form=_FORMS[form],
                    reservation=reservation,
                    first_use_time=_time(first_use_time) if first_use_time else None,
                )
            }
        case fact.KeypadLocked(until, wrong_count):
            return {"keypad_locked": fact_pb2.KeypadLocked(end_time=_time(until), wrong_count=wrong_count)}
        case fact.TamperSeen(kind):
            return {"tamper_seen": fact_pb2.TamperSeen(kind=kind.value)}
        case fact.OpeningLimited(compartment, without_presence):
            return {
                "opening_limited": fact_pb2.OpeningLimited(compartment=compartment, without_presence=without_presence)
            }
        case fact.Gap(first, last):
            return {"gap": fact_pb2.Gap(first_number=first, last_number=last)}


def _hand_over(body: HandOver, earlier: int) -> dict[str, Any]:
    common: dict[str, Any] = {
        "reservation": _reservation(body.use),
        "compartment": body.compartment,
        "parcel_number": body.parcel,
        "evidence": _evidence(body.evidence),
        "door": fact_pb2.DoorState.Value(f"DOOR_STATE_{body.door.value}"),
        "occupancy": _OCCUPANCY[body.occupied],
        "series": body.use.series,
        "earlier_number": earlier,
    }
    match body.use.right.act:
        case Act.DEPOSIT:
            return {
                "parcel_deposited": fact_pb2.ParcelDeposited(
                    **common, size_class=_size_class(body.size_class), from_token_alone=body.from_token_alone
                )
            }
        case Act.COLLECT:
            return {"parcel_collected": fact_pb2.ParcelCollected(**common, by_pin=body.use.form is Form.PIN)}
        case _:
            return {"parcel_recalled": fact_pb2.ParcelRecalled(**common)}


def _cause(use: Use | None) -> fact_pb2.OpeningCause.ValueType:
    if use is None:
        return fact_pb2.OPENING_CAUSE_UNEXPECTED
    if use.grace:
        return fact_pb2.OPENING_CAUSE_GRACE
    remote = use.form is Form.REMOTE
    if use.right.act is Act.SERVICE:
        return fact_pb2.OPENING_CAUSE_OPERATOR if remote else fact_pb2.OPENING_CAUSE_SERVICE
    return fact_pb2.OPENING_CAUSE_REMOTE_RIGHT if remote else fact_pb2.OPENING_CAUSE_RIGHT


def _reservation(use: Use) -> str:
    return "" if use.right.act is Act.SERVICE else use.right.subject


def _evidence(evidence: Evidence) -> reservation_pb2.Evidence.ValueType:
    return reservation_pb2.Evidence.Value(f"EVIDENCE_{evidence.value}")


def _courier_error(error: fact.CourierError | None) -> courier_error_pb2.CourierError.ValueType:
    if error is None:
        return courier_error_pb2.COURIER_ERROR_UNSPECIFIED
    return courier_error_pb2.CourierError.Value(f"COURIER_ERROR_{error.value}")


def _size_class(size_class: SizeClass) -> need_pb2.SizeClass.ValueType:
    return need_pb2.SizeClass.Value(f"SIZE_CLASS_{size_class.name}")


def _time(seconds: int) -> Timestamp:
    return Timestamp(seconds=seconds)
