"""The access token: a right at one bank as signed text, for a QR code (ACC-10 to ACC-16).

The claims keep their registered or agreed short names, in Python too. ``read`` proves that the network said so; whether
the bank acts on it (times, ledger, status list, tenancy) is the bank's verdict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from interlock import claims, jose
from interlock.deposit_terms import MOST_SERIES, DepositTerms
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey

TYP: Final = "interlock-access+jwt"
TYPS: Final = frozenset({TYP})
MOST_CHARS: Final = 520
"""A deposit token, the longest kind: QR version 15 at level L."""
MOST_KID_CHARS: Final = 6
MOST_STATUS_INDEX: Final = 9_999_999
SERVICE_LIFE_S: Final = 15 * 60
RIGHT_LIFE_S: Final = 400 * 24 * 3600
"""The most that lies between ``iat`` and ``exp`` of a right to a parcel: a year of booking ahead, and its stay."""


class Act(StrEnum):
    """What a right allows: the claim ``act``."""

    DEPOSIT = "d"
    COLLECT = "c"
    RECALL = "r"
    SERVICE = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """One access token.

    Attributes:
        iss: The network, 1..16 characters.
        aud: The bank's ``token_audience``, 12 base32 characters.
        sub: The reservation's id alone, 16 base32 characters. In a collect token it may be a collector group, 10
            characters; in a service token it is an id of the visit, 16.
        jti: 16 base64url characters, 96 random bits. For service the right's own key.
        iat: Unix seconds when it was signed.
        nbf: Unix seconds from which it opens.
        exp: Unix seconds from which it opens no more; after ``nbf`` and ``iat``.
        act: What it allows.
        ser: Series within the right, 0..65535.
        sl: Index in the network's status list, 0..9999999.
        dep: The deposit's terms; in a deposit token and in no other.
        cmp: The compartment's label; in a service token and in no other.
        kid: By what name the header called the key; empty before signing. Says nothing about the right, so two tokens
            that differ in it are equal.
    """

    iss: str
    aud: str
    sub: str
    jti: str
    iat: int
    nbf: int
    exp: int
    act: Act
    ser: int
    sl: int
    dep: DepositTerms | None = None
    cmp: str | None = None
    kid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Hold every type and limit, so that no unlawful token exists on either side.

        Raises:
            Flawed: ``CLAIM``, with the claim's name as its detail.
        """
        claims.text(self.iss, claims.NETWORK_ID, "iss")
        claims.text(self.aud, claims.AUDIENCE, "aud")
        claims.text(self.sub, claims.COLLECT_SUBJECT if self.act is Act.COLLECT else claims.RESERVATION_ID, "sub")
        claims.text(self.jti, claims.JTI, "jti")
        issued = claims.instant(self.iat, "iat")
        begins = claims.instant(self.nbf, "nbf")
        ends = claims.instant(self.exp, "exp")
        longest = SERVICE_LIFE_S if self.act is Act.SERVICE else RIGHT_LIFE_S
        if ends <= begins or not 0 < ends - issued <= longest:
            raise Flawed(Flaw.CLAIM, "exp")
        claims.whole(self.ser, 0, MOST_SERIES, "ser")
        claims.whole(self.sl, 0, MOST_STATUS_INDEX, "sl")
        if (self.dep is not None) is not (self.act is Act.DEPOSIT):
            raise Flawed(Flaw.CLAIM, "dep")
        if (self.cmp is not None) is not (self.act is Act.SERVICE):
            raise Flawed(Flaw.CLAIM, "cmp")
        if self.cmp is not None:
            claims.text(self.cmp, claims.COMPARTMENT_LABEL, "cmp")


def mint(token: AccessToken, key: PrivateKey, kid: str) -> str:
    """Sign ``token``.

    Args:
        token: What is to be said; its own ``kid`` is not looked at.
        key: A signing key of the network.
        kid: Its name in the key set, 1..6 characters.

    Returns:
        ASCII text: at most 412 characters for collect and recall, 520 for deposit, 450 for service.

    Raises:
        Flawed: ``HEADER``; ``kid`` is no such name.
    """
    if len(kid) > MOST_KID_CHARS:
        raise Flawed(Flaw.HEADER, "kid")
    members: dict[str, object] = {
        "iss": token.iss,
        "aud": token.aud,
        "sub": token.sub,
        "jti": token.jti,
        "iat": token.iat,
        "nbf": token.nbf,
        "exp": token.exp,
        "act": token.act.value,
        "ser": token.ser,
        "sl": token.sl,
    }
    if token.dep is not None:
        members["dep"] = token.dep.to_json()
    if token.cmp is not None:
        members["cmp"] = token.cmp
    return jose.sign(members, typ=TYP, key=key, kid=kid)


def read(text: str, keys: Mapping[str, PublicKey]) -> AccessToken:
    """Read an access token that one of ``keys`` signed.

    Args:
        text: Whatever a scanner delivered.
        keys: The network's keys for access, by ``kid``.

    Returns:
        The token, with every claim's type and limits checked. Its times have not been held against any clock, nor its
        ``iss`` and ``aud`` against any name.

    Raises:
        Flawed: whatever ``text`` is, nothing else.
    """
    return from_signed(jose.read(text, typs=TYPS, keys=keys, most_chars=MOST_CHARS))


def from_signed(signed: jose.Signed) -> AccessToken:
    """Take the claims of a text whose signature and type were checked.

    Unknown claims are passed over, so that a later version can add one; there is little room for them.

    Raises:
        Flawed: ``CLAIM`` or ``ENCODING``.
    """
    header, said = signed
    if len(header.kid) > MOST_KID_CHARS:
        raise Flawed(Flaw.HEADER, "kid")
    get = said.get
    # Missing claims become None, which no check of the constructor lets by.
    members: dict[str, Any] = {
        name: get(name) for name in ("iss", "aud", "sub", "jti", "iat", "nbf", "exp", "ser", "sl")
    }
    members["act"] = claims.choice(get("act"), Act, "act")
    if "dep" in said:
        members["dep"] = DepositTerms.from_json(said["dep"])
    if "cmp" in said:
        members["cmp"] = claims.text(said["cmp"], claims.COMPARTMENT_LABEL, "cmp")
    return AccessToken(**members, kid=header.kid)
