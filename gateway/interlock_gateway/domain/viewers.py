"""Who may see what: the viewers of each resource, and in whose view (PTY-5, PTY-10).

The default is no. The store's reads carry the same rule in their WHERE; these functions are what it is tested against,
and what fixes the audience of each event.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import auto
from typing import Final

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

EVERY_PARTY: Final = "**"
"""Stands for every registered party, for what is public."""


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """One row of an event's audience: who reads it, and with which fields.

    Attributes:
        party: Party id, ``ANY_NETWORK_OWNER`` or ``EVERY_PARTY``.
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


def bank_audience(operator: str, host: str | None, *, listed: bool) -> tuple[Audience, ...]:
    """Give the viewers of a bank (BNK-3).

    Args:
        operator: Party id of its operator.
        host: Party id of its host, or ``None``.
        listed: Its ``bookable_by`` is ALL and its life has begun, so it stands in everybody's directory.
    """
    rows = [Audience(operator, View.OPERATOR)]
    if host is not None:
        rows.append(Audience(host, View.HOST))
    rows.append(Audience(ANY_NETWORK_OWNER, View.NETWORK))
    if listed:
        rows.append(Audience(EVERY_PARTY, View.PUBLIC))
    return tuple(rows)


def discrepancy_audience(operator: str, carrier: str | None) -> tuple[Audience, ...]:
    """Give the viewers of a discrepancy or a receipt: the operator, the carrier named, the network owner (PTY-5)."""
    rows = [Audience(operator, View.OPERATOR)]
    if carrier is not None:
        rows.append(Audience(carrier, View.CARRIER))
    rows.append(Audience(ANY_NETWORK_OWNER, View.NETWORK))
    return tuple(rows)


_WIDEST_FIRST: Final = (View.CARRIER, View.OPERATOR, View.NETWORK, View.HOST, View.PUBLIC)


def views_of(party: str, audience: tuple[Audience, ...], *, network_owner: bool = False) -> tuple[View, ...]:
    """Give the views in which ``party`` sees a resource, widest first; empty when it must not know that it exists.

    A party of several capacities sees the fields of all of them together.

    Args:
        party: Party id of the caller.
        audience: Of the resource.
        network_owner: The caller has that role.
    """
    stands_for = {party, EVERY_PARTY} | ({ANY_NETWORK_OWNER} if network_owner else set())
    mine = {row.view for row in audience if row.party in stands_for}
    return tuple(view for view in _WIDEST_FIRST if view in mine)
