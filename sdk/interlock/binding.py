"""How several values become one byte string to be signed, hashed or authenticated, and how keys derive from a secret.

Plain concatenation would let ("ab", "c") and ("a", "bc") share a signature. With the length before each part no two
lists of parts give the same bytes (ACC-8).
"""

from struct import Struct

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LENGTH = Struct(">I")


def join(*parts: bytes) -> bytes:
    """Join ``parts``, each after its length as 4 bytes, big-endian."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def derive(secret: bytes, label: bytes) -> bytes:
    """Derive a 32-byte key: HKDF-SHA-256 with an empty salt and ``label`` as its info (RFC 5869, ACC-9)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(secret)
