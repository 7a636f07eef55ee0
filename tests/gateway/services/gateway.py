"""The parts of a gateway for tests of servicers: a network made in a temporary directory, and whoever calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from interlock_gateway.domain.party import Role
from interlock_gateway.network import load
from interlock_gateway.network_init import make
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.links_port import NoLinks
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.verdicts import Verdicts
from interlock_gateway.use_cases.network import Network
from tests.gateway.scene import NOON, Scene, scene


@dataclass
class Gateway:
    """The parts, and the scene that they come from."""

    parts: Parts
    scene: Scene
    owner_code: str
    _ids: int = 0

    def call(self, service: Any, method: str, party: str, *roles: Role) -> Call:
        """A call of a party; the owner of the network is ``owner``."""
        return Call(f"{service.full_name}/{method}", "192.0.2.1", Viewer(party, frozenset(roles)))

    def request_id(self) -> str:
        """A fresh one."""
        self._ids += 1
        return str(UUID(int=self._ids))


@asynccontextmanager
async def gateway(directory: Path) -> AsyncIterator[Gateway]:
    """Run a gateway's parts, without its servers."""
    made = make(directory / "net", network_id="testnet", owner="owner", now=NOON)
    files = load(made.directory)
    async with scene(files.database, banks=()) as set_up:
        parts = Parts(
            committer=set_up.committer,
            readers=set_up.readers,
            log=set_up.log,
            files=files,
            network=Network(files.pin_key, files.vault),
            links=NoLinks(),
            clock=set_up.watch,
            entropy=set_up.dice,
            verdicts=Verdicts(set_up.readers, network=files.network_id, clock=set_up.watch),
        )
        yield Gateway(parts, set_up, made.code)
