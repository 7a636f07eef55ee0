"""Banks as messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from google.type.date_pb2 import Date
from google.type.latlng_pb2 import LatLng
from google.type.postal_address_pb2 import PostalAddress
from google.type.timeofday_pb2 import TimeOfDay

from interlock.v1 import bank_pb2, collector_pb2, need_pb2, parcel_pb2, reservation_pb2
from interlock_gateway.domain.bank import Bank, BankTerms, BookableBy, BookableByMode, OpeningLimits, Serves
from interlock_gateway.domain.calendar import OpeningHours
from interlock_gateway.domain.names import PartyName
from interlock_gateway.services.mapping.reservation import collect_for_message, kind_message
from interlock_gateway.services.mapping.values import duration, money, number, stamp
from interlock_gateway.use_cases.bank_link import BankKey
from interlock_gateway.use_cases.doors import Doors
from interlock_gateway.use_cases.network import Reach

UNHEARD: Final = Reach(None)
_HOUR_S: Final = 3600


def bank_message(
    bank: Bank,
    *,
    doors: Doors | None = None,
    keys: Iterable[BankKey] = (),
    reach: Reach = UNHEARD,
    now: datetime | None = None,
) -> bank_pb2.Bank:
    """Write a bank with all that there is of it; ``projection`` leaves what its reader may see.

    Args:
        bank: The bank.
        doors: Its doors, for the kinds that it offers.
        keys: Its public keys.
        reach: How well it can be reached at this moment.
        now: The present instant, by which doors are out of service; ``None``: when the bank last changed.
    """
    message = describing(bank)
    message.name = str(bank.name)
    message.token_audience = bank.token_audience
    message.hand_over = number(reservation_pb2.HandOver, bank.hand_over)
    message.state = number(bank_pb2.BankState, bank.state)
    message.closing_reason = bank.closing_reason
    message.capabilities.extend(sorted(number(bank_pb2.BankCapability, each) for each in bank.capabilities))
    message.verifies_at = number(bank_pb2.VerifiesAt, bank.verifies_at)
    message.kinds.extend(_kinds(doors, now or bank.update_time))
    message.keys.extend(key_messages(keys))
    message.connected = reach.connected
    message.revision = bank.revision
    message.etag = bank.etag
    rest = bank_pb2.Bank(
        closing_end_time=stamp(bank.closing_end),
        write_off_time=stamp(bank.write_off_time),
        last_heard_time=stamp(reach.last_heard_time),
        create_time=stamp(bank.create_time),
        update_time=stamp(bank.update_time),
    )
    message.MergeFrom(rest)
    return message


def describing(bank: Bank) -> bank_pb2.Bank:
    """Write what its operator describes of a bank, and nothing else."""
    address = bank.address
    return bank_pb2.Bank(
        display_name=bank.display_name,
        position=LatLng(latitude=bank.latitude, longitude=bank.longitude),
        address=PostalAddress(
            region_code=address.region_code,
            postal_code=address.postal_code,
            administrative_area=address.administrative_area,
            locality=address.locality,
            address_lines=address.lines,
        ),
        directions=bank.directions,
        time_zone=bank.time_zone,
        opening_hours=[_hours(each) for each in bank.opening_hours],
        closed_dates=[date_message(each) for each in sorted(bank.closed_dates)],
        inputs=sorted(number(need_pb2.Input, each) for each in bank.inputs),
        serves=_serves(bank.serves),
        requires=sorted(number(collector_pb2.CollectorField, each) for each in bank.requires),
        limits=bank_pb2.BankLimits(
            max_mass_g=bank.limits.max_mass_g, max_declared_value=money(bank.limits.max_declared_value)
        ),
        bookable_by=_bookable_by(bank.bookable_by),
        terms=_terms(bank.terms),
        opening_limits=_opening_limits(bank.opening_limits),
        host="" if bank.host is None else str(PartyName(bank.host)),
        vendor="" if bank.vendor is None else str(PartyName(bank.vendor)),
        replaces="" if bank.replaces is None else str(bank.replaces),
    )


def date_message(day: date) -> Date:
    """Write a day."""
    return Date(year=day.year, month=day.month, day=day.day)


def _hours(hours: OpeningHours) -> bank_pb2.OpeningHours:
    return bank_pb2.OpeningHours(
        weekday=hours.weekday + 1,  # MONDAY is 1
        open_time=TimeOfDay(hours=hours.open_minute // 60, minutes=hours.open_minute % 60),
        close_time=TimeOfDay(hours=hours.close_minute // 60, minutes=hours.close_minute % 60),
    )


def _serves(serves: Serves) -> bank_pb2.ServedRestrictions:
    return bank_pb2.ServedRestrictions(
        age_check_methods=sorted(number(parcel_pb2.AgeCheckMethod, each) for each in serves.age_checks),
        personal_id=serves.personal_id,
        perishable=serves.perishable,
        dangerous_goods_classes=sorted(serves.goods_classes),
    )


def _bookable_by(bookable_by: BookableBy) -> bank_pb2.BookableBy:
    listed = bookable_by.parties if bookable_by.mode is BookableByMode.LIST else ()
    return bank_pb2.BookableBy(
        mode=number(bank_pb2.BookableByMode, bookable_by.mode),
        parties=[str(PartyName(each)) for each in sorted(listed)],
    )


def _terms(terms: BankTerms) -> bank_pb2.BankTerms:
    return bank_pb2.BankTerms(
        recall_time_hours=int(terms.recall_time.total_seconds()) // _HOUR_S,
        refuse_overdue=terms.refuse_overdue,
        default_collect_for=collect_for_message(terms.default_collect_for),
        sell_offline_for=duration(terms.sell_offline_for),
    )


def _opening_limits(limits: OpeningLimits) -> bank_pb2.OpeningLimits:
    return bank_pb2.OpeningLimits(
        remote_per_minute=limits.remote_per_minute,
        remote_per_hour=limits.remote_per_hour,
        all_per_minute=limits.all_per_minute,
        all_per_hour=limits.all_per_hour,
    )


def _kinds(doors: Doors | None, now: datetime) -> list[bank_pb2.OfferedKind]:
    if doors is None:
        return []
    instant = now.timestamp()
    count = Counter(door.kind for door in doors.doors)
    out = Counter(door.kind for door in doors.doors if door.out_until > instant)
    return [
        bank_pb2.OfferedKind(kind=kind_message(kind), compartment_count=count[kind], out_of_service_count=out[kind])
        for kind in sorted(count, key=lambda kind: kind.code)
    ]


def key_messages(keys: Iterable[BankKey]) -> list[bank_pb2.BankKey]:
    """Write keys, the trusted one first, then the latest."""
    ordered = sorted(keys, key=lambda key: (key.distrust_time is not None, -key.enrol_time.timestamp()))
    return [
        bank_pb2.BankKey(
            thumbprint=key.kid,
            public_key=key.jwk,
            enrol_time=stamp(key.enrol_time),
            distrust_time=stamp(key.distrust_time),
        )
        for key in ordered
    ]
