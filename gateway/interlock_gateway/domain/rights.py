"""Rights: which can be given when, until when, and how they end (RES-26 to RES-29, RES-35).

A right is (reservation, act). Token, PIN and re-issued token are forms of it, and the bank's ledger counts its use
once. The gateway's word on a right is not the bank's: until the bank has acknowledged, a revoked right still opens.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import auto
from types import MappingProxyType
from typing import Final

from interlock_gateway.domain.errors import SeriesExhausted, SuspendReasonRequired, WrongState
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.reservation import INSIDE, Reservation, Right, RightStatus, State
from interlock_gateway.domain.terms import Window
from interlock_gateway.domain.words import Word

MOST_SERIES: Final = 65_535
"""As far as a token can count; each replacement takes one step, and a bank believes steps of at most 1,000."""

LONG_AFTER: Final = timedelta(days=90)
"""A collect or recall token outlives the commitment by so much. While this bank holds the parcel, its end does not
count at all, unless the bank refuses overdue parcels (RES-35)."""
SESSION_LASTS: Final = timedelta(hours=12)
SERVICE_LASTS: Final = timedelta(minutes=15)

_GIVEN_FROM: Final[Mapping[Act, frozenset[State]]] = MappingProxyType(
    {
        Act.DEPOSIT: frozenset({State.CONFIRMED}),
        Act.COLLECT: frozenset({State.CONFIRMED}) | INSIDE,
        Act.RECALL: frozenset({State.OVERDUE}),
    }
)


class Form(Word):
    """A form of a right. Names as in ``interlock.v1.AccessForm``."""

    TOKEN = auto()
    PIN = auto()


class Effect(Word):
    """When a bank honours what was issued or revoked. Names as in ``interlock.v1.Effect``."""

    AT_BANK = auto()
    """The bank has acknowledged it."""
    PENDING = auto()
    """On its way; until then the old and the new may both work, and of a replaced PIN only the old one."""
    ON_PRESENTATION = auto()
    """Takes effect when the new token is first shown at the bank, without any connection."""


def may_be_given(reservation: Reservation, act: Act) -> bool:
    """Say whether a right to ``act`` can be given now (RES-27).

    Deposit: from CONFIRMED, and while further parcels are awaited beside those inside. Collect: from CONFIRMED on,
    until the parcels are out. Recall: from OVERDUE, or once it was asked for.
    """
    if reservation.state in _GIVEN_FROM[act]:
        return True
    if reservation.state not in INSIDE:
        return False
    if act is Act.DEPOSIT:
        return any(parcel.awaited for parcel in reservation.parcels)
    return reservation.recall_requested


def expiry(reservation: Reservation, act: Act) -> datetime:
    """The ``exp`` of a token for ``act`` (RES-35)."""
    if act is Act.DEPOSIT:
        return reservation.window.end
    return reservation.commitment_end + LONG_AFTER


@dataclass(frozen=True, slots=True)
class Seeds:
    """What a new token needs from outside.

    Attributes:
        jti: 96 random bits, 16 characters base64url.
        status_index: The next free place in the network's status list.
    """

    jti: str
    status_index: int


def first_rights(
    window: Window, commitment_end: datetime, *, deposit: Seeds, collect: Seeds, now: datetime
) -> tuple[Right, Right]:
    """Give the rights that a promise comes with: to deposit, and to collect (RES-27).

    The right to collect is given now and not at the deposit, because the depositor's token carries it to a bank that
    was never told of the reservation.
    """
    return (
        Right(
            act=Act.DEPOSIT,
            series=0,
            jti=deposit.jti,
            status_index=deposit.status_index,
            issue_time=now,
            expire_time=window.end,
        ),
        Right(
            act=Act.COLLECT,
            series=0,
            jti=collect.jti,
            status_index=collect.status_index,
            issue_time=now,
            expire_time=commitment_end + LONG_AFTER,
        ),
    )


def give(
    reservation: Reservation, act: Act, *, seeds: Seeds, now: datetime, anew: bool = False
) -> tuple[Reservation, Right]:
    """Give a right, or the one given before: the same right may be asked for in one form after another.

    Args:
        reservation: As it is.
        act: What to allow.
        seeds: Used when the right is given for the first time or anew; otherwise left for the next.
        now: Instant of the request.
        anew: Retire what was given before, by a higher series. A right that was revoked, suspended or spent is
            always given anew, because at the bank its series may have ended.

    Raises:
        WrongState: The act is not open from this state.
        SeriesExhausted: It was replaced 65,535 times.
    """
    if not may_be_given(reservation, act):
        raise WrongState(reservation=str(reservation.name), state=reservation.state, command=f"ISSUE_{act}")
    before = reservation.right(act)
    if before is not None and before.status is RightStatus.LIVE and not anew:
        return reservation, before
    series = 0 if before is None else before.series + 1
    if series > MOST_SERIES:
        raise SeriesExhausted(reservation=str(reservation.name), act=act)
    right = Right(
        act=act,
        series=series,
        jti=seeds.jti,
        status_index=seeds.status_index,
        issue_time=now,
        expire_time=expiry(reservation, act),
    )
    return with_right(reservation, right), right


def with_right(reservation: Reservation, right: Right) -> Reservation:
    """Keep ``right`` in the place of the one of its act, in the order of the acts."""
    others = {each.act: each for each in reservation.rights} | {right.act: right}
    return replace(reservation, rights=tuple(others[act] for act in Act if act in others))


def revoked(reservation: Reservation, acts: Collection[Act]) -> Reservation:
    """End the rights to ``acts`` on the gateway's part; the bank follows when it has heard of it (RES-10)."""
    return _ended(reservation, dict.fromkeys(acts, RightStatus.REVOKED))


def spent(reservation: Reservation, *, by: Act | None) -> Reservation:
    """End all rights because nothing is inside any more.

    Args:
        reservation: Whose parcels are out.
        by: The act that took the last parcel, whose right was used; ``None`` where none was.
    """
    return _ended(reservation, {act: RightStatus.SPENT if act is by else RightStatus.REVOKED for act in Act})


def used(reservation: Reservation, act: Act) -> Reservation:
    """End one right because it has done all that it could."""
    return _ended(reservation, {act: RightStatus.SPENT})


def _ended(reservation: Reservation, ends: Mapping[Act, RightStatus]) -> Reservation:
    rights = tuple(
        replace(right, status=ends[right.act])
        if right.act in ends and right.status in {RightStatus.LIVE, RightStatus.SUSPENDED}
        else right
        for right in reservation.rights
    )
    return replace(reservation, rights=rights)


def restored(reservation: Reservation, act: Act) -> Reservation:
    """Take back a revocation that the bank has not carried out: the parcel is in and must not be locked in (RES-29)."""
    rights = tuple(
        replace(right, status=RightStatus.LIVE)
        if right.act is act and right.status is RightStatus.REVOKED and not right.ended_at_bank
        else right
        for right in reservation.rights
    )
    return replace(reservation, rights=rights)


def acknowledged(reservation: Reservation, act: Act, series: int) -> Reservation:
    """Note that at the bank the right to ``act`` opens nothing any more, up to and including ``series``."""
    rights = tuple(
        replace(right, ended_at_bank=True) if right.act is act and right.series <= series else right
        for right in reservation.rights
    )
    return replace(reservation, rights=rights)


def withdraw(
    reservation: Reservation, act: Act, *, suspend: bool, reason: str, seeds: Seeds, now: datetime
) -> tuple[Reservation, Right | None]:
    """End a right before its time, without locking a parcel in (RES-29).

    Args:
        reservation: As it is.
        act: Of the right to be ended.
        suspend: Give no new right to a deposited parcel.
        reason: Why not; required with ``suspend``.
        seeds: For the new right.
        now: Instant of the request.

    Returns:
        The reservation, and the new right to a deposited parcel, if one is given.

    Raises:
        WrongState: There is no such right.
        SuspendReasonRequired: A suspension without a reason.
        SeriesExhausted: It was replaced 65,535 times.
    """
    right = reservation.right(act)
    if right is None or right.status not in {RightStatus.LIVE, RightStatus.SUSPENDED}:
        raise WrongState(reservation=str(reservation.name), state=reservation.state, command=f"REVOKE_{act}")
    if suspend:
        if not reason.strip():
            raise SuspendReasonRequired(field="reason")
        return with_right(reservation, replace(right, status=RightStatus.SUSPENDED)), None
    if act is Act.COLLECT and reservation.state in INSIDE:
        return give(reservation, act, seeds=seeds, now=now, anew=True)
    return revoked(reservation, {act}), None


def effect_of_giving(*, form: Form, replaced: bool, acknowledged: bool) -> Effect:
    """Say when the bank honours a right that was given (RES-36).

    A token brings its own news: shown at the bank it is believed, and retires lower series. A first PIN travels in
    the depositor's token. A *replaced* PIN works only once the bank knows of it.
    """
    if acknowledged:
        return Effect.AT_BANK
    return Effect.PENDING if form is Form.PIN and replaced else Effect.ON_PRESENTATION


def effect_of_ending(*, acknowledged: bool) -> Effect:
    """Say when the bank honours the end of a right: only when it has heard of it (RES-36)."""
    return Effect.AT_BANK if acknowledged else Effect.PENDING
