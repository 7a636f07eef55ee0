"""A gateway's links on a loopback port, beside the scene of the use cases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import grpc

from interlock.edge.v1 import link_service_pb2_grpc
from interlock_gateway import network_init
from interlock_gateway.links.dispatch import Links
from interlock_gateway.links.parts import LinkParts
from interlock_gateway.links.servicer import EdgeLink
from interlock_gateway.network import NetworkFiles, load
from interlock_gateway.use_cases.enrolment import CodeMade, CreateEnrolmentCode
from tests.gateway.links.tiny_bank import Stream, TinyBank
from tests.gateway.scene import BANK, NOON, Scene, scene


@dataclass
class Linked:
    """A scene with links.

    Attributes:
        scene: The use cases.
        files: The network's keys.
        links: Which banks are connected.
        channel: To the gateway.
        seconds: What its monotonic clock shows; a test moves it.
        port: Where it listens on this machine.
    """

    scene: Scene
    files: NetworkFiles
    links: Links
    channel: grpc.aio.Channel
    seconds: list[float]
    port: int

    async def code(self) -> CodeMade:
        """Make an enrolment code for the scene's bank."""
        root = self.files.key_set.root.thumbprint()
        return await self.scene.committer.submit(
            CreateEnrolmentCode(bank=BANK, root_thumbprint=root, vault=self.files.vault)
        )

    async def enrolled(self) -> TinyBank:
        """A bank that has enrolled."""
        bank = TinyBank()
        await bank.enrol(self.channel, (await self.code()).text)
        return bank

    def stream(self, bank: TinyBank) -> Stream:
        """Dial as a bank."""
        return Stream(bank, self.channel)

    async def connected(self, bank: TinyBank) -> Stream:
        """Connect a bank and have it hold the latest manifest."""
        stream = self.stream(bank)
        await stream.connect()
        if not bank.held.number:
            await stream.manifest()
        assert await self.links.acknowledges(BANK, bank.held.number, 5.0)
        return stream


@asynccontextmanager
async def linked(folder: Path, *, heartbeat: timedelta = timedelta(seconds=30)) -> AsyncIterator[Linked]:
    """Run a gateway's links."""
    network_init.make(folder / "network", network_id="testnet", owner="owner", now=NOON)
    files = load(folder / "network")
    links = Links()
    async with scene(folder / "scene.db", also_told=links.added) as made:
        seconds = [1000.0]
        parts = LinkParts(
            committer=made.committer,
            readers=made.readers,
            files=files,
            links=links,
            clock=made.watch,
            entropy=made.dice,
            monotonic_s=lambda: seconds[0],
            heartbeat=heartbeat,
        )
        server = grpc.aio.server()
        link_service_pb2_grpc.add_EdgeLinkServiceServicer_to_server(EdgeLink(parts), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Linked(made, files, links, channel, seconds, port)
        finally:
            await server.stop(None)
