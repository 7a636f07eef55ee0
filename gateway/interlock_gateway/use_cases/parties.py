"""Admitting parties, keeping them out, letting them in again (PTY-6, PTY-9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock_gateway.domain.errors import NotOwn, PartyExists, PartyUnknown
from interlock_gateway.domain.names import PartyName
from interlock_gateway.domain.party import Party, Role, resume, suspend
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import PARTIES
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.whole import remember_whole, remembered_whole


def party_named(desk: Desk, name: PartyName) -> Party:
    """Read a party by its name.

    Raises:
        PartyUnknown: There is none of this name.
    """
    party = desk.get(PARTIES, name.party)
    if party is None:
        raise PartyUnknown(party=str(name))
    return party


@dataclass(frozen=True, slots=True, kw_only=True)
class OnParty:
    """A proposal on one party, answered with the party.

    Attributes:
        name: Which.
        request: Under what the outcome is remembered.
    """

    name: PartyName
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the party."""
        wanted.values.add(At(PARTIES, self.name.party))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Party:  # noqa: ARG002 - as every proposal
        """Give the party as it was then."""
        return remembered_whole(answer, Party)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddParty(OnParty):
    """Admit a party; it calls once it has registered a key.

    Attributes:
        display_name: Name of its company.
        roles: What it does, at least one.
    """

    display_name: str
    roles: frozenset[Role]

    def decide(self, desk: Desk) -> Party:
        """Decide.

        Raises:
            PartyExists: The id is taken, now or in the past.
        """
        if desk.get(PARTIES, self.name.party) is not None:
            raise PartyExists(party=str(self.name))
        party = Party(
            name=self.name,
            display_name=self.display_name,
            roles=self.roles,
            create_time=desk.now,
            update_time=desk.now,
        )
        desk.put(PARTIES, party)
        return remember_whole(desk, party)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendParty(OnParty):
    """Stop a party from calling; what it has promised, and been promised, stands.

    Attributes:
        by: Party id of who suspends.
        reason: Why; replaces the reason of a party that is suspended already.
    """

    by: str
    reason: str

    def decide(self, desk: Desk) -> Party:
        """Decide.

        Raises:
            NotOwn: The network owner does not suspend itself: nobody could let it in again.
            PartyUnknown: There is none of this name.
        """
        if self.name.party == self.by:
            raise NotOwn(field="name")
        before = party_named(desk, self.name)
        party = suspend(before, self.reason, now=desk.now)
        desk.put(PARTIES, party)
        return remember_whole(desk, party)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeParty(OnParty):
    """Let a suspended party call again, with the keys that it has."""

    def decide(self, desk: Desk) -> Party:
        """Decide.

        Raises:
            PartyUnknown: There is none of this name.
        """
        party = resume(party_named(desk, self.name), now=desk.now)
        desk.put(PARTIES, party)
        return remember_whole(desk, party)
