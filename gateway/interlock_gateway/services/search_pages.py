"""Page tokens of searches: the place after which to go on, for this search alone (REQ-15)."""

from __future__ import annotations

import re
from typing import Any, Final

from google.protobuf.message import Message

from interlock import base64url
from interlock.flaws import Flawed
from interlock_gateway.domain.errors import PageTokenInvalid
from interlock_gateway.services.calling import Call
from interlock_gateway.services.pages import list_of
from interlock_gateway.use_cases.searching import Place

_TOKEN: Final = re.compile(r"(\d{1,6})\.([0-9a-f]{16})\.([a-z0-9/-]{1,200})", re.ASCII)


def after(call: Call, request: Any) -> Place | None:  # noqa: ANN401 - SearchBanksRequest
    """Read the place after which the page begins; ``None`` for the first.

    Raises:
        PageTokenInvalid: It was not given out for this search, or something else has changed since.
    """
    if not request.page_token:
        return None
    try:
        match = _TOKEN.fullmatch(base64url.decode(request.page_token).decode("ascii", "replace"))
    except Flawed:
        match = None
    if match is None or match[2] != list_of(call, request):
        raise PageTokenInvalid(field="page_token")
    return Place(int(match[1]), match[3])


def next_token(call: Call, request: Message, place: Place | None) -> str:
    """Write where the next page begins; empty on the last."""
    if place is None:
        return ""
    return base64url.encode(f"{place.distance_m}.{list_of(call, request)}.{place.name}".encode())
