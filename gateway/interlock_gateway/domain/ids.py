"""Identifiers from random bytes: how many bits each has, and how it is written (PTY-4).

The randomness is an argument. Base32 is the alphabet of RFC 4648 section 6 in lower case, without padding: it survives
being read aloud, and no digit looks like a letter.
"""

from __future__ import annotations

from base64 import b32encode, urlsafe_b64encode
from typing import Final

ID_BYTES: Final = 10
"""80 bits, 16 characters: reservations, discrepancies, commands, evacuations, visits, keys, webhooks, journals."""
GROUP_BYTES: Final = 7
"""50 of these 56 bits are used, 10 characters: collector groups. More would not fit into a deposit token (ACC-13)."""
AUDIENCE_BYTES: Final = 8
"""60 of these 64 bits are used, 12 characters."""
JTI_BYTES: Final = 12
"""96 bits, 16 characters."""
PIN_SUBJECT_BYTES: Final = 16

_AUDIENCE_LENGTH: Final = 12
_GROUP_LENGTH: Final = 10


def _exactly(entropy: bytes, size: int) -> bytes:
    """Refuse too few bytes, which would make a guessable name, and too many, which would hide a mistake."""
    if len(entropy) != size:
        message = f"{len(entropy)} random bytes where {size} are wanted"
        raise ValueError(message)
    return entropy


def _base32(data: bytes) -> str:
    return b32encode(data).decode("ascii").rstrip("=").lower()


def random_id(entropy: bytes) -> str:
    """Write an id of ``[a-z2-7]{16}`` from ``ID_BYTES`` random bytes."""
    return _base32(_exactly(entropy, ID_BYTES))


def group_id(entropy: bytes) -> str:
    """Write a collector group's id, ``[a-z2-7]{10}``, from ``GROUP_BYTES`` random bytes."""
    return _base32(_exactly(entropy, GROUP_BYTES))[:_GROUP_LENGTH]


def token_audience(entropy: bytes) -> str:
    """Write a bank's ``token_audience``, ``[a-z2-7]{12}``, from ``AUDIENCE_BYTES`` random bytes."""
    return _base32(_exactly(entropy, AUDIENCE_BYTES))[:_AUDIENCE_LENGTH]


def jti(entropy: bytes) -> str:
    """Write a token's identifier, 16 characters base64url, from ``JTI_BYTES`` random bytes."""
    return urlsafe_b64encode(_exactly(entropy, JTI_BYTES)).decode("ascii")


def key_id(thumbprint: bytes) -> str:
    """Write the id of a public key: the first 80 bits of its RFC 7638 thumbprint.

    Derived, not drawn: whoever holds the thumbprint finds the key by its name, and no key can have two (PTY-6).
    """
    return _base32(thumbprint[:ID_BYTES])
