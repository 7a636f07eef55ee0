"""A reservation's claim on capacity: what the planner must count, and when it may stop (CAP-11).

Time alone frees nothing. A right that may still work at the bank keeps its compartment until it is known that it no
longer can.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from interlock_gateway.domain.capacity.commitments import Commitment, Standing
from interlock_gateway.domain.capacity.kinds import Kind
from interlock_gateway.domain.events import ReservationEventKind
from interlock_gateway.domain.evidence import grace
from interlock_gateway.domain.facts import Act, Evidence
from interlock_gateway.domain.life.outcome import Outcome, changed
from interlock_gateway.domain.reservation import ENDED_UNUSED, GONE, INSIDE, Reservation, RightStatus, State

LATEST_CLOCK: Final = timedelta(seconds=900)
"""The most by which a bank's clock may be behind when it still accepts a token: past the end of a right and this, a
fact of its use can no longer come into being (RES-37)."""

_STANDING: Final = MappingProxyType(
    {State.HELD: Standing.HELD, State.CONFIRMED: Standing.CONFIRMED}
    | dict.fromkeys(INSIDE, Standing.DEPOSITED)
    | dict.fromkeys(ENDED_UNUSED, Standing.ENDING)
)


def commitment_of(reservation: Reservation) -> Commitment | None:
    """Give what the planner must count for ``reservation``; ``None`` when it counts no more.

    Nothing counts of what is only asked of a carried network, is out again, or has ended with its rights.
    """
    standing = _STANDING.get(reservation.state)
    if standing is None or reservation.kind is None or (standing is Standing.ENDING and freed(reservation)):
        return None
    return Commitment(
        id=reservation.name.reservation,
        need=reservation.need,
        kind=reservation.kind,
        start=int(reservation.window.start.timestamp()),
        end=_whole_second_after(reservation.commitment_end),
        standing=standing,
        token_out=reservation.right(Act.DEPOSIT) is not None,
        moving_to=reservation.moving_to,
        door=reservation.compartment if standing is Standing.DEPOSITED else None,
        since=int(reservation.create_time.timestamp()),
    )


def _whole_second_after(instant: datetime) -> int:
    """Round up: the planner counts whole seconds, and a commitment must not end before its own end."""
    return -int(-instant.timestamp() // 1)


def freed(reservation: Reservation) -> bool:
    """Whether an ended reservation can no longer be used at its bank, as far as its own record says."""
    deposit = reservation.right(Act.DEPOSIT)
    if reservation.capacity_freed or deposit is None:
        return True
    return deposit.ended_at_bank or deposit.status is RightStatus.SPENT


def free(
    reservation: Reservation, *, facts_until: datetime | None = None, written_off: bool = False, now: datetime
) -> Outcome:
    """Let the capacity of an ended reservation go, if what is known of the bank allows it (CAP-11).

    Args:
        reservation: Any; only one that has ended unused can have something to let go.
        facts_until: The bank has sent, and the gateway has acknowledged, all facts of before this instant.
        written_off: The operator has written the bank off.
        now: Instant of the decision.
    """
    if reservation.state not in ENDED_UNUSED or reservation.capacity_freed:
        return Outcome(reservation)
    deposit = reservation.right(Act.DEPOSIT)
    too_late = deposit is not None and facts_until is not None and facts_until >= deposit.expire_time + LATEST_CLOCK
    if not (written_off or too_late or freed(reservation)):
        return Outcome(reservation)
    after = replace(reservation, capacity_freed=True)
    return changed(reservation, after, ReservationEventKind.CAPACITY_FREED, now=now)


def replan(reservation: Reservation, kind: Kind, *, acknowledged: bool, now: datetime) -> Outcome:
    """Move a commitment to another kind of compartment (CAP-7).

    Args:
        reservation: Without a parcel inside.
        kind: The kind that it enters.
        acknowledged: The bank knows, or no token is out; otherwise the claim counts in both kinds until it does.
        now: Instant of the decision.
    """
    after = replace(reservation, kind=kind, moving_to=None) if acknowledged else replace(reservation, moving_to=kind)
    return changed(reservation, after, ReservationEventKind.REPLANNED, now=now)


def door_rests_until(reservation: Reservation) -> datetime | None:
    """Until when the door of a parcel that is out stays out of the plan, because its former right still opens it.

    ``None`` where a sensor saw the compartment empty, or nothing has been taken out (EVD-9).
    """
    if reservation.state not in GONE or reservation.removal_time is None or reservation.evidence is Evidence.SENSED:
        return None
    return reservation.removal_time + grace(reservation.evidence)
