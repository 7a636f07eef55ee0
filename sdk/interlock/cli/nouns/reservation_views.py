"""How a reservation, the rights made with it, and its course look to a person."""

from __future__ import annotations

from interlock.cli.views import View, as_json, at, detail, state, states, when
from interlock.client.results import Reserved
from interlock.v1.need_pb2 import Kind
from interlock.v1.reservation_pb2 import CollectFor, Reservation, TrackingStep
from interlock.v1.reservation_service_pb2 import GetTrackingResponse


def rows(reservation: Reservation) -> list[tuple[str, object]]:
    """The rows that every picture of a reservation begins with."""
    window = reservation.deposit_window
    return [
        ("reservation", reservation.name),
        ("state", state(reservation)),
        ("bank", reservation.bank),
        ("parcels", parcels_of(reservation)),
        ("kind", _kind(reservation.planned_kind)),
        ("compartment", reservation.compartment),
        ("held until", when(reservation, "hold_end_time")),
        ("deposit", f"{at(window.start_time)} until {at(window.end_time)}" if window.HasField("end_time") else ""),
        ("collect within", _length(reservation.collect_for)),
        ("deposited", when(reservation, "deposit_time")),
        ("collect until", when(reservation, "collect_end_time")),
        ("out", when(reservation, "removal_time")),
        ("evidence", state(reservation, "evidence")),
        ("recall", "asked for" if reservation.recall_requested else ""),
        ("refused", state(reservation, "refusal_reason")),
        ("broken", state(reservation, "broken_reason")),
    ]


def parcels_of(reservation: Reservation) -> str:
    """Name the parcels: by the carrier's own numbers where they may be seen."""
    return ", ".join(each.carrier_reference or str(each.number) for each in reservation.parcels)


def reservation_view(reservation: Reservation) -> View:
    """Show a reservation without secrets."""
    return detail({"reservation": as_json(reservation)}, rows(reservation))


def granted(reserved: Reserved) -> View:
    """Show a reservation with the rights just made; the one place where PIN and token are printed."""
    data = {
        "reservation": as_json(reserved.reservation),
        "name": reserved.name,
        "pin": reserved.pin,
        "deposit_token": reserved.deposit_token,
        "recall_token": reserved.recall_token,
        "allocation_version": reserved.allocation_version,
    }
    if not reserved.name:
        return detail(data, [("would fit", _kind(reserved.reservation.planned_kind) or "yes")])
    secrets = [
        ("PIN for the collector", reserved.pin),
        ("token for the depositor", reserved.deposit_token),
        ("token for the recall", reserved.recall_token),
    ]
    return detail(data, [*rows(reserved.reservation), *secrets])


def tracking(course: GetTrackingResponse) -> View:
    """Show the steps of a reservation under it."""
    said: list[tuple[str, object]] = rows(course.reservation)
    said += [(f"#{step.revision} {when(step, 'time')}", _step(step)) for step in course.steps]
    said += [("discrepancy", f"{state(each, 'kind')}, {state(each)}: {each.name}") for each in course.discrepancies]
    return detail(as_json(course), said)


def _step(step: TrackingStep) -> str:
    told = step.type.removeprefix("interlock.").removesuffix(".v1")
    evidence = state(step, "evidence")
    waits = ", waits for an earlier receipt" if step.pending_forerunner else ""
    return told + (f" ({evidence})" if evidence else "") + waits + (f"  {step.receipt}" if step.receipt else "")


def _kind(kind: Kind) -> str:
    return " ".join(
        each for each in (state(kind, "size_class"), state(kind, "climate"), states(kind, "features")) if each
    )


def _length(length: CollectFor) -> str:
    match length.WhichOneof("length"):
        case "hours":
            return f"{length.hours} h"
        case "working_days":
            return f"{length.working_days} working days"
        case _:
            return ""
