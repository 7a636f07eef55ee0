"""The vault: encrypts the people of reservations and derives what belongs to one bank alone (PTY-12).

Each reservation has a data key of its own, wrapped by its carrier's key, which derives from the network's master key.
Destroying the wrapped key erases one person and nobody else.
"""

from __future__ import annotations

import secrets
from functools import lru_cache, partial
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from interlock.binding import derive, join
from interlock_gateway.use_cases.personal import Personal

MASTER_BYTES: Final = 32
ENROLMENT_SECRET_BYTES: Final = 16
_NONCE_BYTES: Final = 12


class CannotOpen(Exception):
    """What is sealed was changed, or was sealed by another network."""


class Vault:
    """Seals and opens under one network's master key."""

    def __init__(self, master: bytes) -> None:
        """Keep the master key.

        Raises:
            ValueError: It has not 32 bytes.
        """
        if len(master) != MASTER_BYTES:
            message = f"the vault's master key has {len(master)} bytes and needs {MASTER_BYTES}"
            raise ValueError(message)
        self._master = master
        # Derived keys are asked for again and again, and deriving one takes as long as sealing a person.
        self._derived = lru_cache(4096)(partial(derive, master))

    def seal(self, reservation: str, party: str, people: bytes, /) -> Personal:
        """Encrypt ``people`` for the reservation of this id and its carrier."""
        data_key = AESGCM.generate_key(bit_length=256)
        bound = join(reservation.encode(), party.encode())
        return Personal(
            reservation=reservation,
            party=party,
            wrapped_key=_encrypt(self._party_key(party), data_key, bound),
            ciphertext=_encrypt(data_key, people, bound),
        )

    def open(self, sealed: Personal) -> bytes:
        """Decrypt the people of a reservation; empty once they are erased.

        Raises:
            CannotOpen: It was changed, moved to another row, or sealed under another key.
        """
        if sealed.erased:
            return b""
        bound = join(sealed.reservation.encode(), sealed.party.encode())
        data_key = _decrypt(self._party_key(sealed.party), sealed.wrapped_key, bound)
        return _decrypt(data_key, sealed.ciphertext, bound)

    def bank_secret(self, token_audience: str) -> bytes:
        """Derive the secret of a bank, 32 bytes, from which its PIN and barcode keys derive.

        Derived and never stored: a ``token_audience`` is never reused, so no two banks share one.
        """
        return self._derived(b"interlock/bank/" + token_audience.encode("ascii"))

    def code_secret(self, code_id: bytes) -> bytes:
        """Derive the secret half of an enrolment code, 16 bytes: who has the database alone has no code."""
        return derive(self._master, b"interlock/enrolment-code/" + code_id)[:ENROLMENT_SECRET_BYTES]

    def _party_key(self, party: str) -> bytes:
        return self._derived(b"interlock/party/" + party.encode("ascii"))


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as failure:
        message = "sealed under another key, or changed since"
        raise CannotOpen(message) from failure
