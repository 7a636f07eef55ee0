"""``EdgeLink``: the contract's ``EdgeLinkService`` (docs/protocol/08-link.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final, NoReturn

import grpc
import structlog

from interlock.edge.v1 import link_service_pb2, link_service_pb2_grpc
from interlock_gateway.domain.errors import StoreUnavailable
from interlock_gateway.links.conversation import Conversation
from interlock_gateway.links.enrolling import enroll
from interlock_gateway.links.parts import LinkParts
from interlock_gateway.ports import ShelfFailure
from interlock_gateway.services.limits import AddressLimit, address_of
from interlock_gateway.services.status import DETAILS_KEY, INTERNAL, status_of
from interlock_gateway.services.validation import validate

log = structlog.get_logger("interlock.gateway.links")
RETRY_AFTER: Final = timedelta(seconds=5)
_CODES: Final = {code.value[0]: code for code in grpc.StatusCode}
Context = grpc.aio.ServicerContext[Any, Any]


class EdgeLink(link_service_pb2_grpc.EdgeLinkServiceServicer):
    """Serves banks. ``link_service_pb2_grpc.add_EdgeLinkServiceServicer_to_server`` adds it to a server."""

    def __init__(self, parts: LinkParts) -> None:
        """Serve with these parts."""
        self._parts = parts
        self._limit = AddressLimit(monotonic_s=parts.monotonic_s)

    async def Enroll(  # noqa: N802 - the contract's name
        self, request: link_service_pb2.EnrollRequest, context: Context
    ) -> link_service_pb2.EnrollResponse:
        """Make a bank's own key known."""
        try:
            self._limit.take(address_of(context.peer()))
            validate(request)
            return await enroll(request, committer=self._parts.committer, files=self._parts.files)
        except Exception as failure:  # noqa: BLE001 - whatever was raised, the caller gets a status
            await _refuse(failure, context)

    async def Connect(  # type: ignore[override]  # noqa: N802 - gRPC takes a coroutine that writes too
        self, request_iterator: AsyncIterator[link_service_pb2.ConnectRequest], context: Context
    ) -> None:
        """Speak with a bank until the stream ends."""
        try:
            self._limit.take(address_of(context.peer()))
            await Conversation(self._parts, context.write).run(request_iterator)
        except Exception as failure:  # noqa: BLE001 - as above
            await _refuse(failure, context)


async def _refuse(failure: Exception, context: Context) -> NoReturn:
    """End a call with the status of a failure; what is ours is logged and not told."""
    if isinstance(failure, ShelfFailure):
        failure = StoreUnavailable(retry_after=RETRY_AFTER)
    status = status_of(failure)
    if status is None:
        log.error("a link failed", exc_info=failure)
        status = INTERNAL
    await context.abort(_CODES[status.code], status.message, ((DETAILS_KEY, status.SerializeToString()),))
