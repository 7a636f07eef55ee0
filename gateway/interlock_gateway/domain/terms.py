"""Terms of time: when the depositor may come, how long the parcels may wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import auto

from interlock_gateway.domain.words import Word


class StayUnit(Word):
    """In what a stay is counted. Names as the cases of ``interlock.v1.CollectFor``."""

    HOURS = auto()
    WORKING_DAYS = auto()


@dataclass(frozen=True, slots=True)
class CollectFor:
    """How long parcels may wait for their collector, from the deposit on.

    Attributes:
        length: 1..2160 hours, or 1..60 working days of the bank's calendar.
        unit: Which of the two.
    """

    length: int
    unit: StayUnit = StayUnit.HOURS


@dataclass(frozen=True, slots=True)
class Window:
    """An interval of time ``[start, end)``, aware UTC."""

    start: datetime
    end: datetime

    def __contains__(self, instant: datetime) -> bool:
        """Say whether ``instant`` lies in it."""
        return self.start <= instant < self.end
