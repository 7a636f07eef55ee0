"""Who may see what: the viewers of each resource, and in whose view (PTY-5, PTY-10).

The default is no. The store's reads carry the same rule in their WHERE; these functions are what it is tested against,
and what fixes the audience of each event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import auto
from typing import Final

from interlock_gateway.domain.bank import Bank, BookableByMode
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.words import Word


class View(Word):
    """In which capacity a party looks; it fixes the fields. Names as in ``interlock.v1.Audience``."""

    CARRIER = auto()
    OPERATOR = auto()
    HOST = auto()
    NETWORK = auto()
    PUBLIC = auto()


ANY_NETWORK_OWNER: Final = "*"
"""Stands for every party of the role NETWORK_OWNER: they come and go, the rows of the log do not."""

ANY_CARRIER: Final = "**"
"""Stands for every party of the role CARRIER: a bank bookable by all stands in every carrier's directory."""


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """One row of an event's audience: who reads it, and with which fields.

    Attributes:
        party: Party id, ``ANY_NETWORK_OWNER`` or ``ANY_CARRIER``.
        view: Which fields.
    """

    party: str
    view: View


def audience_of(reservation: Reservation) -> tuple[Audience, ...]:
    """Give the viewers of a reservation: its carrier, its bank's operator and host, the network owner (PTY-5).

    A party in two capacities has two rows, see ``views_of``.
    """
    rows = [Audience(reservation.carrier, View.CARRIER), Audience(reservation.operator, View.OPERATOR)]
    if reservation.host is not None:
        rows.append(Audience(reservation.host, View.HOST))
    rows.append(Audience(ANY_NETWORK_OWNER, View.NETWORK))
    return tuple(rows)


def bank_audience(bank: Bank, *, carriers: Iterable[str] = ()) -> tuple[Audience, ...]:
    """Give the viewers of a bank; for everybody else it does not exist (BNK-3).

    Args:
        bank: The bank.
        carriers: Party ids of the carriers that have, or have had, a reservation there.
    """
    rows = [Audience(bank.operator, View.OPERATOR)]
    if bank.host is not None:
        rows.append(Audience(bank.host, View.HOST))
    rows.append(Audience(ANY_NETWORK_OWNER, View.NETWORK))
    if bank.bookable_by.mode is BookableByMode.ALL:
        return (*rows, Audience(ANY_CARRIER, View.PUBLIC))
    listed = set(bank.bookable_by.parties) if bank.bookable_by.mode is BookableByMode.LIST else set()
    return (*rows, *(Audience(carrier, View.PUBLIC) for carrier in sorted(listed | set(carriers))))


def discrepancy_audience(operator: str, carrier: str | None) -> tuple[Audience, ...]:
    """Give the viewers of a discrepancy or a receipt: the operator, the carrier named, the network owner (PTY-5)."""
    rows = [Audience(operator, View.OPERATOR)]
    if carrier is not None:
        rows.append(Audience(carrier, View.CARRIER))
    rows.append(Audience(ANY_NETWORK_OWNER, View.NETWORK))
    return tuple(rows)


_WIDEST_FIRST: Final = (View.CARRIER, View.OPERATOR, View.NETWORK, View.HOST, View.PUBLIC)


def views_of(party: str, roles: Collection[Role], audience: Iterable[Audience]) -> tuple[View, ...]:
    """Give the views in which a party sees a resource, widest first; empty when for it there is none.

    A party of several capacities sees the fields of all of them together.

    Args:
        party: Party id of the caller.
        roles: What the caller is.
        audience: Of the resource.
    """
    names = {party}
    if Role.NETWORK_OWNER in roles:
        names.add(ANY_NETWORK_OWNER)
    if Role.CARRIER in roles:
        names.add(ANY_CARRIER)
    mine = {row.view for row in audience if row.party in names}
    return tuple(view for view in _WIDEST_FIRST if view in mine)
