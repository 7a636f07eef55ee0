"""Collector groups: reservations of one carrier at one bank that share a PIN and a QR (RES-20).

The group is a subject of its own for PIN and token: with its members it has the PIN subject in common, and the id under
which the bank knows it.
"""

from __future__ import annotations

from dataclasses import dataclass


def key(carrier: str, bank: str, group: str) -> str:
    """Write the key of a group: the carrier's own word means something at one bank for one carrier only."""
    return f"{carrier}|{bank}|{group}"


@dataclass(frozen=True, slots=True)
class CollectorGroup:
    """What the members of a group share.

    Attributes:
        key: See ``key``.
        uid: 10 characters of ``[a-z2-7]``, the subject of the group's tokens and PIN at the bank (ACC-13).
        pin_subject: From which the PIN derives.
        pin_number: With which it derives.
        members: Ids of the reservations, in the order in which they joined.
    """

    key: str
    uid: str
    pin_subject: bytes
    pin_number: int
    members: tuple[str, ...] = ()
