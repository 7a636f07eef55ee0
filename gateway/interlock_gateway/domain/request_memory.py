"""What a repeated request gets: the first committed answer, or a refusal when it is another request (REQ-1 to REQ-4).

Only a committed outcome is remembered, beside what it is the outcome of. After a refusal nothing is remembered, so the
same id may try again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from interlock_gateway.domain.errors import RequestIdReused

KEPT_FOR: Final = timedelta(days=30)
"""How long an outcome is remembered (REQ-1)."""


def digest(canonical: bytes) -> str:
    """Write the digest under which a request is remembered: SHA-256, hexadecimal.

    Args:
        canonical: The request's content in one byte string that equal requests share, without the ``request_id``.
    """
    return hashlib.sha256(canonical).hexdigest()


def recall(request_id: str, *, asked: str, remembered: str | None, remembered_time: datetime, now: datetime) -> bool:
    """Say whether the remembered outcome is the answer to this request.

    Args:
        request_id: The caller's UUID, for the refusal.
        asked: Digest of the request that has come.
        remembered: Digest of the committed request under the same party, method and id; ``None``: there is none.
        remembered_time: When that was decided.
        now: Instant of the request.

    Returns:
        ``False``: nothing is remembered, or no longer; decide it.

    Raises:
        RequestIdReused: The id stands for a request with other content.
    """
    if remembered is None or now - remembered_time >= KEPT_FOR:
        return False
    if remembered != asked:
        raise RequestIdReused(request_id=request_id)
    return True
