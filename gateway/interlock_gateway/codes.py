"""Registration codes: how the two halves are written and told apart (PTY-7).

``{code_id}.{secret}``: the first half finds the row, of the second only the SHA-256 is kept.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from interlock import base64url
from interlock_gateway.domain.ids import ID_BYTES, random_id
from interlock_gateway.domain.names import PartyName
from interlock_gateway.domain.party import CODE_LASTS, RegistrationCode
from interlock_gateway.ports import Entropy

_SECRET_BYTES = 20


def new_code(party: PartyName, *, entropy: Entropy, now: datetime) -> tuple[str, RegistrationCode]:
    """Draw a code.

    Returns:
        Its text, which is shown once, and the row that is kept.
    """
    code_id = random_id(entropy.token_bytes(ID_BYTES))
    secret = base64url.encode(entropy.token_bytes(_SECRET_BYTES))
    row = RegistrationCode(
        code_id=code_id, secret_hash=hash_of(secret), party=party, expire_time=now + CODE_LASTS, used_thumbprint=None
    )
    return f"{code_id}.{secret}", row


def halves(text: str) -> tuple[str, bytes]:
    """Give the id of a code and the hash of its secret; whatever the text is, no row may have them."""
    code_id, _, secret = text.partition(".")
    return code_id, hash_of(secret)


def hash_of(secret: str) -> bytes:
    """Hash the secret half."""
    return hashlib.sha256(secret.encode()).digest()
