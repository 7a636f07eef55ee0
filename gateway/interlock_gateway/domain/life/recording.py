"""Taking a fact into the record of a reservation. Never refuses: the parcel *is* there (RES-6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from interlock_gateway.domain.calendar import Calendar
from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding
from interlock_gateway.domain.events import ReservationEventKind
from interlock_gateway.domain.facts import Act, CourierError, Evidence, Fact
from interlock_gateway.domain.life.happenings import FACTS, Happening, happening
from interlock_gateway.domain.life.outcome import Outcome, changed
from interlock_gateway.domain.parcel import Parcel, ParcelState
from interlock_gateway.domain.reservation import ENDED_UNUSED, Reservation
from interlock_gateway.domain.rights import acknowledged, restored, spent, used
from interlock_gateway.domain.windows import collect_end

_REPORTED: Final[Mapping[CourierError, DiscrepancyKind]] = MappingProxyType(
    {
        CourierError.COMPARTMENT_EMPTY: DiscrepancyKind.FOUND_EMPTY,
        CourierError.PARCEL_DAMAGED: DiscrepancyKind.PARCEL_DAMAGED,
        CourierError.PARCEL_LEAKING: DiscrepancyKind.PARCEL_LEAKING,
        CourierError.WRONG_PARCEL: DiscrepancyKind.WRONG_PARCEL,
    }
)
"""Courier errors that contradict the record; the others are difficulties, and the bank deals with them."""


def record(reservation: Reservation, fact: Fact, *, calendar: Calendar) -> Outcome:
    """Take in what happened at the bank.

    Args:
        reservation: The record as it is.
        fact: Of a kind in ``CONCERNS_RESERVATIONS``, taken in for the first time, its forerunners before it.
        calendar: Of the bank, for a stay in working days.
    """
    seen = happening(reservation, fact)
    step = FACTS[reservation.state, seen]
    if seen is Happening.RIGHT_ENDED and fact.act is not None and fact.series is not None:
        # Nothing that a viewer sees has changed, so nothing is told and the revision stays.
        reservation = acknowledged(reservation, fact.act, fact.series)
    written, noticed = reservation, None
    if seen in _CUSTODY or (seen in _WRITE and step.surprise is None):
        written, noticed = _WRITE[seen](reservation, fact, calendar)
    surprises = [kind for kind in (step.surprise or noticed, _reported(fact)) if kind is not None]
    findings = tuple(_finding(reservation, fact, kind) for kind in surprises)
    if seen not in _TELLS:
        return Outcome(reservation, (), findings)
    after = replace(written, state=step.state)
    return changed(reservation, after, _TELLS[seen], now=fact.learnt_time, fact=fact, findings=findings)


def _reported(fact: Fact) -> DiscrepancyKind | None:
    return None if fact.courier_error is None else _REPORTED.get(fact.courier_error)


def await_forerunner(reservation: Reservation, fact: Fact) -> Outcome:
    """Note that a proof is here whose forerunner is not; ``record`` follows when it has come (RCP-20)."""
    after = replace(reservation, pending_forerunner=True)
    return changed(reservation, after, ReservationEventKind.FORERUNNER_AWAITED, now=fact.learnt_time, fact=fact)


def _finding(reservation: Reservation, fact: Fact, kind: DiscrepancyKind) -> Finding:
    return Finding(
        kind=kind,
        reservation=reservation.name,
        state=reservation.state,
        time=fact.time,
        evidence=fact.evidence,
        compartment=fact.compartment or reservation.compartment,
        parcels=fact.parcels,
        courier_error=fact.courier_error,
        receipt=fact.receipt,
    )


def _proven(reservation: Reservation, fact: Fact) -> Reservation:
    return replace(
        reservation,
        evidence=fact.evidence,
        receipt=fact.receipt or reservation.receipt,
        compartment=fact.compartment or reservation.compartment,
        hold_end=None,
        pending_forerunner=False,
    )


_Written = tuple[Reservation, DiscrepancyKind | None]


def _deposited(reservation: Reservation, fact: Fact, calendar: Calendar) -> _Written:
    """Put parcels in; with the first of them the stay begins."""
    awaited = {parcel.number for parcel in reservation.parcels if parcel.awaited}
    meant = set(fact.parcels) or awaited or {each.number for each in reservation.parcels if not each.inside}

    def put(parcel: Parcel) -> Parcel:
        if parcel.inside:
            return parcel  # in already; the finding says that a fact claims it again
        return replace(parcel, state=ParcelState.DEPOSITED, deposit_evidence=fact.evidence, removal_evidence=None)

    surprise = None if meant and meant <= awaited else DiscrepancyKind.UNEXPECTED_FACT
    parcels = _each(reservation.parcels, meant, put)
    if parcels == reservation.parcels:
        return reservation, surprise
    after = replace(_proven(reservation, fact), parcels=parcels)
    if not any(parcel.state is ParcelState.EXPECTED for parcel in parcels):
        after = used(after, Act.DEPOSIT)
    if not reservation.inside:
        end = collect_end(fact, reservation.collect_for, calendar)
        after = replace(
            after,
            deposit_time=fact.time,
            collect_end=end,
            commitment_end=end + reservation.recall_time,
            removal_time=None,
            recall_requested=False,
            refusal_reason=None,
            capacity_freed=False,
        )
    if reservation.state in ENDED_UNUSED:
        after = restored(after, Act.COLLECT)
    return after, surprise


def _taken(reservation: Reservation, fact: Fact, act: Act) -> _Written:
    """Take parcels out; what goes out and was never seen to come in had come in all the same (RES-9)."""
    inside = {parcel.number for parcel in reservation.inside}
    awaited = {parcel.number for parcel in reservation.parcels if parcel.awaited}
    meant = set(fact.parcels) or inside or {each.number for each in reservation.parcels if each.state not in _OUT}
    out = ParcelState.COLLECTED if act is Act.COLLECT else ParcelState.RECALLED

    def take(parcel: Parcel) -> Parcel:
        if parcel.state in _OUT:
            return parcel  # out already; the finding says that a fact claims it again
        seen_in = parcel.deposit_evidence or Evidence.INFERRED
        return replace(parcel, state=out, deposit_evidence=seen_in, removal_evidence=fact.evidence)

    surprise = None
    if not meant <= inside:
        surprise = _NEVER_SEEN_IN[act] if meant - inside <= awaited else DiscrepancyKind.UNEXPECTED_FACT
    parcels = _each(reservation.parcels, meant, take)
    if parcels == reservation.parcels:
        return reservation, surprise
    after = replace(_proven(reservation, fact), parcels=parcels)
    if not after.inside:
        after = spent(replace(after, removal_time=fact.time), by=act)
    return after, surprise


_OUT: Final = frozenset({ParcelState.COLLECTED, ParcelState.RECALLED})
_NEVER_SEEN_IN: Final = MappingProxyType(
    {Act.COLLECT: DiscrepancyKind.UNEXPECTED_COLLECT, Act.RECALL: DiscrepancyKind.UNEXPECTED_RECALL}
)


def _each(
    parcels: tuple[Parcel, ...], meant: Collection[int], change: Callable[[Parcel], Parcel]
) -> tuple[Parcel, ...]:
    """Change the parcels that are meant; one that the record does not know is in the bank all the same, so it joins."""
    strangers = sorted(set(meant) - {parcel.number for parcel in parcels})
    known = parcels + tuple(Parcel(number=number) for number in strangers)
    return tuple(change(parcel) if parcel.number in meant else parcel for parcel in known)


def _collected(reservation: Reservation, fact: Fact, _calendar: Calendar) -> _Written:
    return _taken(reservation, fact, Act.COLLECT)


def _recalled(reservation: Reservation, fact: Fact, _calendar: Calendar) -> _Written:
    return _taken(reservation, fact, Act.RECALL)


def _refused(reservation: Reservation, fact: Fact, _calendar: Calendar) -> _Written:
    """Hear "leave it here": the collection clock stops, and the carrier is to come for it (RES-25)."""
    return replace(reservation, refusal_reason=fact.refusal_reason, recall_requested=True), None


def _moved(reservation: Reservation, fact: Fact, _calendar: Calendar) -> _Written:
    return replace(reservation, compartment=fact.compartment or reservation.compartment), None


def _identified(reservation: Reservation, fact: Fact, _calendar: Calendar) -> _Written:
    parcels = _each(reservation.parcels, fact.parcels, lambda parcel: replace(parcel, identified_time=fact.time))
    return replace(reservation, parcels=parcels), None


def _nothing(reservation: Reservation, _fact: Fact, _calendar: Calendar) -> _Written:
    return reservation, None


_WRITE: Final[Mapping[Happening, Callable[[Reservation, Fact, Calendar], _Written]]] = MappingProxyType(
    {
        Happening.FIRST_DEPOSIT: _deposited,
        Happening.FURTHER_DEPOSIT: _deposited,
        Happening.FURTHER_COLLECT: _collected,
        Happening.LAST_COLLECT: _collected,
        Happening.FURTHER_RECALL: _recalled,
        Happening.LAST_RECALL: _recalled,
        Happening.REFUSED: _refused,
        Happening.MOVED: _moved,
        Happening.HANDED_DOWN: _moved,
        Happening.IDENTIFIED: _identified,
    }
)
"""What a happening changes beside the state; the others change nothing."""

_CUSTODY: Final = frozenset(
    {
        Happening.FIRST_DEPOSIT,
        Happening.FURTHER_DEPOSIT,
        Happening.FURTHER_COLLECT,
        Happening.LAST_COLLECT,
        Happening.FURTHER_RECALL,
        Happening.LAST_RECALL,
    }
)
"""Written down however surprising: the parcel is where it is. Of the rest only what was foreseen changes the record."""

_TELLS: Final[Mapping[Happening, ReservationEventKind]] = MappingProxyType(
    {
        Happening.FIRST_DEPOSIT: ReservationEventKind.DEPOSITED,
        Happening.FURTHER_DEPOSIT: ReservationEventKind.DEPOSITED,
        Happening.FURTHER_COLLECT: ReservationEventKind.COLLECTED,
        Happening.LAST_COLLECT: ReservationEventKind.COLLECTED,
        Happening.FURTHER_RECALL: ReservationEventKind.RECALLED,
        Happening.LAST_RECALL: ReservationEventKind.RECALLED,
        Happening.REFUSED: ReservationEventKind.REFUSED,
        Happening.MOVED: ReservationEventKind.MOVED,
        Happening.HANDED_DOWN: ReservationEventKind.MOVED,
        Happening.IDENTIFIED: ReservationEventKind.IDENTIFIED,
    }
)
