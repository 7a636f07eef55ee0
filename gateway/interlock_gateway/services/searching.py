"""SearchBanks, from request to answer: the part of the directory's service that is not a plain read."""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from interlock.v1 import directory_service_pb2
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.viewers import bank_audience, views_of
from interlock_gateway.services import search_pages
from interlock_gateway.services.calling import Call
from interlock_gateway.services.links_port import Links
from interlock_gateway.services.mapping.bank import bank_message
from interlock_gateway.services.mapping.search import asked_of, found_message
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.places import SqliteDirectory, snapshot
from interlock_gateway.store.sqlite.reading import Condition, page
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import BANK_KEYS, DOORS
from interlock_gateway.use_cases.bank_link import BankKey
from interlock_gateway.use_cases.doors import Doors
from interlock_gateway.use_cases.search import SearchBanks

MOST_ROWS = 10_000
"""Keys of a page's banks: a bank has had a handful, a page has a hundred banks at most."""


@dataclass(frozen=True, slots=True)
class Searching:
    """Answers searches."""

    parts: Parts
    search: SearchBanks

    @classmethod
    def of(cls, parts: Parts) -> Searching:
        """Plug a search together from the parts of a gateway."""
        links: Links = parts.links
        return cls(parts, SearchBanks(SqliteDirectory(parts.readers), links.reach, parts.network.sizes, time.monotonic))

    async def answer(
        self, call: Call, request: directory_service_pb2.SearchBanksRequest
    ) -> directory_service_pb2.SearchBanksResponse:
        """Give a page.

        Raises:
            Refusal: As ``SearchBanks`` says; or the page token is not of this search.
        """
        viewer, now = call.viewer, self.parts.clock.now()
        asked = asked_of(request, viewer, search_pages.after(call, request))
        result = await self.search(asked, now=now)
        details = await self.parts.readers.run(_details, [found.bank.name for found in result.found])
        response = directory_service_pb2.SearchBanksResponse(
            next_page_token=search_pages.next_token(call, request, result.next_place),
            unreachable=result.unreachable,
        )
        for found in result.found:
            bank, detail = found.bank, details[str(found.bank.name)]
            reach = self.parts.links.reach(bank.name)
            message = bank_message(bank, doors=detail.doors, keys=detail.keys, reach=reach, now=now)
            # Who is among the results sees the bank, be it only because it may book it; listed or not, that is public.
            views = views_of(viewer.party, viewer.roles, bank_audience(bank))
            response.results.append(project(found_message(found, message), views))
        return response


@dataclass(frozen=True, slots=True)
class _Detail:
    """What is told of a bank beside the bank itself."""

    doors: Doors | None
    keys: tuple[BankKey, ...]


def _details(connection: sqlite3.Connection, banks: Collection[BankName]) -> Mapping[str, _Detail]:
    names = [str(bank) for bank in banks]
    wanted = {"banks": ENCODER.encode(names).decode()}
    with snapshot(connection):
        doors = page(
            connection, DOORS, Condition("t.key IN (SELECT value FROM json_each(:banks))", wanted), size=len(names)
        )
        keys = page(
            connection, BANK_KEYS, Condition("t.bank IN (SELECT value FROM json_each(:banks))", wanted), size=MOST_ROWS
        )
    doors_of = {each.bank: each for each in doors.values}
    keys_of: defaultdict[str, list[BankKey]] = defaultdict(list)
    for key in keys.values:
        keys_of[key.bank].append(key)
    return {name: _Detail(doors_of.get(name), tuple(keys_of[name])) for name in names}
