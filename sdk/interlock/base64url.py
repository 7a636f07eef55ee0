"""Base64url without padding, with exactly one spelling for each byte string (RFC 4648 section 5, RFC 7515 section 2).

The standard library's decoder skips foreign characters, takes padding or leaves it, and ignores the spare bits of the
last character; each of these would give one token several spellings.
"""

import re
from base64 import urlsafe_b64encode
from binascii import a2b_base64
from typing import Final

from interlock.flaws import Flaw, Flawed

ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)

# By the length modulo four: which characters may come last so that their spare bits are zero (a group of two characters
# carries one byte and 4 spare bits, a group of three carries two and 2), and the padding that completes the group.
_LAST: Final = (None, frozenset[str](), frozenset("AQgw"), frozenset("AEIMQUYcgkosw048"))
_PADDING: Final = ("", "", "==", "=")
_TO_STANDARD: Final = str.maketrans("-_", "+/")


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
    remainder = len(text) & 3
    last = _LAST[remainder]
    if last is not None and text[-1] not in last:
        raise Flawed(Flaw.ENCODING)
    return a2b_base64(text.translate(_TO_STANDARD) + _PADDING[remainder])
