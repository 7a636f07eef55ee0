"""A gateway in this process: the contract's real servicers over plain Python, on a free port of loopback.

It answers, remembers what it was asked, and fails on demand: before it has done anything, or after, when the answer is
lost. It knows call tokens and request ids; it knows nothing of capacity.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import grpc
from google.protobuf.message import Message

from interlock import call_token
from interlock.flaws import Flawed
from interlock.v1 import (
    access_service_pb2_grpc,
    directory_service_pb2_grpc,
    discrepancy_service_pb2_grpc,
    event_service_pb2_grpc,
    operator_service_pb2_grpc,
    party_service_pb2_grpc,
    receipt_service_pb2_grpc,
    reservation_service_pb2_grpc,
)
from interlock.v1.options_pb2 import CALLERS_ANYONE, access
from tests.sdk.fake.directory import Directory
from tests.sdk.fake.events import Events
from tests.sdk.fake.operators import Operators
from tests.sdk.fake.parties import Parties
from tests.sdk.fake.reservations import Reservations
from tests.sdk.fake.rights import Rights
from tests.sdk.fake.settling import Discrepancies, Receipts
from tests.sdk.fake.world import NETWORK, Refusal, Seen, World, refuse

SERVED = (
    (directory_service_pb2_grpc, "DirectoryService", Directory),
    (reservation_service_pb2_grpc, "ReservationService", Reservations),
    (access_service_pb2_grpc, "AccessService", Rights),
    (party_service_pb2_grpc, "PartyService", Parties),
    (operator_service_pb2_grpc, "OperatorService", Operators),
    (receipt_service_pb2_grpc, "ReceiptService", Receipts),
    (event_service_pb2_grpc, "EventService", Events),
    (discrepancy_service_pb2_grpc, "DiscrepancyService", Discrepancies),
)


class FakeGateway:
    """A gateway for one test. ``address`` is where it listens, ``world`` what it knows."""

    def __init__(self, tls: grpc.ServerCredentials | None = None) -> None:
        self._tls = tls
        self.world = World()
        self.before: deque[Refusal] = deque()
        """Refusals for the next calls, each used once, before anything is done."""
        self.after: deque[Refusal] = deque()
        """Refusals in place of the next answers, each used once, when all is done."""
        self.start()

    def start(self, port: int = 0) -> None:
        """Listen, on a free port or on one known before."""
        # SO_REUSEPORT would let a second gateway share the port of the first without a word.
        self._server = grpc.server(ThreadPoolExecutor(max_workers=16), options=[("grpc.so_reuseport", 0)])
        for module, service, servicer in SERVED:
            add = getattr(module, f"add_{service}Servicer_to_server")
            add(_Guarded(self, servicer(self.world)), self._server)
        where = f"127.0.0.1:{port}"
        if self._tls is None:
            self.port = self._server.add_insecure_port(where)
        else:
            self.port = self._server.add_secure_port(where, self._tls)
        self._server.start()

    def stop(self) -> None:
        """Stop listening; calls under way end."""
        self._server.stop(grace=0).wait()

    @property
    def address(self) -> str:
        """``host:port``."""
        return f"127.0.0.1:{self.port}"

    def methods(self) -> list[str]:
        """The methods that were called, in order."""
        return [seen.method for seen in self.world.seen]

    def last(self, method: str) -> Any:
        """The last request of a method."""
        return next(seen.request for seen in reversed(self.world.seen) if seen.method == method)

    def caller(self, authorization: str) -> str:
        """Whose call token this is.

        Raises:
            Refusal: nobody's.
        """
        text = authorization.removeprefix("Bearer ")
        if not text:
            raise Refusal("UNAUTHENTICATED", "CALL_TOKEN_MISSING")
        try:
            actor, _, key = self.world.owners[call_token.key_id(text)]
            call_token.read(text, {key.kid: key}, actor=actor, network=NETWORK, now=int(time.time()))
        except (Flawed, KeyError) as error:
            raise Refusal("UNAUTHENTICATED", "CALL_TOKEN_INVALID") from error
        return actor

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()


class _Guarded:
    """A servicer behind the gateway's door: each method with authentication, a record of the call, and faults."""

    def __init__(self, gateway: FakeGateway, servicer: Any) -> None:
        self._gateway = gateway
        self._servicer = servicer

    def __getattr__(self, method: str) -> Callable[[Message, grpc.ServicerContext], Any]:
        answer = getattr(self._servicer, method, _not_served)
        streams = method.startswith(("Watch", "Stream"))

        def unary(request: Message, context: grpc.ServicerContext) -> Any:
            try:
                answered = answer(request, self._admit(method, request, context))
                if self._gateway.after:
                    raise self._gateway.after.popleft()
            except Refusal as refusal:
                refuse(context, refusal)
            return answered

        def stream(request: Message, context: grpc.ServicerContext) -> Any:
            try:
                yield from answer(request, self._admit(method, request, context))
                if self._gateway.after:
                    raise self._gateway.after.popleft()
            except Refusal as refusal:
                refuse(context, refusal)

        return stream if streams else unary

    def _admit(self, method: str, request: Message, context: grpc.ServicerContext) -> str:
        metadata = dict(context.invocation_metadata())
        authorization = str(metadata.get("authorization", ""))
        seen = Seen(method, request, "", authorization)
        self._gateway.world.seen.append(seen)
        if self._gateway.before:
            raise self._gateway.before.popleft()
        if not self._open(method, request):
            seen.caller = self._gateway.caller(authorization)
        return seen.caller

    @staticmethod
    def _open(method: str, request: Message) -> bool:
        services = request.DESCRIPTOR.file.services_by_name.values()
        described = next(each for service in services for each in service.methods if each.name == method)
        return bool(described.GetOptions().Extensions[access].callers == CALLERS_ANYONE)


def _not_served(_request: Message, _caller: str) -> Any:
    raise Refusal("UNIMPLEMENTED", "NOT_SERVED_YET", "This gateway does not serve that yet.")
