"""Saying that something does not agree, and saying what was true (EVD-10 to EVD-13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from interlock_gateway.domain.bank_events import DiscrepancyEvent, told_of_discrepancy
from interlock_gateway.domain.discrepancy import (
    Discrepancy,
    DiscrepancyKind,
    Finding,
    Resolution,
    ResolutionKind,
    resolve,
)
from interlock_gateway.domain.errors import (
    BankUnknown,
    CompartmentUnknown,
    CorrectionNotPossible,
    DiscrepancyUnknown,
    EtagMismatch,
    InvalidField,
    ReservationUnknown,
)
from interlock_gateway.domain.facts import Evidence
from interlock_gateway.domain.life.commands import Correct
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.names import BankName, CompartmentName, DiscrepancyName, PartyName, ReservationName
from interlock_gateway.domain.reservation import Reservation, State
from interlock_gateway.domain.viewers import discrepancy_audience, views_of
from interlock_gateway.ports import At, Request, Viewer, Wanted
from interlock_gateway.use_cases.aggregates import BANKS, DISCREPANCIES, DOORS, RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import keep, raise_discrepancy
from interlock_gateway.use_cases.mending import mend


def discrepancy_before(desk: Desk, answer: Mapping[str, Any]) -> Discrepancy:
    """Give a discrepancy as it was told of when the request was first decided."""
    event = desk.told(answer["name"], answer["revision"])
    if not isinstance(event, DiscrepancyEvent):
        message = f"{answer['name']} is no discrepancy"
        raise TypeError(message)
    return event.discrepancy


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseDiscrepancy:
    """Say that something does not agree: as the bank's operator, or as the carrier of the reservation.

    Attributes:
        by: Party id of who says so.
        bank: Where.
        kind: What does not agree.
        reservation: Whose record it is about; required of a carrier.
        compartment: Which, or ``None``.
        parcels: Numbers of the parcels concerned; empty for all.
        time: When it happened or was found; ``None``: now.
        note: What was found, without personal data.
        request: Under what the outcome is remembered.
    """

    by: str
    bank: BankName
    kind: DiscrepancyKind
    reservation: ReservationName | None = None
    compartment: CompartmentName | None = None
    parcels: tuple[int, ...] = ()
    time: datetime | None = None
    note: str
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank, its doors and the reservation."""
        wanted.values.update({At(BANKS, str(self.bank)), At(DOORS, str(self.bank))})
        if self.reservation is not None:
            wanted.values.add(At(RESERVATIONS, self.reservation.reservation))

    def decide(self, desk: Desk) -> Discrepancy:
        """Decide.

        Raises:
            BankUnknown: The operator has no such bank.
            ReservationUnknown: For the caller there is none of this name.
            CompartmentUnknown: The bank has no such compartment.
            InvalidField: A carrier names no reservation, the reservation is elsewhere, the time is to come.
        """
        if self.time is not None and self.time > desk.now:
            raise InvalidField(field="occur_time", rule="must not be in the future.")
        reservation = self._reservation(desk)
        label = self._label(desk)
        finding = Finding(
            kind=self.kind,
            reservation=self.reservation,
            state=None if reservation is None else reservation.state,
            time=self.time or desk.now,
            evidence=Evidence.ASSERTED,
            compartment=label,
            parcels=self.parcels,
            note=self.note,
        )
        discrepancy = raise_discrepancy(desk, self.bank, finding, raised_by=str(PartyName(self.by)))
        desk.remember({"name": str(discrepancy.name), "revision": discrepancy.revision})
        return discrepancy

    def _reservation(self, desk: Desk) -> Reservation | None:
        operator = self.by == self.bank.party
        if operator and desk.get(BANKS, str(self.bank)) is None:
            raise BankUnknown(bank=str(self.bank))
        if self.reservation is None:
            if operator:
                return None
            raise InvalidField(field="reservation", rule="a carrier must name one.")
        found = desk.get(RESERVATIONS, self.reservation.reservation)
        if found is None or found.name != self.reservation or self.by not in {found.carrier, found.operator}:
            raise ReservationUnknown(reservation=str(self.reservation))
        if found.bank != self.bank:
            raise InvalidField(field="reservation", rule=f"must be at {self.bank}.")
        return found

    def _label(self, desk: Desk) -> str | None:
        if self.compartment is None:
            return None
        doors = desk.get(DOORS, str(self.bank))
        label = self.compartment.compartment
        known = doors is not None and any(door.label == label for door in doors.doors)
        if self.compartment.bank_name != self.bank or not known:
            raise CompartmentUnknown(compartment=str(self.compartment))
        return label

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Discrepancy:
        """Give it as it was raised."""
        return discrepancy_before(desk, answer)


@dataclass(frozen=True, slots=True)
class Settled:
    """A discrepancy that was resolved.

    Attributes:
        discrepancy: As it is now.
        state: Of its reservation now; ``None`` where it names none.
    """

    discrepancy: Discrepancy
    state: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveDiscrepancy:
    """Say what was true; the record is corrected by one more event, and what happened stays as it is.

    Attributes:
        name: Which.
        by: Who says so.
        etag: What the caller last saw; empty: whatever it is now.
        kind: Whether the record stands.
        corrected_state: With ``CORRECTED``, what the reservation is now.
        note: What was found.
        claim_reference: The other party's number for its claim, or empty.
        connected: The bank is connected, so that promises can be moved.
        request: Under what the outcome is remembered.
    """

    name: DiscrepancyName
    by: Viewer
    etag: str = ""
    kind: ResolutionKind
    corrected_state: State | None = None
    note: str
    claim_reference: str = ""
    connected: bool = False
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the discrepancy; its reservation is known once it is there."""
        wanted.values.add(At(DISCREPANCIES, self.name.discrepancy))

    def decide(self, desk: Desk) -> Settled:
        """Decide.

        Raises:
            DiscrepancyUnknown: For the caller there is none of this name.
            EtagMismatch: It has changed since.
            DiscrepancyResolved: Somebody else was first.
            CorrectionNotPossible: The reservation cannot be corrected so, or none is named.
        """
        before = self._seen(desk)
        if self.etag and self.etag != before.etag:
            raise EtagMismatch(resource=str(self.name), etag=before.etag)
        after = resolve(
            before,
            Resolution(
                kind=self.kind,
                corrected_state=self.corrected_state,
                note=self.note,
                claim_reference=self.claim_reference,
                resolved_by=self.by.party,
                resolve_time=desk.now,
            ),
        )
        state = self._corrected(desk, before)
        desk.put(DISCREPANCIES, after)
        desk.tell(told_of_discrepancy(after, now=desk.now))
        desk.remember({"name": str(after.name), "revision": after.revision, "state": state})
        return Settled(after, state)

    def _seen(self, desk: Desk) -> Discrepancy:
        found = desk.get(DISCREPANCIES, self.name.discrepancy)
        if found is not None and found.name == self.name:
            reservation = found.finding.reservation
            audience = discrepancy_audience(found.name.party, reservation.party if reservation else None)
            if views_of(self.by.party, self.by.roles, audience):
                return found
        raise DiscrepancyUnknown(discrepancy=str(self.name))

    def _corrected(self, desk: Desk, discrepancy: Discrepancy) -> State | None:
        """Correct the reservation where that is asked, and give its state."""
        named = discrepancy.finding.reservation
        reservation = None if named is None else desk.get(RESERVATIONS, named.reservation)
        if self.corrected_state is None:
            return None if reservation is None else reservation.state
        if reservation is None:
            raise CorrectionNotPossible(reservation="none", state="none", corrected=self.corrected_state)
        outcome = decide(reservation, Correct(self.corrected_state, self.claim_reference), now=desk.now)
        keep(desk, outcome)
        mend(desk, str(reservation.bank), linked=self.connected)
        return outcome.reservation.state

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Settled:
        """Give it as it was settled."""
        state = answer["state"]
        return Settled(discrepancy_before(desk, answer), None if state is None else State(state))
