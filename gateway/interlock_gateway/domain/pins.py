"""PINs: eight digits derived from a subject, never stored (RES-31, RES-32).

The PIN is a keyed hash of a random subject and a count. Who has the network's PIN key and the reservation derives it
again whenever it is needed; who has the database alone has nothing. Members of a collector group share a subject, so
they share a PIN.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from struct import Struct
from typing import Final, NamedTuple

DIGITS: Final = 8
"""With 60 PINs live at a bank and a guess a minute, 0.09 % break-in chance a day; six digits: 8.3 %."""

MOST_TRIES: Final = 1000
"""With 10,000 PINs live at one bank, the chance that so many in a row are taken is below 10 to the minus 3000."""

_COUNT: Final = Struct(">I")


def _join(*parts: bytes) -> bytes:
    """Join parts, each after its length as 4 bytes, big-endian, so that no two lists of parts give the same bytes."""
    return b"".join(_COUNT.pack(len(part)) + part for part in parts)


def pin(key: bytes, subject: bytes, number: int) -> str:
    """Derive a PIN: the first 8 bytes of HMAC-SHA-256 over subject and number, modulo 10 to the 8, zero-padded.

    Args:
        key: The network's PIN key.
        subject: ``PIN_SUBJECT_BYTES`` random bytes of the reservation, or of its collector group.
        number: 0 for the first try; 4 bytes, big-endian.
    """
    digest = hmac.digest(key, _join(subject, _COUNT.pack(number)), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


class Chosen(NamedTuple):
    """A PIN that is free at a bank.

    Attributes:
        number: Kept with the reservation; derives the PIN again.
        pin: The PIN.
    """

    number: int
    pin: str


def first_free(key: bytes, subject: bytes, *, taken: Callable[[str], bool], start: int = 0) -> Chosen:
    """Choose the first PIN that nobody at the bank has (RES-32).

    Args:
        key: The network's PIN key.
        subject: Of the reservation or group.
        taken: Whether a PIN is live at the bank, asked under the bank's lock. A PIN is live until the bank has
            acknowledged the end of all rights that it stands for.
        start: First number to try; one more than the present to replace a PIN.

    Raises:
        RuntimeError: A thousand in a row are taken, which random numbers do not do: ``taken`` is broken.
    """
    for number in range(start, start + MOST_TRIES):
        candidate = pin(key, subject, number)
        if not taken(candidate):
            return Chosen(number, candidate)
    message = "every PIN tried is taken"
    raise RuntimeError(message)
