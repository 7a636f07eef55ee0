"""Page tokens: where a list goes on, for this list and these filters alone (REQ-15)."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

from google.protobuf.message import Message

from interlock import base64url
from interlock.flaws import Flawed
from interlock_gateway.domain.errors import PageTokenInvalid
from interlock_gateway.services.calling import Call

DEFAULT_SIZE: Final = 50
_TOKEN: Final = re.compile(rb"([0-9]{1,19})\.([0-9a-f]{16})")


def size_of(request: Any) -> int:  # noqa: ANN401 - any message with a page_size
    """How many the caller wants at most."""
    return int(request.page_size) or DEFAULT_SIZE


def start(call: Call, request: Any) -> int | None:  # noqa: ANN401 - any message with a page_token
    """Read where a page begins; ``None`` for the first.

    Raises:
        PageTokenInvalid: It was not given out for this list, or the filters have changed since.
    """
    if not request.page_token:
        return None
    try:
        match = _TOKEN.fullmatch(base64url.decode(request.page_token))
    except Flawed:
        match = None
    if match is None or match[2].decode() != list_of(call, request):
        raise PageTokenInvalid(field="page_token")
    return int(match[1])


def next_token(call: Call, request: Message, next_row: int | None) -> str:
    """Write where the next page begins; empty on the last."""
    if next_row is None:
        return ""
    return base64url.encode(f"{next_row}.{list_of(call, request)}".encode())


def list_of(call: Call, request: Message) -> str:
    """Name the list: caller, method and filters."""
    plain = type(request)()
    plain.CopyFrom(request)
    plain.ClearField("page_token")
    plain.ClearField("page_size")
    content = plain.SerializeToString(deterministic=True)
    return hashlib.sha256(f"{call.party}\n{call.method}\n".encode() + content).hexdigest()[:16]
