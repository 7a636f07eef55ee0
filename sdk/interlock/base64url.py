"""Base64url without padding, with exactly one spelling for each byte string (RFC 4648 section 5, RFC 7515 section 2).

The standard library's decoder skips foreign characters, takes padding or leaves it, and ignores the spare bits of the
last character; each of these would give one token several spellings.
"""

import re
from base64 import urlsafe_b64encode
from binascii import a2b_base64

from interlock.flaws import Flaw, Flawed

ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)

# The last character of a group of two carries 4 spare bits, of a group of three 2; canonical means that they are zero.
_LAST_OF_TWO = frozenset("AQgw")
_LAST_OF_THREE = frozenset("AEIMQUYcgkosw048")
_TO_STANDARD = str.maketrans("-_", "+/")


def encode(data: bytes) -> str:
    """Encode ``data``, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Decode ``text``, of which ``encode`` is the only inverse.

    Raises:
        Flawed: ``ENCODING``; a foreign character, padding, an impossible length or spare bits that are not zero.
    """
    if ALPHABET.fullmatch(text) is None:
        raise Flawed(Flaw.ENCODING)
    return decode_checked(text)


def decode_checked(text: str) -> bytes:
    """Decode ``text`` whose characters were already held against the alphabet, by a regular expression.

    Raises:
        Flawed: ``ENCODING``; an impossible length or spare bits that are not zero.
    """
    spare = len(text) & 3
    if spare == 0:
        return a2b_base64(text.translate(_TO_STANDARD))
    if spare == 2:
        if text[-1] not in _LAST_OF_TWO:
            raise Flawed(Flaw.ENCODING)
        return a2b_base64(text.translate(_TO_STANDARD) + "==")
    if spare == 3:
        if text[-1] not in _LAST_OF_THREE:
            raise Flawed(Flaw.ENCODING)
        return a2b_base64(text.translate(_TO_STANDARD) + "=")
    raise Flawed(Flaw.ENCODING)
