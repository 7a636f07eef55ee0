"""``OperatorService``, the half that looks: the live state of banks, who is inside, what was asked, use by day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from interlock.v1 import operator_service_pb2 as pb
from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.errors import BankUnknown, CommandUnknown, WindowInvalid
from interlock_gateway.domain.names import BankName, CommandName
from interlock_gateway.domain.utilization import use_by_day
from interlock_gateway.domain.viewers import View, bank_audience, views_of
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.bank_described import day_of
from interlock_gateway.services.mapping.operator import command_message, day_message, status_message, tenancy_message
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.banks import Banks
from interlock_gateway.store.sqlite.live_banks import LiveBanks
from interlock_gateway.use_cases.keeping import calendar_of

MOST_DAYS: Final = 400
"""Days of one answer of ``ListUtilization``."""


class Looking:
    """The methods that change nothing."""

    def __init__(self, parts: Parts) -> None:
        """Serve with the parts of one gateway."""
        self._parts = parts
        self._banks = Banks(parts.readers)
        self._live = LiveBanks(parts.readers)

    async def GetBankStatus(self, request: pb.GetBankStatusRequest, call: Call) -> pb.GetBankStatusResponse:
        """Read the live state of a bank."""
        bank = await self._visible(BankName.parse(request.bank, field="bank"), call.viewer)
        live = await self._live.live(bank.name)
        message = status_message(bank, live, self._parts.links.reach(bank.name), now=self._parts.clock.now())
        return pb.GetBankStatusResponse(status=project(message, _views(bank, call.viewer)))

    async def ListTenancies(self, request: pb.ListTenanciesRequest, call: Call) -> pb.ListTenanciesResponse:
        """List who is in which compartment of a bank, by label."""
        bank = await self._visible(BankName.parse(request.parent, field="parent"), call.viewer)
        inside = await self._live.tenancies(bank.name)
        first, size = start(call, request) or 0, size_of(request)
        following = first + size if len(inside) > first + size else None
        views = _views(bank, call.viewer)
        return pb.ListTenanciesResponse(
            tenancies=[project(tenancy_message(each), views) for each in inside[first : first + size]],
            next_page_token=next_token(call, request, following),
        )

    async def ListUtilization(self, request: pb.ListUtilizationRequest, call: Call) -> pb.ListUtilizationResponse:
        """List the use of a bank day by day, oldest first."""
        bank = await self._visible(BankName.parse(request.parent, field="parent"), call.viewer)
        first, after = day_of(request.start_date, field="start_date"), day_of(request.end_date, field="end_date")
        if not 0 < (after - first).days <= MOST_DAYS:
            raise WindowInvalid(field="end_date", rule=f"must be 1 to {MOST_DAYS} days after start_date.")
        calendar, now = calendar_of(bank), self._parts.clock.now()
        days = [first + timedelta(days=each) for each in range((after - first).days)]
        running = [day for day in days if calendar.instant(day, 0) < now]
        reservations = await self._live.between(bank.name, calendar.instant(first, 0), calendar.instant(after, 0))
        doors = (await self._banks.doors(bank.name)).doors
        working = sum(door.out_until <= now.timestamp() for door in doors)
        use = use_by_day(reservations, running, calendar, working_doors=working, now=now)
        views = _views(bank, call.viewer)
        return pb.ListUtilizationResponse(days=[project(day_message(each), views) for each in use])

    async def GetCommand(self, request: pb.GetCommandRequest, call: Call) -> pb.GetCommandResponse:
        """Read one command."""
        command = await self._live.command(CommandName.parse(request.name), call.viewer)
        if command is None:
            raise CommandUnknown(command=request.name)
        views = {View.OPERATOR, View.NETWORK}
        return pb.GetCommandResponse(command=project(command_message(command), views))

    async def ListCommands(self, request: pb.ListCommandsRequest, call: Call) -> pb.ListCommandsResponse:
        """List the commands to a bank, newest first."""
        bank = await self._visible(BankName.parse(request.parent, field="parent"), call.viewer)
        page = await self._live.commands(
            bank.name,
            pending_only=request.pending_only,
            size=size_of(request),
            start_row=start(call, request),
        )
        views = _views(bank, call.viewer)
        return pb.ListCommandsResponse(
            commands=[project(command_message(each), views) for each in page.values],
            next_page_token=next_token(call, request, page.next_row),
        )

    async def _visible(self, name: BankName, viewer: Viewer) -> Bank:
        """Read a bank as one of those who run it.

        Raises:
            BankUnknown: For this viewer there is none.
        """
        bank = await self._banks.get(name, viewer)
        if bank is None:
            raise BankUnknown(bank=str(name))
        return bank


def _views(bank: Bank, viewer: Viewer) -> tuple[View, ...]:
    return views_of(viewer.party, viewer.roles, bank_audience(bank))
