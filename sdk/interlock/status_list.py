"""Token Status List: one bit or more for each token issued, compressed and signed (draft-ietf-oauth-status-list-17).

Revocation for a bank without a connection: the list comes down the link when there is one, and every token carries its
index. The list adds the claims ``era`` and ``n`` to the draft's, so an old one cannot take a new one's place
(ACC-46 to ACC-49).
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from interlock import base64url, claims, jose, numbered
from interlock.access_token import MOST_STATUS_INDEX
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey
from interlock.numbered import Number

TYP: Final = "statuslist+jwt"
TYPS: Final = frozenset({TYP})
MOST_CHARS: Final = 2 * 1024 * 1024
SIZE: Final = MOST_STATUS_INDEX + 1
"""Indices of a list that has a place for every token, also for those not issued yet (ACC-49)."""
MOST_BYTES: Final = SIZE // 8
"""Of the inflated list: one bit for each index."""

_BITS: Final = frozenset({1, 2, 4, 8})
_MOST_TTL_S: Final = 30 * 24 * 3600


class Status(IntEnum):
    """The statuses that the draft registers (section 7.1); 2 needs a list of two bits or more."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True)
class StatusArray:
    """The statuses themselves.

    Attributes:
        bits: 1, 2, 4 or 8 for each index.
        data: Packed, least significant bits first (section 4.1).
    """

    bits: int
    data: bytes

    def __post_init__(self) -> None:
        """Hold the width.

        Raises:
            Flawed: ``CLAIM``.
        """
        if type(self.bits) is not int or self.bits not in _BITS:
            raise Flawed(Flaw.CLAIM, "status_list.bits")

    def __len__(self) -> int:
        """Count the indices."""
        return len(self.data) * 8 // self.bits

    def __getitem__(self, index: int) -> int:
        """Return the status at ``index``.

        Raises:
            IndexError: ``index`` is not 0 .. ``len(self) - 1``. It is never taken for valid (section 8.3).
        """
        if not 0 <= index < len(self):
            raise IndexError(index)
        bit = index * self.bits
        return (self.data[bit >> 3] >> (bit & 7)) & ((1 << self.bits) - 1)

    @classmethod
    def of(cls, statuses: Mapping[int, int], *, size: int, bits: int = 1) -> "StatusArray":
        """Pack ``statuses``; an index that it does not name is valid.

        Args:
            statuses: Status by index.
            size: How many indices there are; rounded up to whole bytes.
            bits: For each index.

        Raises:
            Flawed: ``CLAIM``; an index beyond ``size``, or a status that needs more bits.
        """
        if bits not in _BITS:
            raise Flawed(Flaw.CLAIM, "status_list.bits")
        data = bytearray((size * bits + 7) // 8)
        for index, status in statuses.items():
            if not 0 <= index < size or not 0 <= status < 1 << bits:
                raise Flawed(Flaw.CLAIM, "status_list")
            bit = index * bits
            data[bit >> 3] |= status << (bit & 7)
        return cls(bits, bytes(data))

    def to_json(self) -> dict[str, object]:
        """Write the claim ``status_list``: ``bits`` and ``lst`` (section 4.2)."""
        return {"bits": self.bits, "lst": base64url.encode(zlib.compress(self.data, 9))}

    @classmethod
    def from_json(cls, value: object, *, most_bytes: int = MOST_BYTES) -> "StatusArray":
        """Read the claim ``status_list``.

        Args:
            value: An object with ``bits`` and ``lst``; ``aggregation_uri`` and the like are passed over, never fetched.
            most_bytes: Inflating stops here: a kilobyte can hold a gigabyte of zeroes.

        Raises:
            Flawed: ``CLAIM`` or ``ENCODING``; ``TOO_LONG`` for more than ``most_bytes``.
        """
        if type(value) is not dict:
            raise Flawed(Flaw.CLAIM, "status_list")
        bits, lst = value.get("bits"), value.get("lst")
        if type(bits) is not int or type(lst) is not str:
            raise Flawed(Flaw.CLAIM, "status_list")
        return cls(bits, _inflate(base64url.decode(lst), most_bytes))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """An edition of a network's list.

    Attributes:
        network: ``iss``.
        subject: ``sub``; the list's own name, unique in the network.
        number: ``era`` and ``n``.
        iat: Unix seconds when it was signed.
        exp: Unix seconds from which it must not be relied on.
        ttl_s: ``ttl``; after how many seconds to look for a newer one, 1 s .. 30 days.
        statuses: The array.
        text: The signed text it was read from; empty before signing.
    """

    network: str
    subject: str
    number: Number
    iat: int
    exp: int
    ttl_s: int
    statuses: StatusArray
    text: str = field(default="", repr=False, compare=False)


def sign(status_list: StatusList, key: PrivateKey, kid: str) -> str:
    """Sign an edition with a key of use ``access``."""
    said: dict[str, object] = {
        "iss": status_list.network,
        "sub": status_list.subject,
        "era": status_list.number.era,
        "n": status_list.number.n,
        "iat": status_list.iat,
        "exp": status_list.exp,
        "ttl": status_list.ttl_s,
        "status_list": status_list.statuses.to_json(),
    }
    return jose.sign(said, typ=TYP, key=key, kid=kid)


def read(text: str, keys: Mapping[str, PublicKey], *, network: str) -> StatusList:
    """Read a list that one of ``keys`` signed for ``network``.

    Raises:
        Flawed: whatever ``text`` is, nothing else. ``ISSUER`` for another network's.
    """
    _header, said = jose.read(text, typs=TYPS, keys=keys, most_chars=MOST_CHARS)
    if claims.text(said.get("iss"), claims.NETWORK_ID, "iss") != network:
        raise Flawed(Flaw.ISSUER)
    subject = said.get("sub")
    if type(subject) is not str:
        raise Flawed(Flaw.CLAIM, "sub")
    iat, exp = claims.instant(said.get("iat"), "iat"), claims.instant(said.get("exp"), "exp")
    if exp <= iat:
        raise Flawed(Flaw.CLAIM, "exp")
    return StatusList(
        network=network,
        subject=subject,
        number=numbered.read(said),
        iat=iat,
        exp=exp,
        ttl_s=claims.whole(said.get("ttl"), 1, _MOST_TTL_S, "ttl"),
        statuses=StatusArray.from_json(said.get("status_list")),
        text=text,
    )


def accept(held: StatusList | None, new: StatusList, *, era: int) -> StatusList:
    """Take ``new`` in the place of ``held``, or refuse it as older.

    Args:
        held: The list held now, or None.
        new: As ``read`` returned it.
        era: Of the key set held. Only the root opens an era, so a signing key cannot by itself outbid every later list.

    Returns:
        ``new``, or ``held`` if both are the same text.

    Raises:
        Flawed: ``ROLLED_BACK``; ``CLAIM`` for another era or another list than the one held.
    """
    if new.number.era != era:
        raise Flawed(Flaw.CLAIM, "era")
    if held is None:
        return new
    if (new.network, new.subject) != (held.network, held.subject):
        raise Flawed(Flaw.CLAIM, "sub")
    return new if numbered.guard(held.number, new.number, same_text=new.text == held.text) else held


def _inflate(data: bytes, most_bytes: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(data, most_bytes + 1)
    except zlib.error as error:
        raise Flawed(Flaw.CLAIM, "status_list.lst") from error
    if len(inflated) > most_bytes:
        raise Flawed(Flaw.TOO_LONG, "status_list.lst")
    if not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
        raise Flawed(Flaw.CLAIM, "status_list.lst")
    return inflated
