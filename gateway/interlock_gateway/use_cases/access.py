"""Access: rights given again, given anew, or ended before their time (RES-26 to RES-29, ACC-30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock_gateway.domain.bank import Bank, Capability, Input
from interlock_gateway.domain.errors import CapabilityNotSupported
from interlock_gateway.domain.events import ReservationEventKind
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.life.outcome import changed
from interlock_gateway.domain.reservation import HandOver, Reservation
from interlock_gateway.domain.rights import Form, withdraw
from interlock_gateway.use_cases.carrying_out import OnReservation
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.grants import give_right, seeds, with_another_pin
from interlock_gateway.use_cases.keeping import bank_named, keep, reservation_named
from interlock_gateway.use_cases.network import Network
from interlock_gateway.use_cases.promise import Promised, answer_with, people_of, promised_before


@dataclass(frozen=True, slots=True)
class AccessGiven:
    """A right in a form, or the end of one.

    Attributes:
        promised: The reservation with its rights, as committed.
        act: Which right.
        form: In which form it was asked for.
        given: Whether there is a right to hand out: not after a revocation that gave none.
        replaced: Another series or another PIN than before.
        manifest_number: What the bank has acknowledged once it knows of this.
    """

    promised: Promised
    act: Act
    form: Form
    given: bool
    replaced: bool
    manifest_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAccess(OnReservation):
    """Give a right in a form.

    Attributes:
        act: What to allow.
        form: Token or PIN; a PIN for the right to collect alone.
        replace: Retire what was given before.
        network: Whose key derives the PIN.
    """

    act: Act
    form: Form
    replace: bool
    network: Network

    def decide(self, desk: Desk) -> AccessGiven:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
            WrongState: The act is not open in this state.
            CapabilityNotSupported: The bank cannot take this form.
            SeriesExhausted: It was replaced too often.
        """
        before = reservation_named(desk, self.name, etag=self.etag)
        bank = bank_named(desk, before.bank)
        _takes_form(bank, self.act, self.form)
        book = desk.book(str(before.bank))
        earlier = before.right(self.act)
        after, right = give_right(desk, book, before, self.act, anew=self.replace)
        replaced = earlier is not None and right.series != earlier.series
        if replaced and self.act is Act.COLLECT:
            # One right, one series: with it the PIN changes too, or the one that was to be retired would live on.
            after = with_another_pin(desk, book, self.network, after)
        return _given(desk, bank, before, after, act=self.act, form=self.form, replaced=replaced)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> AccessGiven:
        """Give the first answer again."""
        return _given_before(desk, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeAccess(OnReservation):
    """End a right before its time; a deposited parcel is never locked in by it.

    Attributes:
        act: Which right.
        suspend: Give no new right to a deposited parcel.
        reason: Why not.
        network: Whose key derives the new PIN.
    """

    act: Act
    suspend: bool
    reason: str
    network: Network

    def decide(self, desk: Desk) -> AccessGiven:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
            WrongState: There is no such right.
            SuspendReasonRequired: A suspension without a reason.
        """
        before = reservation_named(desk, self.name, etag=self.etag)
        bank = bank_named(desk, before.bank)
        book = desk.book(str(before.bank))
        after, right = withdraw(
            before, self.act, suspend=self.suspend, reason=self.reason, seeds=seeds(desk, book), now=desk.now
        )
        if right is not None and self.act is Act.COLLECT:
            after = with_another_pin(desk, book, self.network, after)
        return _given(desk, bank, before, after, act=self.act, form=Form.TOKEN, replaced=True, given=right is not None)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> AccessGiven:
        """Give the first answer again."""
        return _given_before(desk, answer)


def _takes_form(bank: Bank, act: Act, form: Form) -> None:
    """Refuse a form that the bank cannot take.

    Raises:
        CapabilityNotSupported: No way to type a PIN, no right but the collector's as a PIN, or no door of ours.
    """
    if bank.hand_over is HandOver.INTO_NETWORK and act is Act.DEPOSIT:
        raise CapabilityNotSupported(bank=str(bank.name), capability=Capability.TOKEN)
    if form is Form.PIN and (act is not Act.COLLECT or Input.KEYPAD not in bank.inputs):
        raise CapabilityNotSupported(bank=str(bank.name), capability=Capability.PIN)


def _given(
    desk: Desk,
    bank: Bank,
    before: Reservation,
    after: Reservation,
    *,
    act: Act,
    form: Form,
    replaced: bool,
    given: bool = True,
) -> AccessGiven:
    """Keep what changed, if anything did, and have it remembered."""
    outcome = changed(before, after, ReservationEventKind.ACCESS_CHANGED, now=desk.now)
    reservation = outcome.reservation
    book = keep(desk, outcome) if outcome.events else desk.book(str(before.bank))
    desk.remember(
        {
            "name": str(reservation.name),
            "revision": reservation.revision,
            "allocation_version": book.version,
            "act": act,
            "form": form,
            "given": given,
            "replaced": replaced,
            "manifest_number": book.manifest_number,
        }
    )
    return AccessGiven(
        answer_with(desk, reservation, bank, book.version, people_of(desk, reservation)),
        act,
        form,
        given,
        replaced,
        book.manifest_number,
    )


def _given_before(desk: Desk, answer: Mapping[str, Any]) -> AccessGiven:
    return AccessGiven(
        promised_before(desk, answer),
        Act(answer["act"]),
        Form(answer["form"]),
        answer["given"],
        answer["replaced"],
        answer["manifest_number"],
    )
