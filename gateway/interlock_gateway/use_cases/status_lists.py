"""Editions of a bank's status list: signed anew when something was revoked, or the last one grows old (ACC-40)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import STATUS_LISTS
from interlock_gateway.use_cases.bank_link import IssuedStatusList
from interlock_gateway.use_cases.desk import Desk

RENEWED_AFTER: Final = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStatusList:
    """Give the latest edition, and make a new one where that is out of date.

    Attributes:
        bank: The bank's name.
        era: Of the key set.
        revoked: Places that are revoked, in order.
        sign: Signs an edition of this number.
    """

    bank: str
    era: int
    revoked: tuple[int, ...]
    sign: Callable[[int], str]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the latest edition."""
        wanted.values.add(At(STATUS_LISTS, self.bank))

    def decide(self, desk: Desk) -> IssuedStatusList:
        """Decide."""
        held = desk.get(STATUS_LISTS, self.bank)
        current = held is not None and held.era == self.era
        if held is not None and current and held.revoked == self.revoked and desk.now < held.renew_time:
            return held
        number = held.number + 1 if held is not None and current else 1
        issued = IssuedStatusList(
            bank=self.bank,
            era=self.era,
            number=number,
            revoked=self.revoked,
            text=self.sign(number),
            renew_time=desk.now + RENEWED_AFTER,
        )
        desk.put(STATUS_LISTS, issued)
        return issued

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> IssuedStatusList:
        """Never remembered."""
        raise NotImplementedError
