"""The key set: which keys speak for a network, signed by its root key (ACC-41 to ACC-45).

It carries the root's public JWK, so whoever holds only the root's thumbprint (from an enrolment code) can check it, and
the thumbprint of the next root, so the root can be replaced without visiting a bank.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from interlock import base64url, claims, jose, numbered
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey
from interlock.numbered import Number

TYP: Final = "interlock-keyset+jwt"
TYPS: Final = frozenset({TYP})
MOST_CHARS: Final = 65_536
MOST_KEYS: Final = 64

_KID: Final = re.compile(r"[A-Za-z0-9_-]{1,6}", re.ASCII)
_THUMBPRINT_BYTES: Final = 32


class Use(StrEnum):
    """What a key is for; a key is used for one thing (RFC 8725 section 3.12)."""

    ACCESS = "access"
    """Signs access tokens, courier sessions and status lists."""
    LINK = "link"
    """Signs the time that a bank asks for."""


@dataclass(frozen=True, slots=True)
class NetworkKey:
    """One key of a network.

    Attributes:
        kid: 1..6 characters, unique in the set, never given to another key.
        key: The public half.
        use: What it is for.
        nbf: Unix seconds before which nothing is signed with it; future keys are published ahead.
        exp: Unix seconds from which nothing is signed with it any more. What it signed before may still be honoured.
        distrusted: It has come into wrong hands: nothing that it signed is honoured, whenever that was.
    """

    kid: str
    key: PublicKey
    use: Use
    nbf: int
    exp: int
    distrusted: bool = False

    def __post_init__(self) -> None:
        """Hold the limits.

        Raises:
            Flawed: ``CLAIM``.
        """
        claims.text(self.kid, _KID, "keys.kid")
        if claims.instant(self.exp, "keys.exp") <= claims.instant(self.nbf, "keys.nbf"):
            raise Flawed(Flaw.CLAIM, "keys.exp")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """An edition of a network's key set.

    Attributes:
        network: ``iss``.
        number: ``era`` and ``n``.
        iat: Unix seconds when the root signed it.
        exp: Unix seconds from which it vouches for nothing new; past it a bank serves only parcels already inside.
        keys: At most 64, by ``kid``.
        root: The key that signs this edition.
        next_root: Thumbprint of the root's successor, 32 bytes, or None.
        text: The signed text it was read from; empty before signing.
    """

    network: str
    number: Number
    iat: int
    exp: int
    keys: Mapping[str, NetworkKey]
    root: PublicKey
    next_root: bytes | None = None
    text: str = field(default="", repr=False, compare=False)

    def trusted(self, use: Use) -> dict[str, PublicKey]:
        """Return the keys for ``use`` by ``kid``, without distrusted ones.

        Future and lapsed keys are in it: a lapsed key does not shut a parcel in. Whether a key was valid when it signed
        is for the reader to judge, by ``keys[kid].nbf`` and ``.exp``.
        """
        return {kid: entry.key for kid, entry in self.keys.items() if entry.use is use and not entry.distrusted}


def sign(key_set: KeySet, root: PrivateKey) -> str:
    """Sign an edition with the root key, whose thumbprint becomes ``kid``.

    Raises:
        Flawed: ``KEY``; ``root`` is not the private half of ``key_set.root``.
    """
    if root.public != key_set.root:
        raise Flawed(Flaw.KEY, "root")
    said: dict[str, object] = {
        "iss": key_set.network,
        "era": key_set.number.era,
        "n": key_set.number.n,
        "iat": key_set.iat,
        "exp": key_set.exp,
        "root": key_set.root.jwk(),
        "keys": [_entry_to_json(entry) for entry in key_set.keys.values()],
    }
    if key_set.next_root is not None:
        said["next_root"] = base64url.encode(key_set.next_root)
    return jose.sign(said, typ=TYP, key=root, kid=root.public.kid)


def read(text: str, root_thumbprint: bytes) -> KeySet:
    """Read the key set of the network whose root has this thumbprint; the first one that a bank or client sees.

    Args:
        text: Whatever was received.
        root_thumbprint: 32 bytes, pinned at enrolment or configured.

    Raises:
        Flawed: whatever ``text`` is, nothing else.
    """
    return _read(text, (root_thumbprint,))


def accept(held: KeySet, text: str) -> KeySet:
    """Take a later edition in the place of ``held``, and refuse an earlier one.

    The later edition is signed by the root of ``held`` or by the next root that ``held`` names; from then on the former
    root counts no more.

    Returns:
        The new edition, or ``held`` itself if ``text`` is its text.

    Raises:
        Flawed: whatever ``text`` is, nothing else. ``ROLLED_BACK`` for an earlier edition or a second text under the
            number held; ``ISSUER`` for another network's.
    """
    roots = (held.root.thumbprint(),) if held.next_root is None else (held.root.thumbprint(), held.next_root)
    new = _read(text, roots)
    if new.network != held.network:
        raise Flawed(Flaw.ISSUER)
    return new if numbered.guard(held.number, new.number, same_text=text == held.text) else held


def _read(text: str, thumbprints: Iterable[bytes]) -> KeySet:
    # The claims name the key that checks them. They may: it counts only if its thumbprint is pinned.
    root = _jwk(jose.unverified_claims(text, most_chars=MOST_CHARS).get("root"), "root")
    if root.thumbprint() not in thumbprints:
        raise Flawed(Flaw.KEY_UNKNOWN)
    _header, said = jose.read(text, typs=TYPS, keys={root.kid: root}, most_chars=MOST_CHARS)
    iat, exp = claims.instant(said.get("iat"), "iat"), claims.instant(said.get("exp"), "exp")
    if exp <= iat:
        raise Flawed(Flaw.CLAIM, "exp")
    return KeySet(
        network=claims.text(said.get("iss"), claims.NETWORK_ID, "iss"),
        number=numbered.read(said),
        iat=iat,
        exp=exp,
        keys=_entries(said.get("keys")),
        root=root,
        next_root=_thumbprint(said["next_root"]) if "next_root" in said else None,
        text=text,
    )


def _entry_to_json(entry: NetworkKey) -> dict[str, object]:
    said: dict[str, object] = {
        "kid": entry.kid,
        "jwk": entry.key.jwk(),
        "use": entry.use.value,
        "nbf": entry.nbf,
        "exp": entry.exp,
    }
    if entry.distrusted:
        said["distrusted"] = True
    return said


def _entries(value: object) -> dict[str, NetworkKey]:
    if type(value) is not list or len(value) > MOST_KEYS:
        raise Flawed(Flaw.CLAIM, "keys")
    entries: dict[str, NetworkKey] = {}
    for said in value:
        entry = _entry(said)
        # Two keys under one name would leave it to the order of the list which of them counts.
        if entry.kid in entries:
            raise Flawed(Flaw.CLAIM, "keys.kid")
        entries[entry.kid] = entry
    if len({entry.key for entry in entries.values()}) != len(entries):
        raise Flawed(Flaw.CLAIM, "keys.jwk")  # one key, two uses
    return entries


def _entry(said: object) -> NetworkKey:
    if type(said) is not dict:
        raise Flawed(Flaw.CLAIM, "keys")
    distrusted = said.get("distrusted", False)
    if type(distrusted) is not bool:
        raise Flawed(Flaw.CLAIM, "keys.distrusted")
    return NetworkKey(
        kid=claims.text(said.get("kid"), _KID, "keys.kid"),
        key=_jwk(said.get("jwk"), "keys.jwk"),
        use=claims.choice(said.get("use"), Use, "keys.use"),
        nbf=claims.instant(said.get("nbf"), "keys.nbf"),
        exp=claims.instant(said.get("exp"), "keys.exp"),
        distrusted=distrusted,
    )


def _jwk(value: object, name: str) -> PublicKey:
    if type(value) is not dict:
        raise Flawed(Flaw.CLAIM, name)
    return PublicKey.from_jwk(value)


def _thumbprint(value: object) -> bytes:
    if type(value) is not str:
        raise Flawed(Flaw.CLAIM, "next_root")
    thumbprint = base64url.decode(value)
    if len(thumbprint) != _THUMBPRINT_BYTES:
        raise Flawed(Flaw.CLAIM, "next_root")
    return thumbprint
