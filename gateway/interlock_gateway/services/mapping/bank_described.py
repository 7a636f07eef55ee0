"""Banks as their operator describes them: from messages, whole or in part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from google.protobuf.field_mask_pb2 import FieldMask

from interlock.v1 import bank_pb2, collector_pb2, need_pb2, parcel_pb2
from interlock_gateway.domain.bank import (
    Address,
    Bank,
    BankTerms,
    BookableBy,
    BookableByMode,
    CollectorField,
    Input,
    Limits,
    OpeningLimits,
    Serves,
)
from interlock_gateway.domain.calendar import OpeningHours
from interlock_gateway.domain.errors import InvalidField
from interlock_gateway.domain.names import BankName, PartyName
from interlock_gateway.domain.parcel import AgeCheckMethod
from interlock_gateway.services.mapping.bank import describing
from interlock_gateway.services.mapping.compartment import masked
from interlock_gateway.services.mapping.reservation import collect_for_of
from interlock_gateway.services.mapping.values import length_of, named, value_of

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "position": ("latitude", "longitude"),
    **{
        name: (name,)
        for name in (
            "display_name",
            "address",
            "directions",
            "time_zone",
            "opening_hours",
            "closed_dates",
            "inputs",
            "serves",
            "requires",
            "limits",
            "bookable_by",
            "terms",
            "opening_limits",
            "host",
            "vendor",
        )
    },
}
"""For each field of the message that may be changed: the fields of the domain's bank that it sets."""
CHANGEABLE: Final = frozenset(_FIELDS)


def described_bank(name: BankName, said: bank_pb2.Bank, *, now: datetime) -> Bank:
    """Read a bank; what is output only is ignored.

    Args:
        name: Its name.
        said: The message, whose shape has been checked.
        now: When.

    Raises:
        InvalidField: A time zone or a date that does not exist.
    """
    address = said.address
    return Bank(
        name=name,
        display_name=said.display_name,
        token_audience="",
        latitude=said.position.latitude,
        longitude=said.position.longitude,
        address=Address(
            region_code=address.region_code,
            postal_code=address.postal_code,
            administrative_area=address.administrative_area,
            locality=address.locality,
            lines=tuple(address.address_lines),
        ),
        directions=said.directions,
        time_zone=_zone(said.time_zone),
        opening_hours=tuple(_hours(each) for each in said.opening_hours),
        closed_dates=frozenset(
            day_of(each, field=f"bank.closed_dates[{index}]") for index, each in enumerate(said.closed_dates)
        ),
        inputs=frozenset(named(need_pb2.Input, each, Input) for each in said.inputs),
        serves=_serves(said.serves),
        requires=frozenset(named(collector_pb2.CollectorField, each, CollectorField) for each in said.requires),
        limits=Limits(
            said.limits.max_mass_g,
            value_of(said.limits.max_declared_value) if said.limits.HasField("max_declared_value") else None,
        ),
        bookable_by=_bookable_by(said.bookable_by),
        terms=_terms(said.terms),
        opening_limits=_opening_limits(said.opening_limits),
        host=PartyName.parse(said.host, field="bank.host").party if said.host else None,
        vendor=PartyName.parse(said.vendor, field="bank.vendor").party if said.vendor else None,
        replaces=BankName.parse(said.replaces, field="bank.replaces") if said.replaces else None,
        create_time=now,
        update_time=now,
    )


def amending_bank(said: bank_pb2.Bank, mask: FieldMask, *, now: datetime) -> Callable[[Bank], Bank]:
    """Read what is to change of a bank.

    Raises:
        InvalidField: The mask names a field that may not be changed, or that there is not.
    """
    tops = masked(mask.paths, CHANGEABLE)
    if not mask.IsValidForDescriptor(bank_pb2.Bank.DESCRIPTOR):
        raise InvalidField(field="update_mask", rule="names a field that a bank does not have.")

    def amend(before: Bank) -> Bank:
        merged = describing(before)
        mask.MergeMessage(said, merged, True, True)  # noqa: FBT003 - replaces messages, replaces repeated fields
        after = described_bank(before.name, merged, now=now)
        changes: dict[str, Any] = {field: getattr(after, field) for top in tops for field in _FIELDS[top]}
        return replace(before, **changes)

    return amend


def day_of(said: Any, *, field: str) -> date:  # noqa: ANN401 - google.type.Date
    """Read a whole day.

    Raises:
        InvalidField: No calendar has it.
    """
    try:
        return date(said.year, said.month, said.day)
    except ValueError as error:
        raise InvalidField(field=field, rule="must be a day of the calendar.") from error


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidField(field="bank.time_zone", rule="must be a zone of the IANA database.") from error
    return name


def _hours(said: bank_pb2.OpeningHours) -> OpeningHours:
    opens, closes = said.open_time, said.close_time
    return OpeningHours(said.weekday - 1, opens.hours * 60 + opens.minutes, closes.hours * 60 + closes.minutes)


def _serves(said: bank_pb2.ServedRestrictions) -> Serves:
    methods = (named(parcel_pb2.AgeCheckMethod, each, AgeCheckMethod) for each in said.age_check_methods)
    return Serves(frozenset(methods), said.personal_id, said.perishable, frozenset(said.dangerous_goods_classes))


def _bookable_by(said: bank_pb2.BookableBy) -> BookableBy:
    if not said.mode:
        return BookableBy()
    parties = (PartyName.parse(each, field="bank.bookable_by.parties").party for each in said.parties)
    return BookableBy(named(bank_pb2.BookableByMode, said.mode, BookableByMode), frozenset(parties))


def _terms(said: bank_pb2.BankTerms) -> BankTerms:
    plain = BankTerms()
    return BankTerms(
        recall_time=timedelta(hours=said.recall_time_hours)
        if said.HasField("recall_time_hours")
        else plain.recall_time,
        refuse_overdue=said.refuse_overdue,
        default_collect_for=collect_for_of(said.default_collect_for)
        if said.HasField("default_collect_for")
        else plain.default_collect_for,
        sell_offline_for=length_of(said.sell_offline_for)
        if said.HasField("sell_offline_for")
        else plain.sell_offline_for,
    )


def _opening_limits(said: bank_pb2.OpeningLimits) -> OpeningLimits:
    plain = OpeningLimits()
    return OpeningLimits(
        remote_per_minute=said.remote_per_minute if said.HasField("remote_per_minute") else plain.remote_per_minute,
        remote_per_hour=said.remote_per_hour if said.HasField("remote_per_hour") else plain.remote_per_hour,
        all_per_minute=said.all_per_minute if said.HasField("all_per_minute") else plain.all_per_minute,
        all_per_hour=said.all_per_hour if said.HasField("all_per_hour") else None,
    )
