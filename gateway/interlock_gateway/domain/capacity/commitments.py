"""Commitments: each reservation's claim on one kind of compartment for its whole window (CAP-3).

Instants are whole unix seconds: a decision compares hundreds of them, and an aware ``datetime`` takes ten times as
long to compare. The end of an interval is exclusive.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from interlock_gateway.domain.capacity.kinds import Kind, Need

NO_END: Final = 1 << 62
"""The end of what has none: a parcel not proven out, a door out of service until further notice. A row's NULL."""


class Standing(IntEnum):
    """How firmly a commitment stands; the order is that in which commitments lose when a door is lost (CAP-14)."""

    ENDING = 0
    """Nothing is promised any more, but a right to deposit may still work at the bank, so it counts (CAP-11)."""
    HELD = 1
    """A hold: gives no right yet."""
    CONFIRMED = 2
    """A promise."""
    DEPOSITED = 3
    """A parcel lies there: it can be neither moved nor broken."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be admitted.

    Attributes:
        id: Key of the commitment that follows, unique at the bank.
        need: What the parcel asks for.
        start: Start of the deposit window.
        end: Latest collection end plus recall time; ``start < end``. See ``NO_END``.
        standing: ``HELD`` or ``CONFIRMED``.
        token_out: A deposit token naming the planned kind leaves with the answer.
        since: Instant of the promise; the latest loses first (CAP-14).
        floored: Stands on a carrier's allotment floor; loses last of its standing.
        group: Items of a batch with the same group are admitted together or not at all; empty for none.
    """

    id: str
    need: Need
    start: int
    end: int
    standing: Standing = Standing.CONFIRMED
    token_out: bool = True
    since: int = 0
    floored: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A claim that the plan counts.

    Attributes:
        id: The reservation's id, or the headroom spend's.
        need: What the parcel asks for.
        kind: Kind into which it is planned.
        start: Start of its window.
        end: End of its window; ``NO_END`` once a parcel is in and its collection is not proven by then. An end that
            has passed while the commitment still stands counts as none: time alone frees nothing (CAP-11).
        standing: How firmly it stands.
        token_out: A deposit token naming ``kind`` has left the gateway.
        moving_to: The kind to which it is being moved while the bank has not acknowledged; it counts in both (CAP-7).
        door: Label of the compartment in which its parcel lies; then that door's kind counts, whatever ``kind`` says.
        since: Instant of the promise.
        floored: Stands on a carrier's allotment floor.
    """

    id: str
    need: Need
    kind: Kind
    start: int
    end: int
    standing: Standing = Standing.CONFIRMED
    token_out: bool = True
    moving_to: Kind | None = None
    door: str | None = None
    since: int = 0
    floored: bool = False
