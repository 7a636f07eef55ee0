"""The receipt: a bank's signed proof of a deposit, a collection or a recall (RCP-1 to RCP-6).

It carries the address of its fact, so a proof brought home by phone and the fact that comes by the link are one, and
the hashes before and after that fact, so two receipts show whether a journal was rewritten between them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from interlock import base64url, chain, claims, jose
from interlock.access_token import Act
from interlock.deposit_terms import MOST_PARCELS, SIZE_CLASSES
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey

TYP: Final = "interlock-receipt+jwt"
TYPS: Final = frozenset({TYP})
MOST_CHARS: Final = 792
"""QR version 19 at level L."""

_LANE: Final = "custody"
_MOST_NUMBER: Final = 2**53 - 1  # what every JSON parser keeps exactly (RFC 8259 section 6)
_JTI: Final = re.compile(r"([a-z2-7]{16})-([1-9][0-9]{0,15})", re.ASCII)
_SIZE_CLASS: Final = re.compile("|".join(sorted(SIZE_CLASSES)), re.ASCII)
_ACTS: Final = frozenset({Act.DEPOSIT, Act.COLLECT, Act.RECALL})


class Evidence(StrEnum):
    """How well the bank knew (see docs/protocol/07-evidence.md)."""

    SENSED = "SENSED"
    INFERRED = "INFERRED"
    ASSERTED = "ASSERTED"
    NONE = "NONE"


class DoorState(StrEnum):
    """The door when the fact was recorded."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One receipt; the claim's name stands behind each attribute.

    Attributes:
        bank: ``iss``; the ``token_audience`` of the bank, 12 base32 characters.
        journal_id: ``jti``, before the hyphen; 16 base32 characters.
        number: ``jti``, behind the hyphen; the fact's number in the custody lane, from 1.
        recorded_unix_s: ``iat``; when the bank recorded the fact, by its own clock.
        clock_uncertainty_s: ``clk``; half the width of the interval in which true time lay, rounded up.
        act: ``act``; deposit, collect or recall.
        compartment: ``cmp``; the label of the door.
        size_class: ``cls``; XS .. XL, of the compartment.
        parcels: ``pcl``; numbers within the reservation, 1..8, rising.
        evidence: ``ev``.
        door: ``door``.
        opened_unix_s: ``opn``; when the door opened, by the bank's clock.
        closed_unix_s: ``cld``; when it closed. None while it stands open.
        previous_hash: ``p``; h(n-1) of the chain, 32 bytes.
        hash: ``h``; h(n), 32 bytes.
        reservation: ``sub``; the reservation's id alone. None where the bank knew of none.
        earlier_number: ``prv``; number of the reservation's earlier receipt in this journal. None where there is none.
    """

    bank: str
    journal_id: str
    number: int
    recorded_unix_s: int
    clock_uncertainty_s: int
    act: Act
    compartment: str
    size_class: str
    parcels: tuple[int, ...]
    evidence: Evidence
    door: DoorState
    opened_unix_s: int
    closed_unix_s: int | None
    previous_hash: bytes
    hash: bytes
    reservation: str | None = None
    earlier_number: int | None = None

    def __post_init__(self) -> None:
        """Hold every type and limit.

        Raises:
            Flawed: ``CLAIM``, with the claim's name as its detail.
        """
        claims.text(self.bank, claims.AUDIENCE, "iss")
        claims.text(self.journal_id, claims.RESERVATION_ID, "jti")
        claims.whole(self.number, 1, _MOST_NUMBER, "jti")
        claims.instant(self.recorded_unix_s, "iat")
        claims.instant(self.clock_uncertainty_s, "clk")
        if self.act not in _ACTS:
            raise Flawed(Flaw.CLAIM, "act")
        claims.text(self.compartment, claims.COMPARTMENT_LABEL, "cmp")
        if self.size_class not in SIZE_CLASSES:
            raise Flawed(Flaw.CLAIM, "cls")
        if not self.parcels or sorted(set(self.parcels)) != list(self.parcels):
            raise Flawed(Flaw.CLAIM, "pcl")
        for parcel in self.parcels:
            claims.whole(parcel, 1, MOST_PARCELS, "pcl")
        claims.instant(self.opened_unix_s, "opn")
        if self.closed_unix_s is not None:
            claims.instant(self.closed_unix_s, "cld")
        if len(self.previous_hash) != chain.HASH_BYTES:
            raise Flawed(Flaw.CLAIM, "p")
        if len(self.hash) != chain.HASH_BYTES:
            raise Flawed(Flaw.CLAIM, "h")
        if self.reservation is not None:
            claims.text(self.reservation, claims.RESERVATION_ID, "sub")
        if self.earlier_number is not None:
            claims.whole(self.earlier_number, 1, self.number - 1, "prv")


def sign(receipt: Receipt, key: PrivateKey) -> str:
    """Sign ``receipt`` with the bank's own key; its thumbprint becomes ``kid``. At most 792 characters of ASCII."""
    said: dict[str, object] = {
        "iss": receipt.bank,
        "sub": receipt.reservation,
        "jti": f"{receipt.journal_id}-{receipt.number}",
        "iat": receipt.recorded_unix_s,
        "clk": receipt.clock_uncertainty_s,
        "lane": _LANE,
        "act": receipt.act.value,
        "cmp": receipt.compartment,
        "cls": receipt.size_class,
        "pcl": list(receipt.parcels),
        "ev": receipt.evidence.value,
        "door": receipt.door.value,
        "opn": receipt.opened_unix_s,
        "cld": receipt.closed_unix_s,
        "prv": receipt.earlier_number,
        "p": base64url.encode(receipt.previous_hash),
        "h": base64url.encode(receipt.hash),
    }
    present = {name: value for name, value in said.items() if value is not None}
    return jose.sign(present, typ=TYP, key=key, kid=key.public.kid)


def key_id(text: str) -> str:
    """Return the ``kid`` of a receipt that nobody has checked: the thumbprint by which to look up bank and key.

    Raises:
        Flawed: ``text`` is no compact JWS of this profile.
    """
    return jose.unverified_header(text, most_chars=MOST_CHARS).kid


def read(text: str, keys: Mapping[str, PublicKey], *, bank: str) -> Receipt:
    """Read a receipt that one bank signed.

    Args:
        text: Whatever was handed in.
        keys: That bank's keys by thumbprint in base64url (``PublicKey.kid``), former ones included: a receipt outlives
            the controller that signed it.
        bank: That bank's ``token_audience``, from the directory and not from the receipt.

    Raises:
        Flawed: whatever ``text`` is, nothing else. ``ISSUER`` where the key's bank and the receipt's differ.
    """
    _header, said = jose.read(text, typs=TYPS, keys=keys, most_chars=MOST_CHARS)
    if said.get("lane") != _LANE:
        raise Flawed(Flaw.CLAIM, "lane")
    address = said.get("jti")
    match = _JTI.fullmatch(address) if type(address) is str else None
    if match is None:
        raise Flawed(Flaw.CLAIM, "jti")
    receipt = Receipt(
        bank=claims.text(said.get("iss"), claims.AUDIENCE, "iss"),
        journal_id=match[1],
        number=int(match[2]),
        recorded_unix_s=claims.instant(said.get("iat"), "iat"),
        clock_uncertainty_s=claims.instant(said.get("clk"), "clk"),
        act=claims.choice(said.get("act"), Act, "act"),
        compartment=claims.text(said.get("cmp"), claims.COMPARTMENT_LABEL, "cmp"),
        size_class=claims.text(said.get("cls"), _SIZE_CLASS, "cls"),
        parcels=_parcels(said.get("pcl")),
        evidence=claims.choice(said.get("ev"), Evidence, "ev"),
        door=claims.choice(said.get("door"), DoorState, "door"),
        opened_unix_s=claims.instant(said.get("opn"), "opn"),
        closed_unix_s=claims.instant(said["cld"], "cld") if "cld" in said else None,
        previous_hash=_hash(said.get("p"), "p"),
        hash=_hash(said.get("h"), "h"),
        reservation=claims.text(said["sub"], claims.RESERVATION_ID, "sub") if "sub" in said else None,
        earlier_number=claims.whole(said["prv"], 1, _MOST_NUMBER, "prv") if "prv" in said else None,
    )
    if receipt.bank != bank:
        raise Flawed(Flaw.ISSUER)
    return receipt


def verify_chain(previous: bytes, facts: Iterable[tuple[int, bytes]], receipts: Iterable[Receipt]) -> bytes:
    """Hold receipts against the facts of their journal.

    Args:
        previous: The hash before the first of ``facts``; ``chain.start(journal_id)`` for a whole journal.
        facts: Number and serialized bytes, in order and without a gap.
        receipts: Of this journal, in any order; one whose fact is not among ``facts`` fails.

    Returns:
        The hash after the last fact; the same as ``previous`` where there is none.

    Raises:
        Flawed: ``BROKEN_CHAIN``, with the number of the first fact or receipt that does not fit as its detail.
    """
    named: dict[int, list[Receipt]] = {}
    for receipt in receipts:
        named.setdefault(receipt.number, []).append(receipt)
    expected: int | None = None
    for number, fact in facts:
        if expected is not None and number != expected:
            raise Flawed(Flaw.BROKEN_CHAIN, str(expected))
        expected = number + 1
        following = chain.follow(previous, fact)
        if any((receipt.previous_hash, receipt.hash) != (previous, following) for receipt in named.pop(number, ())):
            raise Flawed(Flaw.BROKEN_CHAIN, str(number))
        previous = following
    if named:
        raise Flawed(Flaw.BROKEN_CHAIN, str(min(named)))
    return previous


def agree(one: Receipt, other: Receipt) -> bool:
    """Say whether two receipts can come from one journal that was never rewritten.

    One number with two hashes is a fork. Neighbours must share the hash between them. A gap between the two proves
    nothing either way, nor do receipts of two journals.
    """
    if one.journal_id != other.journal_id:
        return True
    if one.number > other.number:
        one, other = other, one
    if one.number == other.number:
        return (one.previous_hash, one.hash) == (other.previous_hash, other.hash)
    return one.number + 1 != other.number or one.hash == other.previous_hash


def _parcels(value: object) -> tuple[int, ...]:
    if type(value) is not list:
        raise Flawed(Flaw.CLAIM, "pcl")
    return tuple(claims.whole(parcel, 1, MOST_PARCELS, "pcl") for parcel in value)


def _hash(value: object, name: str) -> bytes:
    if type(value) is not str:
        raise Flawed(Flaw.CLAIM, name)
    return base64url.decode(value)
