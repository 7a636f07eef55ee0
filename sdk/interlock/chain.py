"""The hash chain over the custody facts of one journal: what makes a journal tamper-evident (RCP-10, RCP-11).

h(0) = SHA-256(join("interlock-journal", journal id)); h(n) = SHA-256(h(n-1) | fact n), over the bytes that the bank
serialized once. Nobody serializes a fact again to check it: protobuf does not promise the same bytes twice.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from interlock.binding import join

HASH_BYTES: Final = 32


def start(journal_id: str) -> bytes:
    """Return h(0) of a journal; 32 bytes.

    Args:
        journal_id: 16 base32 characters.
    """
    return sha256(join(b"interlock-journal", journal_id.encode("ascii"))).digest()


def follow(previous: bytes, fact: bytes) -> bytes:
    """Return h(n) from h(n-1), 32 bytes, and the serialized fact n."""
    return sha256(previous + fact).digest()


def walk(previous: bytes, facts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the hash after each of ``facts``, which follow one another without a gap after ``previous``."""
    for fact in facts:
        previous = follow(previous, fact)
        yield previous
