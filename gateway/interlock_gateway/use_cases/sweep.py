"""The sweep: finds the reservations whose clock has run out and submits what follows, as a command like any other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from interlock_gateway.domain.errors import Refusal, StoreUnavailable
from interlock_gateway.ports import Clock, ShelfFailure
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.lapses import LapseDue

MOST_AT_ONCE: Final = 200
"""Lapses submitted together: few enough that calls of people do not wait for them."""

log = logging.getLogger(__name__)


class DueReservations(Protocol):
    """Where due reservations are found."""

    async def due(self, now: datetime, most: int, /) -> Sequence[str]:
        """Ids of reservations that a clock has run out for, the longest due first."""
        ...


async def sweep(committer: Committer, where: DueReservations, *, now: datetime) -> int:
    """Carry out all that is due.

    Returns:
        How many lapsed.
    """
    lapsed = 0
    while ids := await where.due(now, MOST_AT_ONCE):
        outcomes = await committer.submit_all([LapseDue(each) for each in ids])
        done = sum(outcome is True for outcome in outcomes)
        lapsed += done
        if done < len(ids):
            # Somebody was faster, or the domain refuses what the index says is due; the next sweep looks again.
            break
    return lapsed


async def sweep_for_ever(committer: Committer, where: DueReservations, *, clock: Clock, every_s: float = 1.0) -> None:
    """Sweep again and again; the task's own end is being cancelled."""
    while True:
        try:
            await sweep(committer, where, now=clock.now())
        except (Refusal, ShelfFailure) as failure:
            level = logging.WARNING if isinstance(failure, StoreUnavailable | ShelfFailure) else logging.ERROR
            log.log(level, "the sweep will be tried again: %s", failure)
        await asyncio.sleep(every_s)
