"""Between gRPC and the servicers: what happens around every call, the same for all methods.

Who calls, whether it may, whether the request follows the contract; then the servicer; then the answer or, for
whatever was raised, its status. A method that no servicer has is refused here, so nobody writes it out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import grpc
import structlog
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from interlock_gateway.domain.errors import (
    CallTokenInvalid,
    CallTokenMissing,
    NotServedYet,
    PartySuspended,
    ShuttingDown,
    StoreUnavailable,
)
from interlock_gateway.domain.party import admit
from interlock_gateway.metrics import CALL_SECONDS, CALLS
from interlock_gateway.ports import ShelfFailure
from interlock_gateway.services.access import Rules, rules_of
from interlock_gateway.services.calling import Call
from interlock_gateway.services.limits import AddressLimit, address_of
from interlock_gateway.services.status import DETAILS_KEY, INTERNAL, status_of
from interlock_gateway.services.validation import validate
from interlock_gateway.services.verdicts import Verdicts
from interlock_gateway.use_cases.committer import RETRY_AFTER

_BEARER: Final = "bearer "
_STATUS: Final = {code.value[0]: code for code in grpc.StatusCode}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a call passes through.

    Attributes:
        verdicts: Judges call tokens.
        limit: Counts calls without one, by address.
    """

    verdicts: Verdicts
    limit: AddressLimit

    async def admit(self, rules: Rules, method: str, context: grpc.aio.ServicerContext[Any, Any]) -> Call:
        """Find out who calls, and let it pass by what it is.

        Raises:
            Refusal: It may not.
        """
        address = address_of(context.peer())
        token = _token(context)
        if rules.anyone:
            self.limit.take(address)
            return Call(method, address, None)
        if token is None:
            self.limit.take(address)
            raise CallTokenMissing(method=method)
        try:
            verdict = await self.verdicts.judge(token)
        except CallTokenInvalid:
            # Judging costs a look into the store: whoever guesses is counted as whoever brings nothing.
            self.limit.take(address)
            raise
        admit(verdict.party, rules.roles)
        return Call(method, address, verdict.viewer)


def _token(context: grpc.aio.ServicerContext[Any, Any]) -> str | None:
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str) and value[: len(_BEARER)].lower() == _BEARER:
            return value[len(_BEARER) :].strip()
    return None


def handlers(
    servicers: Iterable[Any], services: Iterable[ServiceDescriptor], gate: Gate
) -> list[grpc.GenericRpcHandler]:
    """Make the handlers of services.

    Args:
        servicers: Each with ``SERVICE``, the descriptor of the service that it serves.
        services: All services of the contract; of one without a servicer no method is served.
        gate: What every call passes through.

    Raises:
        Undeclared: A method does not say who may call it.
    """
    services = tuple(services)
    rules = rules_of(services)
    serving = {servicer.SERVICE.full_name: servicer for servicer in servicers}
    return [_service(service, serving.get(service.full_name), rules, gate) for service in services]


def _service(
    service: ServiceDescriptor,
    servicer: Any,  # noqa: ANN401 - any servicer
    rules: Mapping[str, Rules],
    gate: Gate,
) -> grpc.GenericRpcHandler:
    methods = {}
    for method in service.methods:
        name = f"{service.full_name}/{method.name}"
        serve = getattr(servicer, method.name, None)
        wrapped = Method(name, rules[name], gate, serve)
        make = grpc.unary_stream_rpc_method_handler if method.server_streaming else grpc.unary_unary_rpc_method_handler
        methods[method.name] = make(wrapped.stream if method.server_streaming else wrapped.unary, **_codecs(method))
    return grpc.method_handlers_generic_handler(service.full_name, methods)


def _codecs(method: MethodDescriptor) -> dict[str, Any]:
    return {
        "request_deserializer": GetMessageClass(method.input_type).FromString,
        "response_serializer": GetMessageClass(method.output_type).SerializeToString,
    }


@dataclass(frozen=True, slots=True)
class Method:
    """One method as served.

    Attributes:
        name: Full name.
        rules: Who may call it.
        gate: What every call passes through.
        serve: The servicer's method; ``None``: not served yet.
    """

    name: str
    rules: Rules
    gate: Gate
    serve: Any

    async def unary(self, request: Message, context: grpc.aio.ServicerContext[Any, Any]) -> Message:
        """Answer a call."""
        with CALL_SECONDS.labels(self.name).time():
            try:
                call = await self._prepared(request, context)
                answer: Message = await self.serve(request, call)
            except Exception as failure:
                await self._refuse(failure, context)
                raise
        CALLS.labels(self.name, "OK").inc()
        return answer

    async def stream(self, request: Message, context: grpc.aio.ServicerContext[Any, Any]) -> AsyncIterator[Message]:
        """Answer a call with a stream; it is judged when it opens, and a suspension ends it."""
        call: Call | None = None
        try:
            call = await self._prepared(request, context)
            with self.gate.verdicts.streaming(call.party if call.caller else ""):
                async for answer in self.serve(request, call):
                    yield answer
        except asyncio.CancelledError:
            if call is None or context.cancelled() or context.done():
                raise
            # Nobody hung up: the caller was suspended, or the gateway goes down.
            closing = self.gate.verdicts.closing
            ended = ShuttingDown(retry_after=RETRY_AFTER) if closing else PartySuspended(party=f"parties/{call.party}")
            await self._refuse(ended, context)
        except Exception as failure:  # noqa: BLE001 - as above
            await self._refuse(failure, context)
        else:
            CALLS.labels(self.name, "OK").inc()

    async def _prepared(self, request: Message, context: grpc.aio.ServicerContext[Any, Any]) -> Call:
        """Let a call pass, or refuse it."""
        call = await self.gate.admit(self.rules, self.name, context)
        self.rules.check(request, call.caller.party if call.caller else None)
        if self.serve is None:
            raise NotServedYet(method=self.name)
        validate(request)
        return call

    async def _refuse(self, failure: Exception, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        """End a call with the status of a failure; what is ours is logged and not told."""
        if isinstance(failure, ShelfFailure):
            log.warning("the store failed", method=self.name, failure=str(failure))
            failure = StoreUnavailable(retry_after=RETRY_AFTER)
        status = status_of(failure)
        if status is None:
            log.error("a call failed", method=self.name, exc_info=failure)
            status = INTERNAL
        code = _STATUS[status.code]
        CALLS.labels(self.name, code.name).inc()
        await context.abort(code, status.message, ((DETAILS_KEY, status.SerializeToString()),))
