"""A gateway in this process, on loopback, with parties that call it through the SDK."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from google.type.latlng_pb2 import LatLng
from google.type.postal_address_pb2 import PostalAddress

from interlock import AsyncClient, PrivateKey, Retry, call_token
from interlock.v1 import bank_pb2, compartment_pb2, need_pb2
from interlock_gateway.domain.names import BankName
from interlock_gateway.main import Running, gateway
from interlock_gateway.network_init import make
from interlock_gateway.services.links_port import NoLinks
from interlock_gateway.settings import Settings
from interlock_gateway.use_cases.network import Reach

OWNER = "demo-network"
BANK = "parties/oko/banks/hbf-1"


class HeardJustNow(NoLinks):
    """Every bank was heard a moment ago, and none can be asked."""

    def reach(self, bank: BankName) -> Reach:
        return Reach(datetime.now(UTC))


@dataclass
class Town:
    """A network with an owner, an operator with an open bank, and two carriers."""

    running: Running
    owner: AsyncClient
    clients: AsyncExitStack
    keys: dict[str, PrivateKey] = field(default_factory=dict)

    def client(self, party: str = "", key: PrivateKey | None = None) -> AsyncClient:
        """A client of a party, or of nobody."""
        client = AsyncClient(
            f"http://{self.running.address}",
            party=party,
            key=key,
            network="demo" if party else "",
            retry=Retry(most_pause_s=0.0, first_pause_s=0.0),
        )
        self.clients.push_async_callback(client.close)
        return client

    def token(self, party: str) -> str:
        """A call token of a party that has joined."""
        return call_token.mint(f"parties/{party}", self.keys[party], network="demo", now=int(time.time()))

    async def join(self, party: str, *roles: str) -> AsyncClient:
        """Let a party come in by a registration code."""
        await self.owner.add_party(party, party.title(), roles)
        code = (await self.owner.create_registration_code(f"parties/{party}")).code
        key = self.keys[party] = PrivateKey.generate()
        await self.client().register_key(code, key)
        return self.client(party, key)


def bank() -> bank_pb2.Bank:
    """A bank as an operator describes it, bookable by all."""
    return bank_pb2.Bank(
        display_name="Hauptbahnhof",
        position=LatLng(latitude=47.378, longitude=8.54),
        address=PostalAddress(region_code="CH", locality="Zürich"),
        time_zone="Europe/Zurich",
        inputs=[need_pb2.INPUT_SCANNER, need_pb2.INPUT_KEYPAD],
        bookable_by=bank_pb2.BookableBy(mode=bank_pb2.BOOKABLE_BY_MODE_ALL),
    )


def compartments(count: int) -> list[compartment_pb2.Compartment]:
    """Doors of class M."""
    return [
        compartment_pb2.Compartment(
            name=f"{BANK}/compartments/{number}",
            clear=need_pb2.Dimensions(width_mm=400, height_mm=200, depth_mm=600),
            climate=need_pb2.CLIMATE_AMBIENT,
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def links() -> HeardJustNow:
    """What the services see of the links to banks."""
    return HeardJustNow()


@pytest.fixture
async def town(tmp_path: Path, links: HeardJustNow) -> AsyncIterator[Town]:
    """The network."""
    directory = tmp_path / "network"
    made = make(directory, network_id="demo", owner=OWNER, now=datetime.now(UTC))
    settings = Settings(directory=directory, listen="127.0.0.1:0", grace_s=0.1)
    async with gateway(settings, links=links) as running, AsyncExitStack() as clients:
        town = Town(running, None, clients)  # type: ignore[arg-type] # the owner comes in below
        key = PrivateKey.generate()
        await town.client().register_key(made.code, key)
        town.owner = town.client(OWNER, key)
        yield town


@dataclass
class Stage:
    """The network with everybody in it."""

    town: Town
    oko: AsyncClient
    acme: AsyncClient
    other: AsyncClient


@pytest.fixture
async def stage(town: Town) -> Stage:
    """An operator with an open bank of three doors, two carriers."""
    oko = await town.join("oko", "OPERATOR")
    acme = await town.join("acme", "CARRIER")
    other = await town.join("other", "CARRIER")
    await oko.create_bank("hbf-1", bank())
    await oko.create_compartments(BANK, compartments(3))
    await oko.open_bank(BANK)
    return Stage(town, oko, acme, other)
