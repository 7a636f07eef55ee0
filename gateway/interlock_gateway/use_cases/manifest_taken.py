"""The bank has acknowledged a manifest: what it says is so at the bank from now on (CAP-7, CAP-11, LNK-33)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from interlock_gateway.domain.claims import free, replan
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.rights import acknowledged
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANK_LINKS, DOORS, RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.doors import Lent
from interlock_gateway.use_cases.keeping import keep
from interlock_gateway.use_cases.open_link import held_link


@dataclass(frozen=True, slots=True)
class Sent:
    """What a change said of a reservation.

    Attributes:
        reservation: Its id.
        moving: Its planned kind was one to which it is being moved, by the code of the kind; ``None`` otherwise.
        ended: Series of each right that the change revoked, by act.
    """

    reservation: str
    moving: int | None = None
    ended: tuple[tuple[Act, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestTaken:
    """Note what the bank has applied.

    Attributes:
        bank: The bank's name.
        epoch: Of the link.
        era: Of the version that it holds now.
        number: The same.
        sent: What the change said.
    """

    bank: str
    epoch: int
    era: int
    number: int
    sent: tuple[Sent, ...] = ()
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the link, and for what moved or ended."""
        wanted.values.update({At(BANK_LINKS, self.bank), At(DOORS, self.bank)})
        wanted.values.update(At(RESERVATIONS, each.reservation) for each in self._telling())
        wanted.books.add(self.bank)

    def decide(self, desk: Desk) -> None:
        """Decide.

        Raises:
            LinkSuperseded: Another link of the bank is the latest.
        """
        link = held_link(desk, self.bank, self.epoch)
        desk.put(BANK_LINKS, replace(link, held_era=self.era, held_number=self.number, last_heard_time=desk.now))
        self._headroom(desk)
        sent = {each.reservation: each for each in self._telling()}
        for before in desk.get_all(RESERVATIONS, sent):
            after = _ended(before, sent[before.name.reservation].ended)
            moved = after.moving_to is not None and after.moving_to.code == sent[before.name.reservation].moving
            if moved and after.moving_to is not None:
                outcome = replan(after, after.moving_to, acknowledged=True, now=desk.now)
            else:
                outcome = free(after, now=desk.now)
            if outcome.reservation != before:
                keep(desk, outcome)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> None:
        """Never remembered."""
        raise NotImplementedError

    def _telling(self) -> list[Sent]:
        """Those of which the acknowledgement changes something."""
        return [each for each in self.sent if each.moving is not None or each.ended]

    def _headroom(self, desk: Desk) -> None:
        doors = desk.get(DOORS, self.bank)
        if doors is None:
            return
        lent = tuple(_known(each, self.number) for each in doors.lent)
        if lent != doors.lent:
            after = replace(doors, lent=lent)
            desk.put(DOORS, after)
            desk.book(self.bank).refit(after.layout)


def _known(lent: Lent, number: int) -> Lent:
    known = lent.acknowledged_fence < lent.fence <= number
    # What it was lent before and is no longer, it cannot spend any more: that is for sale again (CAP-10).
    return replace(lent, acknowledged_fence=lent.fence, held=lent.count) if known else lent


def _ended(reservation: Reservation, ended: tuple[tuple[Act, int], ...]) -> Reservation:
    for act, series in ended:
        reservation = acknowledged(reservation, act, series)
    return reservation
