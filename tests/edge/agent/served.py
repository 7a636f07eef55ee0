"""The small gateway on a real socket, for banks that run in a process of their own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
from fake_gateway import FakeGateway

from interlock.edge.v1 import link_service_pb2, link_service_pb2_grpc


class Served(link_service_pb2_grpc.EdgeLinkServiceServicer):
    """Serves one bank.

    Attributes:
        mute: Nothing more is said on any stream, which stays open.
        connected: How many streams were opened.
    """

    def __init__(self, gateway: FakeGateway) -> None:
        self.gateway = gateway
        self.mute = False
        self.connected = 0
        self.changed = asyncio.Condition()

    async def Enroll(self, request: link_service_pb2.EnrollRequest, context: Any) -> Any:  # noqa: N802
        return self.gateway.enroll(request)

    async def Connect(  # noqa: N802
        self, requests: AsyncIterator[link_service_pb2.ConnectRequest], context: Any
    ) -> AsyncIterator[link_service_pb2.ConnectResponse]:
        self.connected += 1
        yield self.gateway.opened()
        async for request in requests:
            async with self.changed:
                answers = list(self.gateway.receive(request))
                self.changed.notify_all()
            for answer in answers:
                if not self.mute:
                    yield answer
            if request.WhichOneof("message") == "heartbeat" and not self.mute:
                yield self.gateway.says(heartbeat=link_service_pb2.GatewayHeartbeat(sequence=1))

    async def until(self, holds: Any) -> None:
        """Wait until something holds of the gateway."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(holds), 30)


async def serve(gateway: FakeGateway) -> tuple[Served, grpc.aio.Server, str]:
    """Serve on a free port; return the address."""
    served, server = Served(gateway), grpc.aio.server()
    link_service_pb2_grpc.add_EdgeLinkServiceServicer_to_server(served, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return served, server, f"127.0.0.1:{port}"
