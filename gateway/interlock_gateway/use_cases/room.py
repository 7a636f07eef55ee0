"""What room a bank has for what a search asks: from its summary where that says enough, else from its plan (CAP-12).

A summary tells what fits as all is planned now. Three or more is AVAILABLE, whatever moves could add; fewer, and only
the planner knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from interlock_gateway.domain.capacity import (
    Availability,
    Kind,
    Need,
    Plan,
    SizeClass,
    count_free,
    free_in,
    kinds_in,
    serves,
    stale_from,
)
from interlock_gateway.domain.capacity.availability import FEW_AT_MOST
from interlock_gateway.use_cases.searching import Room

ENOUGH = FEW_AT_MOST + 1
"""From so many on, everybody is told the same."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time for which room is asked, in unix seconds, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What is told as one class.

    Attributes:
        size_class: The class.
        needs: Room for any of these is room; no compartment serves two of them.
    """

    size_class: SizeClass
    needs: tuple[Need, ...]


def wishes(need: Need | None, kinds: Sequence[Kind], *, class_said: bool) -> tuple[Wish, ...]:
    """Say which classes are told of a bank; none when it could not take the parcels at all.

    Args:
        need: What is asked; ``None``: any compartment, so each class of the bank is told, in all its climates.
        kinds: Those of which the bank sells doors.
        class_said: The class of ``need`` is the caller's; else the smallest that the bank has is told.
    """
    if need is not None:
        serving = [kind.size_class for kind in kinds if serves(kind, need)]
        if not serving:
            return ()
        return (Wish(need.size_class if class_said else min(serving), (need,)),)
    climates = sorted({kind.climate for kind in kinds})
    sizes = [size for size, _ in groupby(sorted(kind.size_class for kind in kinds))]
    return tuple(Wish(size, tuple(Need(size, climate) for climate in climates)) for size in sizes)


def kinds_for_sale(summary: bytes) -> tuple[Kind, ...]:
    """Name the kinds of which a bank sells doors."""
    return tuple(kind for kind, doors in kinds_in(summary) if doors)


def kinds_of(plan: Plan) -> tuple[Kind, ...]:
    """Name the same from the plan."""
    return tuple(kind for kind, doors in zip(plan.layout.kinds, plan.layout.for_sale, strict=True) if doors)


def room_in(summary: bytes, wish: Wish, span: Span, *, counted: bool) -> Room | None:
    """Answer from the summary; ``None``: only the plan can tell.

    Args:
        summary: Not stale, see ``holds``.
        wish: What is told as one.
        span: For when.
        counted: The caller may know the number.
    """
    free = sum(free_in(summary, need, span.start, span.end) for need in wish.needs)
    return _room(wish, free, counted=counted) if free >= ENOUGH else None


def room_of(plan: Plan, wish: Wish, span: Span, *, linked: bool, counted: bool) -> Room:
    """Answer from the plan, as ``admit`` would decide.

    Args:
        plan: As of now.
        wish: What is told as one.
        span: For when.
        linked: The bank is connected, so that others can be moved.
        counted: The caller may know the number.
    """
    direct = sum(plan.free(need, span.start, span.end) for need in wish.needs)
    if direct >= ENOUGH:
        return _room(wish, direct, counted=counted)
    free = sum(count_free(plan, need, span.start, span.end, most=ENOUGH, linked=linked) for need in wish.needs)
    return _room(wish, free, counted=counted)


def holds(summary: bytes, now: int) -> bool:
    """Say whether there is a summary and it still holds: no commitment's end has passed since (CAP-11)."""
    return bool(summary) and now < stale_from(summary)


def _room(wish: Wish, free: int, *, counted: bool) -> Room:
    some = Availability.FEW if free <= FEW_AT_MOST else Availability.AVAILABLE
    said = some if free else Availability.NONE
    return Room(wish.size_class, said, free if counted else None)
