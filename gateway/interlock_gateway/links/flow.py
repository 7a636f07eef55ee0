"""Which manifest change goes down next: one at a time, each answered before the next (LNK-30 to LNK-34). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

NOTHING = 0


class Version(NamedTuple):
    """A manifest's version; compares as a pair."""

    era: int
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """A change to be sent.

    Attributes:
        start: The version that the bank holds; ``None`` for a snapshot.
    """

    start: Version | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Where a bank's manifest stands.

    Attributes:
        held: What the bank has said that it holds.
        under_way: What was sent and is not answered.
        snapshot: The next one is a snapshot, whatever the bank holds.
        refused: A change that the bank refused; nothing is sent until there is a later one.
    """

    held: Version
    under_way: Version | None = None
    snapshot: bool = False
    refused: Version | None = None

    def next(self, wanted: Version) -> Step | None:
        """Say what to send so that the bank comes to ``wanted``; ``None`` while it must not be sent anything."""
        if self.under_way is not None or self.held == wanted or (self.refused is not None and wanted <= self.refused):
            return None
        if self.snapshot or self.held.era != wanted.era or not NOTHING < self.held.number < wanted.number:
            return Step(None)
        return Step(self.held)

    def sent(self, to: Version) -> Flow:
        """A change was sent."""
        return replace(self, under_way=to)

    def applied(self, to: Version, held: Version) -> Flow:
        """The bank has applied a change, durably."""
        return self if to != self.under_way else Flow(held)

    def needs_snapshot(self, to: Version, held: Version) -> Flow:
        """The bank does not hold what the change starts from."""
        return self if to != self.under_way else Flow(held, snapshot=True)

    def was_refused(self, to: Version, held: Version) -> Flow:
        """The bank refused a change, and keeps what it held."""
        return self if to != self.under_way else Flow(held, refused=to, snapshot=True)
