"""The call token: a party or a bank speaks for itself, in the manner of RFC 7523 (docs/protocol/11-calls.md).

Self-signed, for one network, good for ten minutes at most and reused within them. It is a bearer token over TLS; with
``cnf`` it counts only on the connection whose client certificate it names (RFC 8705 section 3.1).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from interlock import base64url, claims, jose
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey

TYP: Final = "interlock-call+jwt"
TYPS: Final = frozenset({TYP})
LIFE_S: Final = 600
LEEWAY_S: Final = 60
MOST_CHARS: Final = 1024

_ACTOR: Final = re.compile(
    r"parties/[a-z][a-z0-9-]{1,30}(/banks/[a-z0-9][a-z0-9-]{1,62})?",
    re.ASCII,
)
_CERTIFICATE_HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class CallToken:
    """A call token that was checked.

    Attributes:
        actor: ``iss`` and ``sub``: ``parties/{party}`` or ``parties/{party}/banks/{bank}``.
        kid: Thumbprint of the key that signed it, base64url.
        exp: Unix seconds from which it counts no more.
        certificate_sha256: ``cnf.x5t#S256``, 32 bytes, or None.
    """

    actor: str
    kid: str
    exp: int
    certificate_sha256: bytes | None = None


def mint(
    actor: str,
    key: PrivateKey,
    *,
    network: str,
    now: int,
    life_s: int = LIFE_S,
    certificate_sha256: bytes | None = None,
) -> str:
    """Sign a call token.

    Args:
        actor: Who calls, a party's or a bank's resource name.
        key: One that the network has registered for it.
        network: The network's id, the same for every replica of its gateway.
        now: Unix seconds.
        life_s: 1..600 seconds.
        certificate_sha256: Digest of the client certificate (DER) that the token is bound to, 32 bytes.

    Raises:
        Flawed: ``CLAIM``.
    """
    said: dict[str, object] = {
        "iss": claims.text(actor, _ACTOR, "iss"),
        "sub": actor,
        "aud": claims.text(network, claims.NETWORK_ID, "aud"),
        "iat": claims.instant(now, "iat"),
        "exp": now + claims.whole(life_s, 1, LIFE_S, "exp"),
    }
    if certificate_sha256 is not None:
        said["cnf"] = {"x5t#S256": base64url.encode(certificate_sha256)}
    return jose.sign(said, typ=TYP, key=key, kid=key.public.kid)


def key_id(text: str) -> str:
    """Return the ``kid`` of a token that nobody has checked: the thumbprint by which to look up actor and key.

    Raises:
        Flawed: ``text`` is no compact JWS of this profile.
    """
    return jose.unverified_header(text, most_chars=MOST_CHARS).kid


def read(
    text: str,
    keys: Mapping[str, PublicKey],
    *,
    actor: str,
    network: str,
    now: int,
    leeway_s: int = LEEWAY_S,
) -> CallToken:
    """Check a call token.

    Args:
        text: What stood behind ``Bearer``.
        keys: Registered keys of ``actor``, by thumbprint in base64url.
        actor: To whom that key belongs, by the register and not by the token.
        network: This network's id.
        now: Unix seconds.
        leeway_s: How far the two clocks may differ.

    Raises:
        Flawed: whatever ``text`` is, nothing else.
    """
    header, said = jose.read(text, typs=TYPS, keys=keys, most_chars=MOST_CHARS)
    if said.get("iss") != actor or said.get("sub") != actor:
        raise Flawed(Flaw.ISSUER)
    if said.get("aud") != network:
        raise Flawed(Flaw.AUDIENCE)
    iat, exp = claims.instant(said.get("iat"), "iat"), claims.instant(said.get("exp"), "exp")
    if not 0 < exp - iat <= LIFE_S:
        raise Flawed(Flaw.CLAIM, "exp")
    if "nbf" in said and claims.instant(said["nbf"], "nbf") > now + leeway_s:
        raise Flawed(Flaw.NOT_YET)
    if iat > now + leeway_s:
        raise Flawed(Flaw.NOT_YET)
    if exp + leeway_s <= now:
        raise Flawed(Flaw.EXPIRED)
    return CallToken(actor, header.kid, exp, _certificate(said["cnf"]) if "cnf" in said else None)


def _certificate(value: object) -> bytes:
    if type(value) is not dict or value.keys() != {"x5t#S256"}:
        raise Flawed(Flaw.CLAIM, "cnf")  # a binding that is not understood must not be passed over
    text = value["x5t#S256"]
    if type(text) is not str:
        raise Flawed(Flaw.CLAIM, "cnf")
    digest = base64url.decode(text)
    if len(digest) != _CERTIFICATE_HASH_BYTES:
        raise Flawed(Flaw.CLAIM, "cnf")
    return digest
