"""Evacuation: two parties agree that compartments with other people's parcels are opened (BNK-14, BNK-21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import auto
from typing import Any, Final

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.errors import CompartmentUnknown, EvacuationUnknown, NotOwn, SecondPartyRequired
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.ids import ID_BYTES, random_id
from interlock_gateway.domain.life import commands
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.names import BankName, CompartmentName, EvacuationName
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.words import Word
from interlock_gateway.ports import At, Request, Viewer, Wanted
from interlock_gateway.use_cases.aggregates import BANKS, DOORS, EVACUATIONS, RESERVATIONS
from interlock_gateway.use_cases.compartments import doors_of
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.evacuated import Evacuation
from interlock_gateway.use_cases.grants import give_right
from interlock_gateway.use_cases.keeping import amended, bank_named, keep
from interlock_gateway.use_cases.whole import remember_whole, remembered_whole

LASTS: Final = timedelta(hours=1)
"""How long a wish waits for the second party."""


class EvacuationState(Word):
    """Where an evacuation stands. Names as in ``interlock.v1.EvacuationState``."""

    REQUESTED = auto()
    APPROVED = auto()
    FINISHED = auto()
    LAPSED = auto()


def state_of(evacuation: Evacuation, now: datetime) -> EvacuationState:
    """Say where an evacuation stands at ``now``; that nobody approved it in time changes nothing else."""
    if evacuation.finish_time is not None:
        return EvacuationState.FINISHED
    if evacuation.approved_by is not None:
        return EvacuationState.APPROVED
    return EvacuationState.REQUESTED if now < evacuation.expire_time else EvacuationState.LAPSED


def _may(bank: Bank, by: Viewer) -> None:
    """Let the operator, the host and the network owner pass.

    Raises:
        NotOwn: The caller is none of them.
    """
    if by.party not in {bank.operator, bank.host} and Role.NETWORK_OWNER not in by.roles:
        raise NotOwn(field="bank")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvacuation:
    """Wish that compartments be opened; nothing opens before a second party has approved.

    Attributes:
        bank: Which bank.
        by: Who wishes it.
        labels: Of the compartments; empty: all that hold a parcel when it is carried out.
        reason: Why, without personal data.
        request: Under what the outcome is remembered.
    """

    bank: BankName
    by: Viewer
    labels: tuple[str, ...]
    reason: str
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank and its doors."""
        wanted.values.update({At(BANKS, str(self.bank)), At(DOORS, str(self.bank))})

    def decide(self, desk: Desk) -> Evacuation:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            NotOwn: The caller is neither its operator, its host nor the network owner.
            CompartmentUnknown: The bank has no such compartment.
        """
        _may(bank_named(desk, self.bank), self.by)
        known = {door.label for door in doors_of(desk, self.bank).doors}
        for label in self.labels:
            if label not in known:
                raise CompartmentUnknown(compartment=str(CompartmentName(self.bank.party, self.bank.bank, label)))
        name = EvacuationName(self.bank.party, self.bank.bank, random_id(desk.entropy.token_bytes(ID_BYTES)))
        evacuation = Evacuation(
            name=name,
            labels=self.labels,
            reason=self.reason,
            requested_by=self.by.party,
            create_time=desk.now,
            expire_time=desk.now + LASTS,
        )
        desk.put(EVACUATIONS, evacuation)
        return remember_whole(desk, evacuation)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Evacuation:  # noqa: ARG002 - as every proposal
        """Give it as it was wished."""
        return remembered_whole(answer, Evacuation)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveEvacuation:
    """Approve an evacuation as the second party; every reservation inside gets a right to be recalled.

    Attributes:
        name: Which.
        by: Who approves.
        request: Under what the outcome is remembered.
    """

    name: EvacuationName
    by: Viewer
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the evacuation, the bank and its book."""
        bank = str(self.name.bank_name)
        wanted.values.update({At(EVACUATIONS, self.name.evacuation), At(BANKS, bank)})
        wanted.books.add(bank)

    def decide(self, desk: Desk) -> Evacuation:
        """Decide.

        Raises:
            EvacuationUnknown: There is none of this name, or it has lapsed.
            NotOwn: The caller is neither the bank's operator, its host nor the network owner.
            SecondPartyRequired: The caller asked for it.
        """
        before = desk.get(EVACUATIONS, self.name.evacuation)
        if before is None or before.name != self.name or state_of(before, desk.now) is EvacuationState.LAPSED:
            raise EvacuationUnknown(evacuation=str(self.name))
        _may(bank_named(desk, self.name.bank_name), self.by)
        if self.by.party == before.requested_by:
            raise SecondPartyRequired(evacuation=str(self.name))
        if before.approved_by is not None:
            return remember_whole(desk, before)
        labels = self._recalled(desk, before.labels)
        after = replace(before, labels=labels, approved_by=self.by.party, approve_time=desk.now)
        desk.put(EVACUATIONS, after)
        return remember_whole(desk, after)

    def _recalled(self, desk: Desk, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Recall what lies in the compartments, and name them."""
        book = desk.book(str(self.name.bank_name))
        inside = {each.id: each.door for each in book.plan.commitments.values() if each.door is not None}
        wanted = [id_ for id_, label in inside.items() if not asked or label in asked]
        for before in desk.get_all(RESERVATIONS, wanted):
            outcome = decide(before, commands.Recall(), now=desk.now)
            after, _ = give_right(desk, book, outcome.reservation, Act.RECALL)
            keep(desk, amended(before, outcome, after, now=desk.now))
        return asked or tuple(sorted(str(inside[each]) for each in wanted))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Evacuation:  # noqa: ARG002 - as every proposal
        """Give it as it was approved."""
        return remembered_whole(answer, Evacuation)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishEvacuation:
    """Note that the bank has answered for every compartment.

    Attributes:
        name: Which.
        command: Id of the command that carried it out.
    """

    name: EvacuationName
    command: str
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the evacuation."""
        wanted.values.add(At(EVACUATIONS, self.name.evacuation))

    def decide(self, desk: Desk) -> None:
        """Decide; one that is not there, or has finished, stays as it is."""
        before = desk.get(EVACUATIONS, self.name.evacuation)
        if before is not None and before.finish_time is None:
            desk.put(EVACUATIONS, replace(before, command=self.command, finish_time=desk.now))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> None:
        """Never remembered."""
        raise NotImplementedError
