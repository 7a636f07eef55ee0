"""Tokens that are no right of a reservation: a courier's session at a bank, a technician's access to one door (ACC-16).

What is drawn for them is remembered, so that a retry signs the same claims again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from interlock_gateway.domain.bank import Bank, Capability, Input
from interlock_gateway.domain.errors import BankUnknown, CapabilityNotSupported, CompartmentUnknown
from interlock_gateway.domain.ids import ID_BYTES, JTI_BYTES, jti, random_id
from interlock_gateway.domain.names import BankName, CompartmentName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANKS, DOORS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import bank_named


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a token needs that must be the same on every retry.

    Attributes:
        bank: The bank.
        id: An id of 16 characters, the subject of a visit.
        jti: The token's identifier.
        status_index: Its place in the bank's status list.
        time: When it was given.
    """

    bank: Bank
    id: str
    jti: str
    status_index: int
    time: datetime


def _draw(desk: Desk, bank: Bank) -> Drawn:
    drawn = Drawn(
        bank,
        random_id(desk.entropy.token_bytes(ID_BYTES)),
        jti(desk.entropy.token_bytes(JTI_BYTES)),
        desk.book(str(bank.name)).status_index(),
        desk.now,
    )
    desk.remember(
        {
            "bank": str(bank.name),
            "id": drawn.id,
            "jti": drawn.jti,
            "status_index": drawn.status_index,
            "time": drawn.time.isoformat(),
        }
    )
    return drawn


def _drawn_before(desk: Desk, answer: Mapping[str, Any]) -> Drawn:
    return Drawn(
        bank_named(desk, BankName.parse(answer["bank"])),
        answer["id"],
        answer["jti"],
        answer["status_index"],
        datetime.fromisoformat(answer["time"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCourierSession:
    """Admit a courier to the menu of a bank.

    Attributes:
        party: Party id, whose courier it is.
        bank: At which bank.
        request: Under what the outcome is remembered.
    """

    party: str
    bank: BankName
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank and its book."""
        wanted.values.add(At(BANKS, str(self.bank)))
        wanted.books.add(str(self.bank))

    def decide(self, desk: Desk) -> Drawn:
        """Decide.

        Raises:
            BankUnknown: There is none of this name for this party.
            CapabilityNotSupported: It has no scanner.
        """
        bank = bank_named(desk, self.bank)
        if self.party != bank.operator and self.party not in bank.bookable_by:
            raise BankUnknown(bank=str(self.bank))
        if Input.SCANNER not in bank.inputs:
            raise CapabilityNotSupported(bank=str(self.bank), capability=Capability.COURIER_SESSION)
        return _draw(desk, bank)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Drawn:
        """Give the first answer again."""
        return _drawn_before(desk, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueServiceAccess:
    """Let a technician open one compartment.

    Attributes:
        compartment: Which; its party is the caller.
        request: Under what the outcome is remembered.
    """

    compartment: CompartmentName
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank, its doors and its book."""
        bank = str(self.compartment.bank_name)
        wanted.values.update({At(BANKS, bank), At(DOORS, bank)})
        wanted.books.add(bank)

    def decide(self, desk: Desk) -> Drawn:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            CompartmentUnknown: It has no such compartment.
        """
        bank = bank_named(desk, self.compartment.bank_name)
        doors = desk.get(DOORS, str(bank.name))
        labels = () if doors is None else [door.label for door in doors.doors]
        if self.compartment.compartment not in labels:
            raise CompartmentUnknown(compartment=str(self.compartment))
        return _draw(desk, bank)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Drawn:
        """Give the first answer again."""
        return _drawn_before(desk, answer)
