"""How a new bank and its network come to trust each other by one code, of which the secret half is never sent.

The code carries an id, a 128-bit secret and the thumbprint of the network's root key. Each side proves that it knows
the secret by an HMAC over a fresh nonce; the bank's own secret comes back sealed under a key derived from it.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from interlock import base64url
from interlock.binding import derive, join
from interlock.flaws import Flaw, Flawed
from interlock.keys import PublicKey

_PREFIX: Final = "ilk1."
_CODE_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 16
_THUMBPRINT_BYTES: Final = 32
_CODE_CHARS: Final = 77
_SEAL_NONCE_BYTES: Final = 12
_BANK_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A one-time code, as it stands on the paper that comes with a bank.

    Attributes:
        code_id: 6 bytes; by which the gateway finds the code. Not secret.
        secret: 16 random bytes; shows in no ``repr``.
        root_thumbprint: RFC 7638 thumbprint of the network's root key, 32 bytes.
    """

    code_id: bytes
    secret: bytes = field(repr=False)
    root_thumbprint: bytes

    def __post_init__(self) -> None:
        """Hold the three lengths.

        Raises:
            Flawed: ``FORM``.
        """
        lengths = (len(self.code_id), len(self.secret), len(self.root_thumbprint))
        if lengths != (_CODE_ID_BYTES, _SECRET_BYTES, _THUMBPRINT_BYTES):
            raise Flawed(Flaw.FORM)

    def text(self) -> str:
        """Write the code: ``ilk1.`` and 72 base64url characters. A secret."""
        return _PREFIX + base64url.encode(self.code_id + self.secret + self.root_thumbprint)

    @classmethod
    def parse(cls, text: str) -> "EnrolmentCode":
        """Read a code; blanks around it, as pasting brings them, do no harm.

        Raises:
            Flawed: ``TOO_LONG``, ``FORM`` or ``ENCODING``.
        """
        text = text.strip()
        if len(text) > _CODE_CHARS:
            raise Flawed(Flaw.TOO_LONG)
        if len(text) < _CODE_CHARS or not text.startswith(_PREFIX):
            raise Flawed(Flaw.FORM)
        data = base64url.decode(text.removeprefix(_PREFIX))
        secret_end = _CODE_ID_BYTES + _SECRET_BYTES
        return cls(data[:_CODE_ID_BYTES], data[_CODE_ID_BYTES:secret_end], data[secret_end:])


def enrol_proof(code: EnrolmentCode, *, public_key: PublicKey, nonce: bytes) -> bytes:
    """Prove the knowledge of ``code`` for this key; 32 bytes, made by the bank and made again by the gateway.

    Args:
        code: The gateway that keeps only id, secret and thumbprint builds the same value.
        public_key: The bank's own; its canonical JWK is bound.
        nonce: Fresh, drawn by the bank.
    """
    message = join(code.code_id, public_key.canonical_jwk(), code.root_thumbprint, nonce)
    return hmac.digest(code.secret, message, sha256)


def answer_proof(code: EnrolmentCode, *, nonce: bytes, answer: bytes) -> bytes:
    """Prove that ``answer`` (the bytes as sent) comes from who made the code; 32 bytes."""
    return hmac.digest(code.secret, join(nonce, answer), sha256)


def proofs_equal(one: bytes, other: bytes) -> bool:
    """Compare two proofs in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one, other)


def seal(code: EnrolmentCode, bank_secret: bytes, *, nonce: bytes) -> bytes:
    """Seal the bank's secret under the code: AES-256-GCM, ``nonce`` in front; 60 bytes.

    Args:
        code: Its secret gives the key (HKDF, label ``interlock/seal``).
        bank_secret: 32 bytes, from which the bank's PIN and barcode keys derive.
        nonce: 12 random bytes, never used twice with one code.
    """
    if len(nonce) != _SEAL_NONCE_BYTES or len(bank_secret) != _BANK_SECRET_BYTES:
        raise Flawed(Flaw.FORM)
    return nonce + AESGCM(_seal_key(code)).encrypt(nonce, bank_secret, None)


def unseal(code: EnrolmentCode, sealed: bytes) -> bytes:
    """Open what ``seal`` closed; 32 bytes.

    Raises:
        Flawed: ``FORM`` for a wrong length, ``SIGNATURE`` for a seal under another code or a changed one.
    """
    try:
        secret = AESGCM(_seal_key(code)).decrypt(sealed[:_SEAL_NONCE_BYTES], sealed[_SEAL_NONCE_BYTES:], None)
    except InvalidTag as error:
        raise Flawed(Flaw.SIGNATURE) from error
    except ValueError as error:  # too short to hold a nonce
        raise Flawed(Flaw.FORM) from error
    if len(secret) != _BANK_SECRET_BYTES:
        raise Flawed(Flaw.FORM)
    return secret


def _seal_key(code: EnrolmentCode) -> bytes:
    return derive(code.secret, b"interlock/seal")
