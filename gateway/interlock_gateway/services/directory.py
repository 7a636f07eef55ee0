"""``DirectoryService``: what there is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Final

from interlock.v1 import bank_pb2
from interlock.v1 import directory_service_pb2 as pb
from interlock_gateway.domain.bank import Bank, BankState
from interlock_gateway.domain.errors import BankUnknown, PageTokenInvalid
from interlock_gateway.domain.names import BankName, PartyName
from interlock_gateway.domain.request_memory import KEPT_FOR
from interlock_gateway.domain.viewers import bank_audience, views_of
from interlock_gateway.domain.windows import DEFAULT_WINDOW, FURTHEST_START, LONGEST_WINDOW
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.bank import bank_message
from interlock_gateway.services.mapping.reservation import dimensions_message
from interlock_gateway.services.mapping.values import duration, named, stamp
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.services.searching import Searching
from interlock_gateway.store.sqlite.banks import Banks
from interlock_gateway.store.sqlite.directory import Directory

MOST_BATCH_ITEMS: Final = 500
EVENTS_KEPT_FOR: Final = timedelta(days=90)
CONTRACT_VERSION: Final = "1.0.0"
_PAGE: Final = 200
_NOT_CLOSED: Final = tuple(state for state in BankState if state is not BankState.CLOSED)


class DirectoryServicer:
    """Banks and the network, as each caller sees them."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["DirectoryService"]

    def __init__(self, parts: Parts) -> None:
        """Serve from the parts of a gateway."""
        self._parts = parts
        self._read = Directory(parts.readers)
        self._banks = Banks(parts.readers)
        self._searching = Searching.of(parts)

    async def SearchBanks(self, request: pb.SearchBanksRequest, call: Call) -> pb.SearchBanksResponse:
        """Find banks near a point."""
        return await self._searching.answer(call, request)

    async def GetBank(self, request: pb.GetBankRequest, call: Call) -> pb.GetBankResponse:
        """Read one bank, in the caller's view."""
        name = BankName.parse(request.name)
        bank = await self._read.get(name, call.viewer)
        if bank is None:
            raise BankUnknown(bank=str(name))
        return pb.GetBankResponse(bank=(await self._seen([bank], call.viewer))[0])

    async def ListBanks(self, request: pb.ListBanksRequest, call: Call) -> pb.ListBanksResponse:
        """List the banks that the caller may see."""
        found = await self._read.list(
            call.viewer,
            operator=_operator(request.parent),
            states=[named(bank_pb2.BankState, each, BankState) for each in request.states] or _NOT_CLOSED,
            size=size_of(request),
            start=start(call, request) or 0,
        )
        return pb.ListBanksResponse(
            banks=await self._seen(found.values, call.viewer),
            next_page_token=next_token(call, request, found.next_row),
        )

    async def WatchBanks(self, request: pb.WatchBanksRequest, call: Call) -> AsyncIterator[pb.WatchBanksResponse]:
        """Give each bank as it is, then each again after a change."""
        viewer, operator = call.viewer, _operator(request.parent)
        if request.cursor and not request.cursor.isdecimal():
            raise PageTokenInvalid(field="cursor")
        after = int(request.cursor or 0)
        if not request.cursor:
            # From before the first read on, so that what changes while we read is told once more and not lost.
            after = await self._parts.log.head(viewer)
            async for bank in self._all(request, viewer):
                yield pb.WatchBanksResponse(bank=bank, cursor=str(after))
        known = set(request.names)
        async for entry in self._parts.log.follow(after, viewer):
            key = entry.event.key
            if "/banks/" not in key or key.count("/") != 3 or (known and key not in known):  # noqa: PLR2004
                continue
            name = BankName.parse(key)
            if operator not in {None, name.party}:
                continue
            bank_now = await self._read.get(name, viewer)
            if bank_now is None:
                yield pb.WatchBanksResponse(bank=bank_pb2.Bank(name=key), removed=True, cursor=str(entry.position))
            else:
                (seen,) = await self._seen([bank_now], viewer)
                yield pb.WatchBanksResponse(bank=seen, cursor=str(entry.position))

    async def _all(self, request: pb.WatchBanksRequest, viewer: Viewer) -> AsyncIterator[bank_pb2.Bank]:
        row: int | None = 0
        while row is not None:
            found = await self._read.list(
                viewer, operator=_operator(request.parent), names=request.names, size=_PAGE, start=row
            )
            for bank in await self._seen(found.values, viewer):
                yield bank
            row = found.next_row

    async def _seen(self, banks: Sequence[Bank], viewer: Viewer) -> list[bank_pb2.Bank]:
        """Write banks for a reader."""
        booked = await self._read.carriers([str(each.name) for each in banks], viewer)
        now = self._parts.clock.now()
        seen = []
        for bank in banks:
            carriers = (viewer.party,) if str(bank.name) in booked else ()
            views = views_of(viewer.party, viewer.roles, bank_audience(bank, carriers=carriers))
            message = bank_message(
                bank,
                doors=await self._banks.doors(bank.name),
                keys=await self._banks.keys(bank.name),
                reach=self._parts.links.reach(bank.name),
                now=now,
            )
            seen.append(project(message, views))
        return seen

    async def GetNetwork(self, request: pb.GetNetworkRequest, call: Call) -> pb.GetNetworkResponse:  # noqa: ARG002
        """Say what holds in the whole network."""
        files = self._parts.files
        return pb.GetNetworkResponse(
            network=pb.Network(
                network_id=files.network_id,
                display_name=files.network_id,
                owner=str(PartyName(files.owner)),
                root_key_thumbprint=files.key_set.root.kid,
                size_classes=[
                    pb.SizeClassMinimum(size_class=size, minimum=dimensions_message(minimum))  # type: ignore[arg-type]
                    for size, minimum in sorted(self._parts.network.sizes.minima.items())
                ],
                default_deposit_window=duration(DEFAULT_WINDOW),
                max_deposit_window=duration(LONGEST_WINDOW),
                max_lead_time=duration(FURTHEST_START),
                max_batch_items=MOST_BATCH_ITEMS,
                request_id_retention=duration(KEPT_FOR),
                event_retention=duration(EVENTS_KEPT_FOR),
                contract_version=CONTRACT_VERSION,
                server_time=stamp(self._parts.clock.now()),
            )
        )


def _operator(parent: str) -> str | None:
    """Whose banks; ``None`` for everybody's."""
    party = parent.removeprefix("parties/")
    return None if party == "-" else party
