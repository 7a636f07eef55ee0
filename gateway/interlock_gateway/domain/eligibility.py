"""Whether a bank could take these parcels at all, whatever room it has: one rule for booking and for searching (BNK-4).

Booking raises the refusal, searching leaves the bank out; both ask the same function, so a search never shows what a
booking would refuse for another reason than room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from interlock_gateway.domain.bank import Bank, BankState, Capability, CollectorField, Input
from interlock_gateway.domain.calendar import Calendar
from interlock_gateway.domain.capacity.kinds import Feature, Need, features
from interlock_gateway.domain.errors import (
    AccountRequired,
    BankNotOpen,
    BankNotReporting,
    BankUnknown,
    CapabilityNotSupported,
    CollectorFieldRequired,
    LimitExceeded,
    NoCommonAccess,
    OutsideOpeningHours,
    Refusal,
    RestrictionNotServed,
)
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.domain.reservation import NO_NEEDS, CollectorNeeds, HandOver
from interlock_gateway.domain.terms import Window

_ANY_ACCESS: Final = frozenset({Input.SCANNER, Input.KEYPAD, Input.BLE, Input.APP_ONLY})
"""Ways to prove a right; a screen and a voice help, and open nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of a bank, room aside.

    Attributes:
        carrier: Party id of who asks.
        window: When the depositor would come.
        commitment_end: Until when capacity would be kept.
        parcels: The parcels; for a search one that stands for the heaviest, the most valuable and all restrictions.
        collector: What the collector needs.
        collector_fields: Particulars of the collector that are given; ``None``: not asked.
        inputs: Ways to prove a right that the collector can use; ``None``: all that ``collector`` leaves.
        networks: Party ids of the carried networks with which the carrier has an account.
        needs: What the bank, or the network behind it, must be able to do.
        field: Path of the reservation in the request, for refusals that name a field.
    """

    carrier: str
    window: Window
    commitment_end: datetime
    parcels: tuple[Parcel, ...]
    collector: CollectorNeeds = NO_NEEDS
    collector_fields: frozenset[CollectorField] | None = None
    inputs: frozenset[Input] | None = None
    networks: frozenset[str] = frozenset()
    needs: frozenset[Capability] = frozenset()
    field: str = "reservation"


def need_of(need: Need, collector: CollectorNeeds) -> Need:
    """Add to a need what the collector cannot do without: accessible reach is hard, not a wish (CAP-2)."""
    if not collector.accessible_reach:
        return need
    return Need(need.size_class, need.climate, need.features | features((Feature.ACCESSIBLE,)))


def eligible(
    bank: Bank, ask: Ask, *, calendar: Calendar, last_heard_time: datetime | None, now: datetime
) -> Refusal | None:
    """Say why the bank could not take this, or ``None``.

    Args:
        bank: The bank.
        ask: What is asked.
        calendar: The bank's.
        last_heard_time: When the gateway last heard from it; ``None``: never.
        now: Instant of the request.
    """
    return next(_refusals(bank, ask, calendar, last_heard_time, now), None)


def takes(bank: Bank, ask: Ask) -> Refusal | None:
    """Say why the bank could not take these parcels, whoever brings them and whenever; ``None``: it could."""
    return next(chain(_not_served(bank, ask), _above_limits(bank, ask)), None)


def _refusals(
    bank: Bank, ask: Ask, calendar: Calendar, last_heard_time: datetime | None, now: datetime
) -> Iterator[Refusal]:
    """Go through the rules; first whether the bank exists for the caller, so that nothing else is told before."""
    name = str(bank.name)
    if ask.carrier not in bank.bookable_by:
        yield BankUnknown(bank=name)
    yield from _not_open(bank, ask)
    if bank.hand_over is HandOver.INTO_NETWORK and bank.operator not in ask.networks:
        yield AccountRequired(bank=name, network=f"parties/{bank.operator}")
    yield from _not_served(bank, ask)
    yield from _above_limits(bank, ask)
    yield from _no_way_in(bank, ask)
    for missing in sorted(ask.needs - bank.capabilities):
        yield CapabilityNotSupported(bank=name, capability=missing)
    if not calendar.open_during(ask.window.start, ask.window.end):
        yield OutsideOpeningHours(bank=name, start_time=ask.window.start, end_time=ask.window.end)
    if bank.hand_over is HandOver.AT_BANK and silent_too_long(bank, last_heard_time, now=now):
        yield BankNotReporting(bank=name, last_heard_time=last_heard_time)


def silent_too_long(bank: Bank, last_heard_time: datetime | None, *, now: datetime) -> bool:
    """Say whether the bank has been silent for longer than its operator sells it unseen (BNK-5)."""
    return last_heard_time is None or now - last_heard_time > bank.terms.sell_offline_for


def _not_open(bank: Bank, ask: Ask) -> Iterator[Refusal]:
    closing_too_soon = (
        bank.state is BankState.CLOSING and bank.closing_end is not None and ask.commitment_end > bank.closing_end
    )
    if bank.state not in {BankState.OPEN, BankState.CLOSING} or closing_too_soon:
        yield BankNotOpen(bank=str(bank.name), state=bank.state, end_time=bank.closing_end)


def _not_served(bank: Bank, ask: Ask) -> Iterator[Refusal]:
    for index, parcel in enumerate(ask.parcels):
        for place, restriction in enumerate(parcel.restrictions):
            if restriction not in bank.serves:
                field = f"{ask.field}.parcels[{index}].restrictions[{place}]"
                yield RestrictionNotServed(bank=str(bank.name), restriction=str(restriction), field=field)


def _above_limits(bank: Bank, ask: Ask) -> Iterator[Refusal]:
    most_mass, most_value = bank.limits.max_mass_g, bank.limits.max_declared_value
    for index, parcel in enumerate(ask.parcels):
        path = f"{ask.field}.parcels[{index}]"
        if most_mass and parcel.mass_g > most_mass:
            yield LimitExceeded(field=f"{path}.mass_g", given=str(parcel.mass_g), limit=str(most_mass))
        value = parcel.declared_value
        if (
            most_value is not None
            and value is not None
            and value.amount
            and (value.currency != most_value.currency or value.amount > most_value.amount)
        ):
            yield LimitExceeded(field=f"{path}.declared_value", given=str(value), limit=str(most_value))


def _no_way_in(bank: Bank, ask: Ask) -> Iterator[Refusal]:
    usable = frozenset({Input.KEYPAD}) if ask.collector.pin_only else _ANY_ACCESS
    if ask.inputs is not None:
        usable &= ask.inputs
    if bank.hand_over is HandOver.AT_BANK and not usable & bank.inputs:
        yield NoCommonAccess(bank=str(bank.name), inputs=bank.inputs, usable=usable)
    if ask.collector_fields is not None:
        for missing in sorted(bank.requires - ask.collector_fields):
            path = "network_ids" if missing is CollectorField.NETWORK_ID else missing.lower()
            yield CollectorFieldRequired(bank=str(bank.name), required=missing, field=f"{ask.field}.collector.{path}")
