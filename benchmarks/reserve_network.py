"""The network of ``benchmarks/reserve.py``: a carrier, an operator, banks with room for everything that is asked.

Made in the gateway's own database before it starts, by the gateway's own committer: a benchmark of reservations need
not enrol fifty banks. The banks count as heard a moment ago, and sell unseen for a month.
"""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from interlock import base64url
from interlock.keys import PrivateKey
from interlock_gateway import network_init
from interlock_gateway.domain.bank import (
    Address,
    Bank,
    BankState,
    BankTerms,
    BookableBy,
    BookableByMode,
    Input,
)
from interlock_gateway.domain.capacity import Door, Kind, SizeClass
from interlock_gateway.domain.ids import key_id
from interlock_gateway.domain.names import BankName, PartyKeyName, PartyName
from interlock_gateway.domain.party import Party, PartyKey, Role, keyed
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.network import DATABASE
from interlock_gateway.ports import Request, Wanted
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.shelf import SqliteShelf
from interlock_gateway.use_cases.aggregates import BANK_LINKS, BANKS, DOORS, PARTIES, PARTY_KEYS
from interlock_gateway.use_cases.bank_link import BankLink
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.doors import Doors
from interlock_gateway.use_cases.opening import open_book

NETWORK = "bench"
CARRIER, OPERATOR = PartyName("acme"), PartyName("oko")
DOORS_EACH = 60
UNSEEN = timedelta(days=30)


class Clock:
    """The wall clock."""

    def now(self) -> datetime:
        """Read it."""
        return datetime.now(UTC)


@dataclass
class Furnish:
    """Put the parties, the carrier's key and the banks."""

    key: PrivateKey
    banks: int
    request: Request | None = None
    names: list[str] = field(default_factory=list)

    def needs(self, wanted: Wanted) -> None:
        """Nothing that is there already."""

    def decide(self, desk: Desk) -> None:
        """Put them."""
        for name, role in ((CARRIER, Role.CARRIER), (OPERATOR, Role.OPERATOR)):
            party = Party(
                name=name,
                display_name=name.party,
                roles=frozenset({role}),
                create_time=desk.now,
                update_time=desk.now,
            )
            desk.put(PARTIES, keyed(party, now=desk.now))
        public = self.key.public
        desk.put(
            PARTY_KEYS,
            PartyKey(
                name=PartyKeyName(CARRIER.party, key_id(public.thumbprint())),
                display_name="benchmark",
                public_key=public.canonical_jwk().decode(),
                thumbprint=base64url.encode(public.thumbprint()),
                create_time=desk.now,
            ),
        )
        for number in range(self.banks):
            bank = _bank(number, desk.now)
            doors = tuple(Door(str(label), Kind(SizeClass.M)) for label in range(1, DOORS_EACH + 1))
            desk.put(BANKS, bank)
            desk.put(DOORS, Doors(str(bank.name), doors))
            desk.put(BANK_LINKS, BankLink(bank=str(bank.name), last_heard_time=desk.now))
            self.names.append(str(bank.name))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> None:
        """Never asked for."""
        raise NotImplementedError


def _bank(number: int, now: datetime) -> Bank:
    """A bank that takes everything: an hour to deposit, an hour to collect, no time for a recall."""
    return Bank(
        name=BankName(OPERATOR.party, f"bank-{number}"),
        display_name=f"Bank {number}",
        token_audience=_audience(number),
        latitude=52 + number / 1000,
        longitude=21,
        address=Address("PL"),
        time_zone="Europe/Warsaw",
        state=BankState.OPEN,
        inputs=frozenset({Input.SCANNER, Input.KEYPAD}),
        bookable_by=BookableBy(BookableByMode.ALL),
        terms=BankTerms(recall_time=timedelta(0), default_collect_for=CollectFor(1), sell_offline_for=UNSEEN),
        create_time=now,
        update_time=now,
    )


def _audience(number: int) -> str:
    """Twelve characters of base32."""
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[number >> (5 * place) & 31] for place in range(12))


def make(directory: Path, *, banks: int) -> tuple[PrivateKey, list[str]]:
    """Make a network in a directory; give the carrier's key and the names of the banks."""
    network_init.make(
        directory,
        network_id=NETWORK,
        owner="owner",
        owner_key=PrivateKey.generate().public,
        now=datetime.now(UTC),
    )
    furnish = Furnish(PrivateKey.generate(), banks)
    asyncio.run(_submit(directory / DATABASE, furnish))
    return furnish.key, furnish.names


async def _submit(database: Path, furnish: Furnish) -> None:
    with closing(Readers(database, threads=1)) as readers, closing(SqliteShelf(database, readers)) as shelf:
        committer = Committer(shelf, open_book, clock=Clock(), entropy=secrets)
        running = asyncio.create_task(committer.run())
        await committer.submit(furnish)
        committer.stop()
        await running
