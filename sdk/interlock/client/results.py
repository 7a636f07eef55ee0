"""Answers that carry rights just made. All else is the contract's own messages (docs/decisions/0060)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from interlock.client.words import word
from interlock.errors import Refused
from interlock.v1.reservation_pb2 import ACT_DEPOSIT, ACT_RECALL, Effect, Grant, Reservation, ReservationState


@dataclass(frozen=True, slots=True, repr=False)
class Reserved:
    """A reservation with the rights that came with it.

    Attributes:
        reservation: The reservation, as the carrier sees it.
        grants: The rights. Secrets: they show in no ``repr``.
        allocation_version: The bank's count of decisions on its capacity, after this one; 0 where it says none.
    """

    reservation: Reservation
    grants: tuple[Grant, ...]
    allocation_version: int = 0

    def __repr__(self) -> str:
        """Show which reservation it is, and nothing of its people and secrets."""
        return f"Reserved({self.name!r}, {word(ReservationState.DESCRIPTOR, self.reservation.state)})"

    @property
    def name(self) -> str:
        """``parties/{carrier}/reservations/{id}``; empty where it was only asked whether it would fit."""
        return self.reservation.name

    @property
    def pin(self) -> str:
        """The collector's PIN, 8 digits, to be passed on when the parcel is deposited; empty while held."""
        return next((grant.pin for grant in self.grants if grant.pin), "")

    @property
    def deposit_token(self) -> str:
        """The depositor's access token, to be shown as a QR code (``interlock.qr.DEPOSIT``); empty while held."""
        return self._token(ACT_DEPOSIT)

    @property
    def recall_token(self) -> str:
        """The access token to take the parcels back (``interlock.qr.RIGHT``); empty unless recalled."""
        return self._token(ACT_RECALL)

    def _token(self, act: int) -> str:
        return next((grant.access_token for grant in self.grants if grant.act == act and grant.access_token), "")

    @classmethod
    def of(cls, reservation: Reservation, grants: Iterable[Grant], allocation_version: int = 0) -> Reserved:
        """Take them from an answer."""
        return cls(reservation, tuple(grants), allocation_version)


@dataclass(frozen=True, slots=True)
class CancelledReservation:
    """A reservation given back.

    Attributes:
        reservation: The reservation.
        effect: When the bank honours the revocation of the rights that were given.
    """

    reservation: Reservation = field(repr=False)
    effect: Effect.ValueType


@dataclass(frozen=True, slots=True)
class Revoked:
    """A right ended before its time.

    Attributes:
        effect: When the bank honours it.
        grants: The new right to a deposited parcel, unless it is suspended.
    """

    effect: Effect.ValueType
    grants: tuple[Grant, ...] = field(repr=False)


Outcome = Reserved | Refused
"""What became of one item of a batch. A refusal is returned, not raised: the others stand."""
