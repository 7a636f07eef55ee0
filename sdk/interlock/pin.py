"""The PIN as a bank sees it: never itself, only a keyed verifier (ACC-24, ACC-25).

A plain hash of eight digits is guessed in seconds. The key is the bank's own, so a verifier that travels in a
depositor's QR code tells nothing to whoever photographs it.
"""

import hmac
import re
from hashlib import sha256
from typing import Final

from interlock.binding import derive, join
from interlock.flaws import Flaw, Flawed

VERIFIER_BYTES: Final = 8
PIN: Final = re.compile(r"[0-9]{8}", re.ASCII)


def key(bank_secret: bytes, version: int) -> bytes:
    """Derive a bank's PIN key of this version from its secret; 32 bytes."""
    return derive(bank_secret, b"interlock/pin/v%d" % version)


def verifier(pin_key: bytes, *, audience: str, subject: str, series: int, pin: str) -> bytes:
    """Make the verifier of a PIN; 8 bytes.

    Args:
        pin_key: The bank's, from ``key``.
        audience: The bank's ``token_audience``.
        subject: The reservation's id alone, or the collector group's.
        series: Of the collect right.
        pin: Eight digits.

    Raises:
        Flawed: ``FORM``; ``pin`` is not eight ASCII digits.
    """
    if PIN.fullmatch(pin) is None:
        raise Flawed(Flaw.FORM)
    message = join(audience.encode("ascii"), subject.encode("ascii"), str(series).encode("ascii"), pin.encode("ascii"))
    return hmac.digest(pin_key, message, sha256)[:VERIFIER_BYTES]


def matches(expected: bytes, pin_key: bytes, *, audience: str, subject: str, series: int, pin: str) -> bool:
    """Say whether ``pin`` has the verifier ``expected``, in a time that does not tell how nearly.

    What was typed may be anything; what is not eight digits matches nothing.
    """
    if PIN.fullmatch(pin) is None:
        return False
    made = verifier(pin_key, audience=audience, subject=subject, series=series, pin=pin)
    return hmac.compare_digest(made, expected)
