"""The two signatures of the link's first moments, both over a nonce of the other side (see docs/protocol/08-link.md).

Neither needs the time: the bank proves its key by signing the gateway's nonce with its hello, and the network's
answer to the bank's own nonce is the only thing that may set the bank's clock back.
"""

from hashlib import sha256
from struct import Struct

from interlock.binding import join
from interlock.keys import PrivateKey, PublicKey

_UNIX_NS = Struct(">Q")


def prove_hello(key: PrivateKey, *, nonce: bytes, hello: bytes) -> bytes:
    """Sign the gateway's ``nonce`` with the serialized ``hello``, by the bank's key; 64 bytes."""
    return key.sign(_hello_message(nonce, hello))


def hello_proven(key: PublicKey, *, nonce: bytes, hello: bytes, proof: bytes) -> bool:
    """Say whether ``proof`` is ``prove_hello`` of the bank with this ``key``."""
    return key.verify(_hello_message(nonce, hello), proof)


def prove_time(key: PrivateKey, *, nonce: bytes, unix_ns: int) -> bytes:
    """Sign the time for the bank's ``nonce``, by a network key.

    Args:
        key: A signing key of the network, named in its key set.
        nonce: What the bank drew.
        unix_ns: Nanoseconds since 1970-01-01T00:00:00Z, 0..2**64-1.
    """
    return key.sign(_time_message(nonce, unix_ns))


def time_proven(key: PublicKey, *, nonce: bytes, unix_ns: int, proof: bytes) -> bool:
    """Say whether ``proof`` is ``prove_time`` for this nonce and time; a time beyond 64 bits is not."""
    return 0 <= unix_ns < 1 << 64 and key.verify(_time_message(nonce, unix_ns), proof)


def _hello_message(nonce: bytes, hello: bytes) -> bytes:
    return join(b"interlock-hello", nonce, sha256(hello).digest())


def _time_message(nonce: bytes, unix_ns: int) -> bytes:
    return join(b"interlock-time", nonce, _UNIX_NS.pack(unix_ns))
