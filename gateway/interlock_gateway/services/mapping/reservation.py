"""Reservations, parcels and needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from google.type.interval_pb2 import Interval

from interlock.v1 import need_pb2, parcel_pb2, reservation_pb2
from interlock_gateway.domain.bank import CollectorField
from interlock_gateway.domain.capacity import Climate, Dimensions, Kind, Need, SizeClass
from interlock_gateway.domain.capacity.kinds import feature_numbers, features
from interlock_gateway.domain.names import BankName, CompartmentName
from interlock_gateway.domain.parcel import AgeCheckMethod, LabelKind, Parcel, Restriction, RestrictionKind
from interlock_gateway.domain.reservation import CollectorNeeds, Reservation
from interlock_gateway.domain.terms import CollectFor, StayUnit
from interlock_gateway.services.mapping.values import instant, money, named, number, stamp, value_of
from interlock_gateway.use_cases.class_needed import NeedAsked
from interlock_gateway.use_cases.reserve import Order

# --- What is asked ---------------------------------------------------------------------------------------------------


def order_of(request: Any, *, people: bytes, field: str = "reservation") -> Order:  # noqa: ANN401 - CreateReservation
    """Read what a carrier asks for.

    Args:
        request: ``CreateReservationRequest``, which follows the contract.
        people: Collector and shipper, serialized.
        field: Path of the reservation in the request.
    """
    said = request.reservation
    window = said.deposit_window
    collector = said.collector
    return Order(
        carrier=request.parent.removeprefix("parties/"),
        bank=BankName.parse(said.bank, field=f"{field}.bank"),
        need=need_asked_of(said.need),
        parcels=tuple(parcel_of(each, index + 1) for index, each in enumerate(said.parcels)),
        start=instant(window.start_time) if window.HasField("start_time") else None,
        end=instant(window.end_time) if window.HasField("end_time") else None,
        collect_for=collect_for_of(said.collect_for) if said.HasField("collect_for") else None,
        hold=timedelta(seconds=request.hold_seconds) if request.hold_seconds else None,
        collector=CollectorNeeds(collector.needs.pin_only, collector.needs.accessible_reach),
        collector_fields=frozenset(_fields_given(collector)),
        people=people,
        group=said.collector_group or None,
        field=field,
    )


def _fields_given(collector: Any) -> Iterable[CollectorField]:  # noqa: ANN401
    given = {
        CollectorField.NAME: collector.name,
        CollectorField.PHONE: collector.phone,
        CollectorField.EMAIL: collector.email,
        CollectorField.LOCALE: collector.locale,
        CollectorField.NETWORK_ID: collector.network_ids,
    }
    return (field for field, value in given.items() if value)


def need_asked_of(said: Any) -> NeedAsked:  # noqa: ANN401
    """Read what a carrier says of the compartment that it needs."""
    return NeedAsked(
        size_class=SizeClass(said.size_class) if said.size_class else None,
        dimensions=dimensions_of(said.dimensions) if said.HasField("dimensions") else None,
        keep_upright=said.keep_upright,
        climate=Climate(said.climate or Climate.AMBIENT),
        features=features(said.features),
    )


def dimensions_of(said: Any) -> Dimensions:  # noqa: ANN401
    """Read three lengths."""
    return Dimensions(said.width_mm, said.height_mm, said.depth_mm)


def collect_for_of(said: Any) -> CollectFor:  # noqa: ANN401
    """Read a stay."""
    if said.WhichOneof("length") == "working_days":
        return CollectFor(said.working_days, StayUnit.WORKING_DAYS)
    return CollectFor(said.hours)


def parcel_of(said: Any, numbered: int) -> Parcel:  # noqa: ANN401
    """Read a parcel.

    Args:
        said: As the carrier says it; what only the gateway says is passed over.
        numbered: Its number in the reservation.
    """
    return Parcel(
        number=numbered,
        carrier_reference=said.carrier_reference,
        sscc=said.sscc or None,
        s10=said.s10 or None,
        barcode=said.barcode or None,
        dimensions=dimensions_of(said.dimensions) if said.HasField("dimensions") else None,
        mass_g=said.mass_g,
        declared_value=value_of(said.declared_value) if said.HasField("declared_value") else None,
        restrictions=tuple(map(restriction_of, said.restrictions)),
        label=named(parcel_pb2.LabelKind, said.label, LabelKind) if said.label else LabelKind.LABELLED,
    )


def restriction_of(said: Any) -> Restriction:  # noqa: ANN401
    """Read a restriction."""
    match said.WhichOneof("restriction"):
        case "age_check":
            method = named(parcel_pb2.AgeCheckMethod, said.age_check.method, AgeCheckMethod)
            return Restriction(RestrictionKind.AGE_CHECK, method, said.age_check.minimum_years)
        case "dangerous_goods_class":
            return Restriction(RestrictionKind.DANGEROUS_GOODS, goods_class=said.dangerous_goods_class)
        case kind:
            return Restriction(RestrictionKind(kind.upper()))


# --- What is answered ------------------------------------------------------------------------------------------------


def reservation_message(reservation: Reservation) -> reservation_pb2.Reservation:
    """Write a reservation, without its people; for a reader, see ``projection``."""
    message = reservation_pb2.Reservation(
        name=str(reservation.name),
        bank=str(reservation.bank),
        state=number(reservation_pb2.ReservationState, reservation.state),
        need=need_message(reservation.need),
        deposit_window=Interval(start_time=stamp(reservation.window.start), end_time=stamp(reservation.window.end)),
        collect_for=collect_for_message(reservation.collect_for),
        parcels=map(parcel_message, reservation.parcels),
        collector_group=reservation.group or "",
        hand_over=number(reservation_pb2.HandOver, reservation.hand_over),
        planned_kind=None if reservation.kind is None else kind_message(reservation.kind),
        compartment=_compartment(reservation),
        hold_end_time=stamp(reservation.hold_end),
        deposit_time=stamp(reservation.deposit_time),
        collect_end_time=stamp(reservation.collect_end),
        removal_time=stamp(reservation.removal_time),
        commitment_end_time=stamp(reservation.commitment_end),
        evidence=number(reservation_pb2.Evidence, reservation.evidence),
        recall_requested=reservation.recall_requested,
        refusal_reason=number(reservation_pb2.RefusalReason, reservation.refusal_reason),
        broken_reason=number(reservation_pb2.BrokenReason, reservation.broken_reason),
        notified_by=number(reservation_pb2.NotifiedBy, reservation.notified_by),
        pending_forerunner=reservation.pending_forerunner,
        create_time=stamp(reservation.create_time),
        update_time=stamp(reservation.update_time),
        revision=reservation.revision,
        etag=reservation.etag,
    )
    needs = reservation.collector
    if needs.pin_only or needs.accessible_reach:
        message.collector.needs.pin_only = needs.pin_only
        message.collector.needs.accessible_reach = needs.accessible_reach
    return message


def _compartment(reservation: Reservation) -> str:
    if reservation.compartment is None:
        return ""
    return str(CompartmentName(reservation.bank.party, reservation.bank.bank, reservation.compartment))


def need_message(need: Need) -> need_pb2.Need:
    """Write a need."""
    return need_pb2.Need(size_class=need.size_class, climate=need.climate, features=feature_numbers(need.features))  # type: ignore[arg-type]


def kind_message(kind: Kind) -> need_pb2.Kind:
    """Write a kind of compartment."""
    return need_pb2.Kind(size_class=kind.size_class, climate=kind.climate, features=feature_numbers(kind.features))  # type: ignore[arg-type]


def dimensions_message(dimensions: Dimensions) -> need_pb2.Dimensions:
    """Write three lengths."""
    return need_pb2.Dimensions(
        width_mm=dimensions.width_mm, height_mm=dimensions.height_mm, depth_mm=dimensions.depth_mm
    )


def collect_for_message(stay: CollectFor) -> reservation_pb2.CollectFor:
    """Write a stay."""
    if stay.unit is StayUnit.WORKING_DAYS:
        return reservation_pb2.CollectFor(working_days=stay.length)
    return reservation_pb2.CollectFor(hours=stay.length)


def parcel_message(parcel: Parcel) -> parcel_pb2.Parcel:
    """Write a parcel."""
    return parcel_pb2.Parcel(
        number=parcel.number,
        carrier_reference=parcel.carrier_reference,
        sscc=parcel.sscc or "",
        s10=parcel.s10 or "",
        barcode=parcel.barcode or "",
        dimensions=None if parcel.dimensions is None else dimensions_message(parcel.dimensions),
        mass_g=parcel.mass_g,
        declared_value=money(parcel.declared_value),
        restrictions=map(restriction_message, parcel.restrictions),
        label=number(parcel_pb2.LabelKind, parcel.label),
        state=number(parcel_pb2.ParcelState, parcel.state),
    )


def restriction_message(restriction: Restriction) -> parcel_pb2.Restriction:
    """Write a restriction."""
    match restriction.kind:
        case RestrictionKind.AGE_CHECK:
            check = parcel_pb2.AgeCheck(
                minimum_years=restriction.minimum_years or 0,
                method=number(parcel_pb2.AgeCheckMethod, restriction.age_check),
            )
            return parcel_pb2.Restriction(age_check=check)
        case RestrictionKind.DANGEROUS_GOODS:
            return parcel_pb2.Restriction(dangerous_goods_class=restriction.goods_class or "")
        case kind:
            message = parcel_pb2.Restriction()
            setattr(message, kind.lower(), True)
            return message
