"""The link without a network: what one side says is what the other takes in, in order."""

from collections import deque
from pathlib import Path

from fake_gateway import GATEWAY, FakeGateway

from interlock.edge.v1 import link_service_pb2
from interlock_edge import identity
from interlock_edge.built import LAYOUT
from interlock_edge.enrol import Asking
from interlock_edge.layouts import layout_of
from interlock_edge.link.session import Session
from interlock_edge.simulate.table import Table


def enrolled(gateway: FakeGateway, directory: Path) -> None:
    """Enrol a bank without a connection."""
    asking = Asking(gateway.code, identity.key_of(directory), b"n" * 32)
    answer = gateway.enroll(asking.request(layout_of("small")))
    identity.save(asking.believed(answer, gateway=GATEWAY), directory)
    (directory / LAYOUT).write_text(layout_of("small").text)


class Line:
    """One bank's stream, which can be cut and made anew."""

    def __init__(self, gateway: FakeGateway, table: Table) -> None:
        self.gateway, self.table = gateway, table
        self.session: Session | None = None
        self._up: deque[link_service_pb2.ConnectRequest] = deque()

    async def connect(self) -> Session:
        """Open a stream and let the two talk until neither has anything left to say."""
        self._up.clear()
        self.session = Session(self.table.running(), self.table.layout, self._up.append)
        await self.down(self.gateway.opened())
        return self.session

    def cut(self) -> None:
        self.session = None

    async def down(self, *messages: link_service_pb2.ConnectResponse) -> None:
        """Have the gateway say something, and go on until there is silence."""
        assert self.session is not None
        waiting = deque(messages)
        while waiting or self._up:
            while waiting:
                await self.session.receive(waiting.popleft())
            while self._up:
                waiting += self.gateway.receive(self._up.popleft())

    async def up(self) -> None:
        """Send what the bank has to send by now."""
        assert self.session is not None
        self.session.flush()
        await self.down()
