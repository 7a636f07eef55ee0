"""The keys of parties: one-time codes, registration, distrust (PTY-6, PTY-7, PTY-13, PTY-14).

A key comes with a proof that whoever registers it holds the private half, signed over what it is registered for, so
that nobody enters a key that is not theirs and no proof serves twice.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from interlock import base64url, strict_json
from interlock.binding import join
from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock_gateway.domain.errors import KeyExists, KeyUnknown, KeyUnusable, LimitExceeded
from interlock_gateway.domain.ids import ID_BYTES, key_id
from interlock_gateway.domain.names import PartyKeyName, PartyName
from interlock_gateway.domain.party import CODE_LASTS, PartyKey, RegistrationCode, distrust, keyed, redeem
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANK_KEYS, PARTIES, PARTY_KEYS, REGISTRATION_CODES
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.parties import party_named
from interlock_gateway.use_cases.whole import remember_whole, remembered_whole

MOST_KEYS: Final = 50
"""Trusted keys of one party."""
_SECRET_BYTES: Final = 20
_CODE_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class CodeMade:
    """A one-time code.

    Attributes:
        text: Both halves, ``{code_id}.{secret}``; never kept.
        expire_time: Until when.
    """

    text: str
    expire_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRegistrationCode:
    """Make a code for a party; the one made before lapses.

    A party has one code at a time, so the public half is the party's id. The secret half is derived from a key of the
    network and a nonce: so a retry gives the same code although none is kept.

    Attributes:
        party: For whom.
        code_key: Derives the secret halves; 32 bytes.
        request: Under what the outcome is remembered.
    """

    party: PartyName
    code_key: bytes
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the party and its present code."""
        wanted.values.add(At(PARTIES, self.party.party))
        wanted.values.add(At(REGISTRATION_CODES, self.party.party))

    def decide(self, desk: Desk) -> CodeMade:
        """Decide.

        Raises:
            PartyUnknown: There is none of this name.
        """
        party_named(desk, self.party)
        before = desk.get(REGISTRATION_CODES, self.party.party)
        if before is not None and before.used_thumbprint is not None:
            # Whoever lost the answer of a registration may still ask for it again.
            desk.put(REGISTRATION_CODES, replace(before, code_id=used_id(before.code_id, before.secret_hash)))
        nonce = desk.entropy.token_bytes(ID_BYTES)
        row = RegistrationCode(
            code_id=self.party.party,
            secret_hash=sha256(self._secret(nonce).encode("ascii")).digest(),
            party=self.party,
            expire_time=desk.now + CODE_LASTS,
        )
        desk.put(REGISTRATION_CODES, row)
        desk.remember({"nonce": nonce.hex(), "expire_time": row.expire_time.isoformat()})
        return CodeMade(self._text(nonce), row.expire_time)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> CodeMade:  # noqa: ARG002 - as every proposal
        """Derive the same code again."""
        return CodeMade(self._text(bytes.fromhex(answer["nonce"])), datetime.fromisoformat(answer["expire_time"]))

    def _secret(self, nonce: bytes) -> str:
        code = hmac.digest(self.code_key, join(self.party.party.encode("ascii"), nonce), sha256)
        return base64url.encode(code[:_SECRET_BYTES])

    def _text(self, nonce: bytes) -> str:
        return f"{self.party.party}.{self._secret(nonce)}"


def used_id(code_id: str, secret_hash: bytes) -> str:
    """Write the key under which a code that was used is kept once another has taken its place."""
    return f"{code_id}/{secret_hash.hex()}"


def proven_key(text: str, proof: bytes, *said: str) -> PublicKey:
    """Read a public key and check that whoever sent it holds the private half.

    Args:
        text: Canonical JWK.
        proof: Signature by the key.
        said: What it signed before the key itself.

    Raises:
        KeyUnusable: No key that the network takes, another spelling of one, or the proof does not verify.
    """
    try:
        key = PublicKey.from_jwk(strict_json.decode(text.encode("utf-8")))
    except Flawed as flawed:
        raise KeyUnusable(field="public_key", rule="must be an Ed25519 or P-256 key as canonical JWK.") from flawed
    if key.canonical_jwk() != text.encode("utf-8"):
        raise KeyUnusable(field="public_key", rule="must be written as RFC 7638 section 3 says.")
    if not key.verify(join(*(part.encode("utf-8") for part in (*said, text))), proof):
        raise KeyUnusable(field="proof", rule="must be the key's signature over what is registered.")
    return key


def _enter(desk: Desk, party: PartyName, key: PublicKey, display_name: str) -> PartyKey:
    """Enter a key that no party and no bank has registered, and note that its party can call."""
    name = PartyKeyName(party.party, key_id(key.thumbprint()))
    if desk.get(PARTY_KEYS, name.key) is not None or desk.get(BANK_KEYS, key.kid) is not None:
        raise KeyExists(thumbprint=key.kid)
    row = PartyKey(
        name=name,
        display_name=display_name,
        public_key=key.canonical_jwk().decode("ascii"),
        thumbprint=key.kid,
        create_time=desk.now,
    )
    desk.put(PARTY_KEYS, row)
    desk.put(PARTIES, keyed(party_named(desk, party), now=desk.now))
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterKey:
    """Register a key with a one-time code. The code itself makes a retry safe, so there is no ``request_id``.

    Attributes:
        code: Both halves, as they came.
        public_key: Canonical JWK.
        proof: See ``RegisterKeyRequest``.
        display_name: What the key is for.
    """

    code: str
    public_key: str
    proof: bytes
    display_name: str = ""
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the code's row."""
        wanted.values.add(At(REGISTRATION_CODES, self.code.partition(".")[0]))

    def decide(self, desk: Desk) -> PartyKey:
        """Decide.

        Raises:
            KeyUnusable: No such key, or the proof does not verify.
            CodeInvalid: Unknown, wrong, past its end or used with another key.
            KeyExists: The key belongs to somebody already.
        """
        key = proven_key(self.public_key, self.proof, "interlock-register-key", self.code)
        code_id, _, secret = self.code[:_CODE_CHARS].partition(".")
        hashed = sha256(secret.encode("utf-8")).digest()
        before = desk.get(REGISTRATION_CODES, code_id)
        if before is not None and not hmac.compare_digest(before.secret_hash, hashed):
            before = desk.get(REGISTRATION_CODES, used_id(code_id, hashed)) or before
        code = redeem(before, secret_hash=hashed, thumbprint=key.kid, now=desk.now)
        if before == code:
            known = desk.get(PARTY_KEYS, key_id(key.thumbprint()))
            if known is not None:
                return known
        desk.put(REGISTRATION_CODES, code)
        return _enter(desk, code.party, key, self.display_name)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> PartyKey:
        """Never remembered."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class AddKey:
    """Add one more key to a party that calls already.

    Attributes:
        party: The caller.
        public_key: Canonical JWK.
        proof: See ``AddKeyRequest``.
        display_name: What the key is for.
        known: Ids of the party's keys, read before.
        request: Under what the outcome is remembered.
    """

    party: PartyName
    public_key: str
    proof: bytes
    display_name: str = ""
    known: tuple[str, ...] = ()
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the party and its keys."""
        wanted.values.add(At(PARTIES, self.party.party))
        wanted.values.update(At(PARTY_KEYS, each) for each in self.known)

    def decide(self, desk: Desk) -> PartyKey:
        """Decide.

        Raises:
            KeyUnusable: No such key, or the proof does not verify.
            KeyExists: The key belongs to somebody already.
            LimitExceeded: The party has as many trusted keys as a party may.
        """
        key = proven_key(self.public_key, self.proof, "interlock-add-key", str(self.party))
        trusted = sum(each.distrust_time is None for each in desk.get_all(PARTY_KEYS, self.known))
        if trusted >= MOST_KEYS:
            raise LimitExceeded(field="parent", given=f"{trusted + 1} keys", limit=str(MOST_KEYS))
        return remember_whole(desk, _enter(desk, self.party, key, self.display_name))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> PartyKey:  # noqa: ARG002 - as every proposal
        """Give the key as it was registered."""
        return remembered_whole(answer, PartyKey)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrustKey:
    """Distrust a key for good.

    Attributes:
        name: Which; its party is the caller.
        known: Ids of the party's keys, read before. One that was added since does not count as a way back in.
        request: Under what the outcome is remembered.
    """

    name: PartyKeyName
    known: tuple[str, ...]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the party's keys."""
        wanted.values.update(At(PARTY_KEYS, each) for each in (*self.known, self.name.key))

    def decide(self, desk: Desk) -> PartyKey:
        """Decide.

        Raises:
            KeyUnknown: The party has no such key.
            LastKey: The party could not call any more.
        """
        keys = desk.get_all(PARTY_KEYS, dict.fromkeys((*self.known, self.name.key)))
        mine = [each for each in keys if each.name.party == self.name.party]
        if not mine:
            raise KeyUnknown(party=str(PartyName(self.name.party)), key=self.name.key)
        key = distrust(mine, self.name, now=desk.now)
        desk.put(PARTY_KEYS, key)
        return remember_whole(desk, key)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> PartyKey:  # noqa: ARG002 - as every proposal
        """Give the key as it was distrusted."""
        return remembered_whole(answer, PartyKey)
