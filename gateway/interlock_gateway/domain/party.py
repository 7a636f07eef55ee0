"""Parties: who holds a key and owns rows, what each may do, how one comes in and is kept out (PTY-6 to PTY-9)."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import auto
from typing import Final

from interlock_gateway.domain.errors import CodeInvalid, KeyUnknown, LastKey, PartySuspended, RoleRequired
from interlock_gateway.domain.names import PartyKeyName, PartyName
from interlock_gateway.domain.words import Word


class Role(Word):
    """What a party does in the network. Names as in ``interlock.v1.Role``."""

    CARRIER = auto()
    OPERATOR = auto()
    HOST = auto()
    VENDOR = auto()
    NETWORK_OWNER = auto()
    BANK = auto()
    CARRIED_NETWORK = auto()


class PartyState(Word):
    """Where a party stands. Names as in ``interlock.v1.PartyState``."""

    INVITED = auto()
    ACTIVE = auto()
    SUSPENDED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who takes part in the network.

    Attributes:
        name: Its name; never reused.
        display_name: Name of the company.
        roles: What it does, at least one; never BANK.
        create_time: When it was added.
        update_time: When it last changed.
        revision: Its own count of changes, from 1.
        has_key: It has registered a key at some time.
        suspend_reason: Why the network owner suspended it; ``None`` while it is not.
    """

    name: PartyName
    display_name: str
    roles: frozenset[Role]
    create_time: datetime
    update_time: datetime
    revision: int = 1
    has_key: bool = False
    suspend_reason: str | None = None

    @property
    def state(self) -> PartyState:
        """Where it stands."""
        if self.suspend_reason is not None:
            return PartyState.SUSPENDED
        return PartyState.ACTIVE if self.has_key else PartyState.INVITED

    @property
    def etag(self) -> str:
        """Changes with every change (AIP-154)."""
        return f"r{self.revision}"


def admit(party: Party, roles: Collection[Role]) -> None:
    """Let a call of ``party`` pass, by what it is; names and viewers are judged elsewhere (PTY-9).

    Args:
        party: The caller, whose token has been verified.
        roles: The method's roles; empty: any party may call.

    Raises:
        PartySuspended: Whatever it asks. What it has promised, and been promised, stands.
        RoleRequired: It has none of the roles.
    """
    if party.state is PartyState.SUSPENDED:
        raise PartySuspended(party=str(party.name))
    if roles and not party.roles & set(roles):
        raise RoleRequired(roles=tuple(sorted(roles)))


def suspend(party: Party, reason: str, *, now: datetime) -> Party:
    """Keep a party out until ``resume``. Suspending a suspended party only replaces the reason."""
    return party if party.suspend_reason == reason else _changed(party, now, suspend_reason=reason)


def resume(party: Party, *, now: datetime) -> Party:
    """Let a suspended party in again."""
    return party if party.suspend_reason is None else _changed(party, now, suspend_reason=None)


def keyed(party: Party, *, now: datetime) -> Party:
    """Note that the party has registered its first key, and may call."""
    return party if party.has_key else _changed(party, now, has_key=True)


def _changed(party: Party, now: datetime, **changes: object) -> Party:
    return replace(party, **changes, revision=party.revision + 1, update_time=now)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyKey:
    """A public key with which a party signs its call tokens. A key has one owner for ever (PTY-6).

    Attributes:
        name: Its name; the last part is the ``kid`` of call tokens.
        display_name: What it is for.
        public_key: Canonical JWK.
        thumbprint: RFC 7638, SHA-256, base64url.
        create_time: When it was registered.
        distrust_time: When it was distrusted; ``None`` while it is trusted.
    """

    name: PartyKeyName
    display_name: str
    public_key: str
    thumbprint: str
    create_time: datetime
    distrust_time: datetime | None = None


def distrust(keys: Collection[PartyKey], key: PartyKeyName, *, now: datetime) -> PartyKey:
    """Distrust one of a party's keys, for ever. Again changes nothing.

    Args:
        keys: All keys of the party.
        key: Which.
        now: Instant of the request.

    Raises:
        KeyUnknown: The party has no such key.
        LastKey: It is the last trusted one; without another the party could not come back.
    """
    found = next((each for each in keys if each.name == key), None)
    if found is None:
        raise KeyUnknown(party=str(PartyName(key.party)), key=key.key)
    if found.distrust_time is not None:
        return found
    if not any(each.distrust_time is None for each in keys if each is not found):
        raise LastKey(party=str(PartyName(key.party)), key=key.key)
    return replace(found, distrust_time=now)


CODE_LASTS: Final = timedelta(hours=72)
"""How long a registration code can be used; it is carried by people, over a weekend if need be (PTY-7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCode:
    """A one-time code with which a party registers its first key, or another one.

    Attributes:
        code_id: Public half; finds the row.
        secret_hash: SHA-256 of the secret half, which is shown once and never kept.
        party: For which party.
        expire_time: Until when.
        used_thumbprint: The key that it was used for; ``None`` while unused.
    """

    code_id: str
    secret_hash: bytes
    party: PartyName
    expire_time: datetime
    used_thumbprint: str | None = None


def redeem(code: RegistrationCode | None, *, secret_hash: bytes, thumbprint: str, now: datetime) -> RegistrationCode:
    """Use a registration code for a key (PTY-7).

    The same code with the same key again is the same registration, so that an answer lost on the way costs nothing.

    Args:
        code: The row that the code's id finds; ``None``: there is none.
        secret_hash: SHA-256 of the secret that came.
        thumbprint: Of the key to be registered.
        now: Instant of the request.

    Raises:
        CodeInvalid: Unknown, wrong, past its end or used for another key; which of them is not told.
    """
    # Compared also where there is no row, so that the time taken tells nothing.
    right = hmac.compare_digest(code.secret_hash if code else bytes(32), secret_hash)
    if code is None or not right or code.used_thumbprint not in {None, thumbprint}:
        raise CodeInvalid
    if code.used_thumbprint is None and now >= code.expire_time:
        raise CodeInvalid
    return replace(code, used_thumbprint=thumbprint)
