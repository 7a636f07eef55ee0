"""Banks on a database file, and a search over them whose clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.capacity import DEFAULT_SIZES, SizeClass
from interlock_gateway.domain.geography import Position
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.party import Role
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.places import SqliteDirectory
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.search import SearchBanks
from interlock_gateway.use_cases.searching import Asked, SearchResult
from tests.gateway.scene import NOON, AddBank, Scene, bank, scene

CARRIER = Viewer("acme", frozenset({Role.CARRIER}))
HERE = Position(52.1, 21.0)


@dataclass
class World:
    """Banks, and who searches them.

    Attributes:
        network: The committer and its database.
        search: The search.
        silent: Banks that were never heard.
        ticks: What the search's own clock shows, reading by reading; the last stays.
    """

    network: Scene
    search: SearchBanks
    silent: set[BankName] = field(default_factory=set)
    ticks: list[float] = field(default_factory=lambda: [0.0])

    async def add(self, name: str, *, doors: dict[SizeClass, int] | None = None, **changes: Any) -> Bank:
        """Put a bank of the operator ``oko``, with two doors of class M unless others are said."""
        made = bank(BankName("oko", name), token_audience=f"{name.replace('-', ''):a<12}"[:12], **changes)
        await self.network.committer.submit(AddBank(made, doors or {SizeClass.M: 2}))
        return made

    async def ask(self, **changes: Any) -> SearchResult:
        """Search around ``HERE`` as a carrier, unless something else is said."""
        return await self.search(replace(Asked(viewer=CARRIER, position=HERE), **changes), now=NOON)

    async def names(self, **changes: Any) -> list[str]:
        """Ids of the banks found, in order."""
        return [found.bank.name.bank for found in (await self.ask(**changes)).found]


@asynccontextmanager
async def world(path: Path, **limits: timedelta) -> AsyncIterator[World]:
    """Run a network without banks, and a search over it."""
    async with scene(path, seed=2) as network:
        made: World

        def tick() -> float:
            return made.ticks.pop(0) if len(made.ticks) > 1 else made.ticks[0]

        def reach(name: BankName) -> Reach:
            return Reach(None if name in made.silent else NOON, connected=name not in made.silent)

        directory = SqliteDirectory(network.readers)
        made = World(network, SearchBanks(directory, reach, DEFAULT_SIZES, tick, **limits))
        yield made


def ids(result: SearchResult) -> list[str]:
    """Ids of the banks found, in order."""
    return [found.bank.name.bank for found in result.found]
