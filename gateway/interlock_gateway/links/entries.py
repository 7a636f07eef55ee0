"""A reservation and a configuration as the contract's manifest has them. Nothing in it identifies a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from google.type.date_pb2 import Date

from interlock import barcode, deposit_terms, pin
from interlock.deposit_terms import age_letter
from interlock.edge.v1 import manifest_pb2
from interlock.v1 import need_pb2, parcel_pb2, reservation_pb2
from interlock_gateway.domain import pins
from interlock_gateway.domain.bank import Bank, BankState
from interlock_gateway.domain.capacity import Kind
from interlock_gateway.domain.capacity.kinds import feature_numbers
from interlock_gateway.domain.claims import LATEST_CLOCK
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.parcel import AgeCheckMethod, LabelKind, Parcel, RestrictionKind
from interlock_gateway.domain.reservation import ENDED_UNUSED, INSIDE, Reservation, Right, RightStatus, State
from interlock_gateway.domain.terms import CollectFor, StayUnit
from interlock_gateway.services.mapping.values import stamp
from interlock_gateway.use_cases.doors import Doors

KEY_VERSION: Final = 1
"""Of the bank's PIN and barcode keys."""
CLOSED_DAYS: Final = 60
_HOUR: Final = timedelta(hours=1)


def is_told(reservation: Reservation, now: datetime) -> bool:
    """Say whether a bank must know of a reservation: as long as one of its tokens can open a door there.

    An ended one is told as revoked until its deposit token can no longer be accepted: left out, the bank would take
    the token of somebody of whom it was never told (LNK-36).
    """
    if reservation.state in {State.CONFIRMED} | INSIDE:
        return True
    deposit = reservation.right(Act.DEPOSIT)
    return reservation.state in ENDED_UNUSED and deposit is not None and now < deposit.expire_time + LATEST_CLOCK


def entry(
    reservation: Reservation, *, group: str, token_audience: str, bank_secret: bytes, pin_key: bytes
) -> manifest_pb2.ReservationEntry:
    """Write the entry of a reservation.

    Args:
        reservation: Planned into a kind.
        group: Subject of its PIN and QR where it has a group, otherwise empty.
        token_audience: The bank's.
        bank_secret: The bank's.
        pin_key: The network's.
    """
    kind = reservation.moving_to or reservation.kind
    key = barcode.key(bank_secret, KEY_VERSION)
    said = manifest_pb2.ReservationEntry(
        reservation=reservation.name.reservation,
        carrier=reservation.carrier,
        group=group,
        planned_kind=None if kind is None else kind_message(kind),
        plan_number=reservation.revision,
        deposit=_right(reservation.right(Act.DEPOSIT)),
        collect=_right(reservation.right(Act.COLLECT)),
        recall=_right(reservation.right(Act.RECALL)),
        deposit_start_time=stamp(reservation.window.start),
        deposit_end_time=stamp(reservation.window.end),
        collect_for=_stay(reservation.collect_for),
        recall_time_hours=-int(-reservation.recall_time // _HOUR),
        collect_end_time=stamp(reservation.collect_end),
        parcels=[_parcel(parcel, key) for parcel in reservation.parcels],
        hand_over_letters=_hand_over(reservation),
    )
    collect = reservation.right(Act.COLLECT)
    if collect is not None:
        verifier = pin.verifier(
            pin.key(bank_secret, KEY_VERSION),
            audience=token_audience,
            subject=group or reservation.name.reservation,
            series=collect.series,
            pin=pins.pin(pin_key, reservation.pin_subject, reservation.pin_number),
        )
        said.pin_verifiers.add(key_version=KEY_VERSION, series=collect.series, verifier=verifier)
    return said


def _right(right: Right | None) -> manifest_pb2.RightEntry | None:
    if right is None:
        return None
    return manifest_pb2.RightEntry(
        series=right.series,
        revoked=right.status is RightStatus.REVOKED,
        suspended=right.status is RightStatus.SUSPENDED,
    )


def _stay(stay: CollectFor) -> reservation_pb2.CollectFor:
    if stay.unit is StayUnit.WORKING_DAYS:
        return reservation_pb2.CollectFor(working_days=stay.length)
    return reservation_pb2.CollectFor(hours=stay.length)


def _parcel(parcel: Parcel, key: bytes) -> manifest_pb2.ParcelEntry:
    # A label under GS1's application identifier 00 is scanned with it, the same number typed by hand without.
    scans = [
        *((f"00{parcel.sscc}", parcel.sscc) if parcel.sscc else ()),
        *(scan for scan in (parcel.s10, parcel.barcode) if scan),
    ]
    none = parcel.label is LabelKind.NONE
    return manifest_pb2.ParcelEntry(
        number=parcel.number,
        barcode_hmacs=[barcode.entry(key, scan.encode()) for scan in scans],
        label=parcel_pb2.LABEL_KIND_NONE if none else parcel_pb2.LABEL_KIND_LABELLED,
    )


def _hand_over(reservation: Reservation) -> str:
    """The letters of the deposit token (ACC-23)."""
    restrictions = [each for parcel in reservation.parcels for each in parcel.restrictions]
    personal = any(each.kind is RestrictionKind.PERSONAL_ID for each in restrictions)
    ages = [
        each.minimum_years
        for each in restrictions
        if each.age_check is AgeCheckMethod.DOCUMENT_AT_BANK and each.minimum_years
    ]
    return (deposit_terms.PERSONAL_ID if personal else "") + (age_letter(max(ages)) if ages else "")


def kind_message(kind: Kind) -> need_pb2.Kind:
    """Write a kind of compartment; the numbers are the contract's own."""
    said = need_pb2.Kind()
    said.size_class = need_pb2.SizeClass.ValueType(kind.size_class)
    said.climate = need_pb2.Climate.ValueType(kind.climate)
    said.features.extend(map(need_pb2.Feature.ValueType, feature_numbers(kind.features)))
    return said


def configuration(bank: Bank, doors: Doors, now: datetime) -> manifest_pb2.Configuration:
    """Write how a bank is to behave."""
    limits = bank.opening_limits
    said = manifest_pb2.Configuration(
        display_name=bank.display_name,
        time_zone=bank.time_zone,
        refuse_overdue=bank.terms.refuse_overdue,
        remote_openings_a_minute=limits.remote_per_minute,
        remote_openings_an_hour=limits.remote_per_hour,
        openings_a_minute=limits.all_per_minute,
        openings_an_hour=limits.all_per_hour or 4 * len(doors.doors),
        emptying=bank.state is BankState.EMPTYING,
        pin_key_version=KEY_VERSION,
        barcode_key_version=KEY_VERSION,
    )
    last = (now + timedelta(days=CLOSED_DAYS)).date()
    for day in sorted(bank.closed_dates):
        if now.date() - timedelta(days=1) <= day <= last:
            said.closed_dates.append(Date(year=day.year, month=day.month, day=day.day))
    for hours in bank.opening_hours:
        said.opening_days.add(weekday=hours.weekday + 1, open_minute=hours.open_minute, close_minute=hours.close_minute)
    operators = {each.label for each in doors.compartments if each.outage is not None and not each.outage.by_bank}
    for door in doors.doors:
        said.compartments.add(label=door.label, kind=kind_message(door.kind), withdrawn=door.label in operators)
    for lent in doors.lent:
        said.headroom.add(
            size_class=need_pb2.SizeClass.ValueType(lent.size_class),
            compartment_count=lent.count,  # the bank itself counts what it has spent under this fencing number
            end_time=stamp(lent.end_time),
            fence=lent.fence,
        )
    return said
