"""What a fact means for a reservation, and the state that follows: the total table (RES-6 to RES-11).

A fact says that a parcel went in or out; whether it was the first or the last is read off the record. So a fact and
the record give a *happening*, and a state and a happening give the state that follows, with no pair left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto
from types import MappingProxyType
from typing import Final, NamedTuple

from interlock_gateway.domain.discrepancy import DiscrepancyKind
from interlock_gateway.domain.evidence import grace
from interlock_gateway.domain.facts import Evidence, Fact, FactKind, OpeningCause
from interlock_gateway.domain.reservation import ENDED_UNUSED, GONE, INSIDE, Reservation, State
from interlock_gateway.domain.words import Word


class Happening(Word):
    """A custody fact, as the record of one reservation sees it."""

    FIRST_DEPOSIT = auto()
    FURTHER_DEPOSIT = auto()
    FURTHER_COLLECT = auto()
    """Taken by the collector, and parcels remain."""
    LAST_COLLECT = auto()
    FURTHER_RECALL = auto()
    LAST_RECALL = auto()
    UNPROVEN = auto()
    """A collection or recall for which nothing speaks: the parcel counts as inside (EVD-8)."""
    REFUSED = auto()
    NOT_DEPOSITED = auto()
    OPENED = auto()
    OPENED_AGAIN = auto()
    """Within the grace after its door closed."""
    OPENED_UNASKED = auto()
    CLOSED = auto()
    LEFT_OPEN = auto()
    NOT_OPENED = auto()
    RIGHT_ENDED = auto()
    HEADROOM_SPENT = auto()
    COURIER_ERROR = auto()
    WITHDRAWN = auto()
    ITEM_FOUND = auto()
    IDENTIFIED = auto()
    MOVED = auto()
    HANDED_DOWN = auto()
    EXCURSION = auto()


class Step(NamedTuple):
    """What follows a happening.

    Attributes:
        state: The state after it.
        surprise: What the record did not foresee; ``None`` where it did.
    """

    state: State
    surprise: DiscrepancyKind | None = None


_S = State
_H = Happening
_D = DiscrepancyKind

_RIGHT_MAY_BE_OUT: Final = frozenset({_S.CONFIRMED}) | INSIDE | ENDED_UNUSED
"""A right still opens until the bank itself has applied its revocation (RES-10)."""
_ANYTHING_BUT_BEFORE: Final = _RIGHT_MAY_BE_OUT | GONE

KEEPS: Final[Mapping[Happening, frozenset[State]]] = MappingProxyType(
    {
        # Foreseen, and leaves the state as it is.
        _H.FURTHER_DEPOSIT: INSIDE,
        _H.FURTHER_COLLECT: INSIDE,
        _H.FURTHER_RECALL: INSIDE,
        _H.NOT_DEPOSITED: _RIGHT_MAY_BE_OUT,
        _H.OPENED: _RIGHT_MAY_BE_OUT,
        _H.OPENED_AGAIN: _ANYTHING_BUT_BEFORE,
        _H.CLOSED: _ANYTHING_BUT_BEFORE,
        _H.NOT_OPENED: _ANYTHING_BUT_BEFORE,
        _H.RIGHT_ENDED: _ANYTHING_BUT_BEFORE,
        _H.WITHDRAWN: _ANYTHING_BUT_BEFORE,
        _H.COURIER_ERROR: _ANYTHING_BUT_BEFORE,
        _H.HEADROOM_SPENT: _RIGHT_MAY_BE_OUT,
        _H.IDENTIFIED: INSIDE | GONE,
        _H.MOVED: INSIDE,
        _H.HANDED_DOWN: INSIDE,
    }
)

_MOVES: Final[Mapping[tuple[State, Happening], Step]] = MappingProxyType(
    {
        (_S.CONFIRMED, _H.FIRST_DEPOSIT): Step(_S.DEPOSITED),
        **{(state, _H.LAST_COLLECT): Step(_S.COLLECTED) for state in INSIDE},
        **{(state, _H.LAST_RECALL): Step(_S.RECALLED) for state in INSIDE},
        # "Leave it here": the clock stops, so what was overdue is overdue no longer.
        **{(state, _H.REFUSED): Step(_S.DEPOSITED) for state in INSIDE},
        # The bank did not know that the promise was over.
        **{
            (state, deposit): Step(_S.DEPOSITED, _D.UNEXPECTED_DEPOSIT)
            for state in ENDED_UNUSED
            for deposit in (_H.FIRST_DEPOSIT, _H.FURTHER_DEPOSIT)
        },
        # It went out, so it had come in: the deposit is inferred.
        **{
            (state, take): step
            for state in (_S.CONFIRMED, _S.CANCELLED, _S.EXPIRED)
            for take, step in (
                (_H.LAST_COLLECT, Step(_S.COLLECTED, _D.UNEXPECTED_COLLECT)),
                (_H.LAST_RECALL, Step(_S.RECALLED, _D.UNEXPECTED_RECALL)),
            )
        },
        # Out is out: whoever took the parcel first has it, and a later opening is for people to explain.
        **{
            (state, opening): Step(state, _D.FURTHER_OPENING)
            for state in GONE
            for opening in (_H.OPENED, _H.LAST_COLLECT, _H.LAST_RECALL)
        },
        # Whatever the state, these are for people.
        **{(state, _H.LEFT_OPEN): Step(state, _D.DOOR_LEFT_OPEN) for state in State},
        **{(state, _H.OPENED_UNASKED): Step(state, _D.UNEXPECTED_OPENING) for state in State},
        **{(state, _H.ITEM_FOUND): Step(state, _D.FOUND_ITEM) for state in State},
        **{(state, _H.ITEM_FOUND): Step(state, _D.NOT_EMPTY) for state in GONE},
        **{(state, _H.EXCURSION): Step(state, _D.CLIMATE_EXCURSION) for state in INSIDE},
    }
)

_TAKES_IN: Final = frozenset({_H.FIRST_DEPOSIT, _H.FURTHER_DEPOSIT})
_PARCELS_REMAIN: Final = frozenset({_H.FURTHER_COLLECT, _H.FURTHER_RECALL})


def _unforeseen(state: State, happening: Happening) -> Step:
    """The pairs that the protocol does not name: the parcel is where the fact says, and people are told (RES-8)."""
    if happening in _TAKES_IN or happening in _PARCELS_REMAIN:
        after = State.DEPOSITED
    elif happening is Happening.LAST_COLLECT:
        after = State.COLLECTED
    elif happening is Happening.LAST_RECALL:
        after = State.RECALLED
    else:
        after = state
    return Step(after, DiscrepancyKind.UNEXPECTED_FACT)


def _step(state: State, happening: Happening) -> Step:
    if state in KEEPS.get(happening, ()):
        return Step(state)
    return _MOVES.get((state, happening)) or _unforeseen(state, happening)


FACTS: Final[Mapping[tuple[State, Happening], Step]] = MappingProxyType(
    {(state, happening): _step(state, happening) for state in State for happening in Happening}
)
"""Total: every state and every happening. A fact is never refused."""


_PLAIN: Final = MappingProxyType(
    {
        FactKind.PARCEL_REFUSED: Happening.REFUSED,
        FactKind.NOT_DEPOSITED: Happening.NOT_DEPOSITED,
        FactKind.DOOR_CLOSED: Happening.CLOSED,
        FactKind.DOOR_LEFT_OPEN: Happening.LEFT_OPEN,
        FactKind.DOOR_NOT_OPENED: Happening.NOT_OPENED,
        FactKind.RIGHT_ENDED: Happening.RIGHT_ENDED,
        FactKind.HEADROOM_SPENT: Happening.HEADROOM_SPENT,
        FactKind.COURIER_ERROR_REPORTED: Happening.COURIER_ERROR,
        FactKind.COMPARTMENT_WITHDRAWN: Happening.WITHDRAWN,
        FactKind.ITEM_FOUND: Happening.ITEM_FOUND,
        FactKind.PARCEL_IDENTIFIED: Happening.IDENTIFIED,
        FactKind.PARCEL_MOVED: Happening.MOVED,
        FactKind.TENANCY_HANDED_DOWN: Happening.HANDED_DOWN,
        FactKind.CLIMATE_EXCURSION: Happening.EXCURSION,
    }
)
_CUSTODY: Final = frozenset({FactKind.PARCEL_DEPOSITED, FactKind.PARCEL_COLLECTED, FactKind.PARCEL_RECALLED})
_UNASKED: Final = frozenset({OpeningCause.UNEXPECTED, OpeningCause.LIFE_SAFETY})

CONCERNS_RESERVATIONS: Final = frozenset(_PLAIN) | _CUSTODY | {FactKind.DOOR_OPENED}
"""Fact kinds that can name a reservation. The others are about the bank and never reach ``record``."""


def happening(reservation: Reservation, fact: Fact) -> Happening:
    """Read a fact against the record: first, further or last, in the grace or past it.

    Args:
        reservation: The record as it is before the fact.
        fact: Of a kind in ``CONCERNS_RESERVATIONS``.

    Raises:
        KeyError: The fact is of a kind that names no reservation; the caller's mistake.
    """
    if fact.kind in _CUSTODY:
        return _custody(reservation, fact)
    if fact.kind is FactKind.DOOR_OPENED:
        return _opening(reservation, fact)
    return _PLAIN[fact.kind]


def _custody(reservation: Reservation, fact: Fact) -> Happening:
    inside = {parcel.number for parcel in reservation.inside}
    if fact.kind is FactKind.PARCEL_DEPOSITED:
        return Happening.FURTHER_DEPOSIT if inside else Happening.FIRST_DEPOSIT
    if fact.evidence is Evidence.NONE:
        return Happening.UNPROVEN
    if reservation.state in GONE and _in_grace(reservation, fact) and not _brings_news(reservation, fact):
        return Happening.OPENED_AGAIN
    remaining = inside - set(fact.parcels) if fact.parcels else set()
    if fact.kind is FactKind.PARCEL_COLLECTED:
        return Happening.FURTHER_COLLECT if remaining else Happening.LAST_COLLECT
    return Happening.FURTHER_RECALL if remaining else Happening.LAST_RECALL


def _brings_news(reservation: Reservation, fact: Fact) -> bool:
    """Whether the fact tells of a parcel whose coming in was never seen."""
    awaited = {parcel.number for parcel in reservation.parcels if parcel.awaited}
    return bool(awaited & set(fact.parcels))


def _in_grace(reservation: Reservation, fact: Fact) -> bool:
    removed = reservation.removal_time
    return removed is not None and fact.time < removed + grace(reservation.evidence)


def _opening(reservation: Reservation, fact: Fact) -> Happening:
    if fact.cause in _UNASKED:
        return Happening.OPENED_UNASKED
    again = fact.cause is OpeningCause.GRACE or _in_grace(reservation, fact)
    return Happening.OPENED_AGAIN if again else Happening.OPENED
