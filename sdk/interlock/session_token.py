"""The courier session: signed leave to use the menu of one bank for a working day. It opens no door (ACC-30 to ACC-33).

Each door still needs its parcel's own right: that right's token, or the parcel's barcode in the bank's manifest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from interlock import claims, jose
from interlock.access_token import MOST_KID_CHARS, MOST_STATUS_INDEX, Act
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey

TYP: Final = "interlock-session+jwt"
TYPS: Final = frozenset({TYP})
ACT: Final = "cs"
MOST_CHARS: Final = 450
"""QR version 16 at level M."""
LIFE_S: Final = 12 * 3600

_ACTS: Final = (Act.DEPOSIT, Act.COLLECT, Act.RECALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionToken:
    """One courier session.

    Attributes:
        iss: The network, 1..16 characters.
        aud: The bank's ``token_audience``, 12 base32 characters.
        sub: The party whose courier it is, without ``parties/``.
        jti: 16 base64url characters, 96 random bits; with a right's key, the ledger's key of each door.
        iat: Unix seconds when it was signed.
        nbf: Unix seconds from which it admits.
        exp: Unix seconds from which it admits no more; at most 12 hours after ``iat``.
        acts: What the courier may do: one or more of deposit, collect and recall.
        sl: Index in the network's status list, 0..9999999.
        kid: By what name the header called the key; empty before signing, and not compared.
    """

    iss: str
    aud: str
    sub: str
    jti: str
    iat: int
    nbf: int
    exp: int
    acts: frozenset[Act]
    sl: int
    kid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Hold every type and limit.

        Raises:
            Flawed: ``CLAIM``, with the claim's name as its detail.
        """
        claims.text(self.iss, claims.NETWORK_ID, "iss")
        claims.text(self.aud, claims.AUDIENCE, "aud")
        claims.text(self.sub, claims.PARTY_ID, "sub")
        claims.text(self.jti, claims.JTI, "jti")
        issued = claims.instant(self.iat, "iat")
        begins = claims.instant(self.nbf, "nbf")
        ends = claims.instant(self.exp, "exp")
        if ends <= begins or not 0 < ends - issued <= LIFE_S:
            raise Flawed(Flaw.CLAIM, "exp")
        if not self.acts or not self.acts <= frozenset(_ACTS):
            raise Flawed(Flaw.CLAIM, "acts")
        claims.whole(self.sl, 0, MOST_STATUS_INDEX, "sl")


def mint(token: SessionToken, key: PrivateKey, kid: str) -> str:
    """Sign ``token``; at most 450 characters of ASCII.

    Args:
        token: What is to be said; its own ``kid`` is not looked at.
        key: A signing key of the network.
        kid: Its name in the key set, 1..6 characters.

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
        "act": ACT,
        "acts": "".join(act.value for act in _ACTS if act in token.acts),
        "sl": token.sl,
    }
    return jose.sign(members, typ=TYP, key=key, kid=kid)


def read(text: str, keys: Mapping[str, PublicKey]) -> SessionToken:
    """Read a session that one of ``keys`` signed; times, ``iss`` and ``aud`` are the verdict's business.

    Raises:
        Flawed: whatever ``text`` is, nothing else.
    """
    return from_signed(jose.read(text, typs=TYPS, keys=keys, most_chars=MOST_CHARS))


def from_signed(signed: jose.Signed) -> SessionToken:
    """Take the claims of a text whose signature and type were checked.

    Raises:
        Flawed: ``CLAIM``.
    """
    header, said = signed
    if len(header.kid) > MOST_KID_CHARS:
        raise Flawed(Flaw.HEADER, "kid")
    if said.get("act") != ACT:
        raise Flawed(Flaw.CLAIM, "act")
    members: dict[str, Any] = {name: said.get(name) for name in ("iss", "aud", "sub", "jti", "iat", "nbf", "exp", "sl")}
    return SessionToken(**members, acts=_acts(said.get("acts")), kid=header.kid)


def _acts(letters: object) -> frozenset[Act]:
    if type(letters) is not str or len(set(letters)) != len(letters):
        raise Flawed(Flaw.CLAIM, "acts")
    return frozenset(claims.choice(letter, Act, "acts") for letter in letters)
