"""Parties and their keys as messages."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.v1 import options_pb2, party_pb2
from interlock_gateway.domain.party import Party, PartyKey, Role
from interlock_gateway.services.mapping.values import named, number, stamp


def party_message(party: Party) -> party_pb2.Party:
    """Write a party, with all that anybody may see of it."""
    return party_pb2.Party(
        name=str(party.name),
        display_name=party.display_name,
        roles=sorted(number(options_pb2.Role, role) for role in party.roles),
        state=number(party_pb2.PartyState, party.state),
        suspend_reason=party.suspend_reason or "",
        create_time=stamp(party.create_time),
        update_time=stamp(party.update_time),
        etag=party.etag,
    )


def key_message(key: PartyKey) -> party_pb2.PartyKey:
    """Write a key."""
    return party_pb2.PartyKey(
        name=str(key.name),
        display_name=key.display_name,
        public_key=key.public_key,
        thumbprint=key.thumbprint,
        create_time=stamp(key.create_time),
        distrust_time=stamp(key.distrust_time),
    )


def roles_of(said: Iterable[int]) -> frozenset[Role]:
    """Read roles."""
    return frozenset(named(options_pb2.Role, each, Role) for each in said)
