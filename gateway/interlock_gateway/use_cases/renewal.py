"""Signed documents that a bank must hear of again: a new key set, or a status list that grows old (ACC-40, ACC-65)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import STATUS_LISTS
from interlock_gateway.use_cases.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Renew:
    """Note that a bank must hear of its configuration again, with which the signed documents go.

    Attributes:
        bank: The bank's name.
        keys: The bank holds another key set than the network's latest.
    """

    bank: str
    keys: bool = False
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the latest status list and the book."""
        wanted.values.add(At(STATUS_LISTS, self.bank))
        wanted.books.add(self.bank)

    def decide(self, desk: Desk) -> bool:
        """Give whether there is something to be told."""
        issued = desk.get(STATUS_LISTS, self.bank)
        due = self.keys or (issued is not None and desk.now >= issued.renew_time)
        if due:
            desk.book(self.bank).tell_bank("")
        return due

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> bool:
        """Never remembered."""
        raise NotImplementedError
