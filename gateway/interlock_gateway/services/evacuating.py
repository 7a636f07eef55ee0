"""``OperatorService``, evacuations: wished by one party, approved by another, carried out by the bank (BNK-14)."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Final

from interlock.edge.v1 import command_pb2
from interlock.v1 import operator_pb2
from interlock.v1 import operator_service_pb2 as pb
from interlock_gateway.domain.errors import EvacuationUnknown, NoLiveLink, Refusal
from interlock_gateway.domain.names import BankName, CommandName, CompartmentName, EvacuationName, PartyName
from interlock_gateway.ports import Request
from interlock_gateway.services.calling import Call
from interlock_gateway.services.commanding import ask_bank
from interlock_gateway.services.mapping.values import number, stamp
from interlock_gateway.services.operator_commands import Commanding
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.parts import Parts
from interlock_gateway.store.sqlite.reading import Condition, page
from interlock_gateway.use_cases.aggregates import EVACUATIONS
from interlock_gateway.use_cases.evacuated import Evacuation
from interlock_gateway.use_cases.evacuation import ApproveEvacuation, FinishEvacuation, RequestEvacuation, state_of

CARRIED_OUT_WITHIN_S: Final = 3600.0
"""The bank opens one compartment after another, and waits for each to be closed."""

log = logging.getLogger(__name__)


class Evacuating(Commanding):
    """The methods for evacuations."""

    def __init__(self, parts: Parts) -> None:
        """Serve with the parts of one gateway."""
        super().__init__(parts)
        self._under_way: set[asyncio.Task[None]] = set()

    async def Evacuate(self, request: pb.EvacuateRequest, call: Call) -> pb.EvacuateResponse:
        """Wish that compartments be opened."""
        bank = await self._visible(BankName.parse(request.bank, field="bank"), call.viewer)
        names = [CompartmentName.parse(each, field="compartments") for each in request.compartments]
        proposal = RequestEvacuation(
            bank=bank.name,
            by=call.viewer,
            labels=tuple(each.compartment for each in names),
            reason=request.reason,
            request=call.request(request),
        )
        wished = await self._parts.committer.submit(proposal)
        return pb.EvacuateResponse(evacuation=evacuation_message(wished, self._parts.clock.now()))

    async def ApproveEvacuation(self, request: pb.ApproveEvacuationRequest, call: Call) -> pb.ApproveEvacuationResponse:
        """Approve an evacuation as the second party; the bank then sets about it."""
        name = EvacuationName.parse(request.name)
        if await self._banks.get(name.bank_name, call.viewer) is None:
            raise EvacuationUnknown(evacuation=request.name)
        if not self._parts.links.reach(name.bank_name).connected:
            raise NoLiveLink(bank=str(name.bank_name))
        asked = call.request(request)
        approved = await self._parts.committer.submit(ApproveEvacuation(name=name, by=call.viewer, request=asked))
        self._parts.links.manifest_changed(name.bank_name)
        task = asyncio.create_task(self._carry_out(approved))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return pb.ApproveEvacuationResponse(evacuation=evacuation_message(approved, self._parts.clock.now()))

    async def _carry_out(self, approved: Evacuation) -> None:
        """Have the bank open the compartments, once, and note that it has answered."""
        parties = [str(PartyName(each)) for each in (approved.requested_by, approved.approved_by) if each]
        body = command_pb2.Command(evacuate=command_pb2.Evacuate(compartments=approved.labels, approved_by=parties))
        # Under the evacuation's own name, so that it is sent once, whoever approves again.
        once = Request(approved.name.party, "evacuate", approved.name.evacuation, "")
        try:
            stored = await ask_bank(
                self._parts, approved.name.bank_name, body, timeout_s=CARRIED_OUT_WITHIN_S, request=once
            )
            await self._parts.committer.submit(FinishEvacuation(name=approved.name, command=stored.id))
        except Refusal as refusal:
            log.warning("an evacuation was not carried out: %s", refusal)

    async def ListEvacuations(self, request: pb.ListEvacuationsRequest, call: Call) -> pb.ListEvacuationsResponse:
        """List the evacuations of a bank, newest first."""
        bank = await self._visible(BankName.parse(request.parent, field="parent"), call.viewer)
        of_bank = Condition("t.bank = :bank", {"bank": str(bank.name)})
        found = await self._parts.readers.run(
            page, EVACUATIONS, of_bank, size=size_of(request), start_row=start(call, request)
        )
        now = self._parts.clock.now()
        return pb.ListEvacuationsResponse(
            evacuations=[evacuation_message(each, now) for each in found.values],
            next_page_token=next_token(call, request, found.next_row),
        )


def evacuation_message(evacuation: Evacuation, now: datetime) -> operator_pb2.Evacuation:
    """Write an evacuation; all its viewers see all of it."""
    name = evacuation.name
    return operator_pb2.Evacuation(
        name=str(name),
        state=number(operator_pb2.EvacuationState, state_of(evacuation, now)),
        compartments=[str(CompartmentName(name.party, name.bank, each)) for each in evacuation.labels],
        reason=evacuation.reason,
        requested_by=str(PartyName(evacuation.requested_by)),
        approved_by=str(PartyName(evacuation.approved_by)) if evacuation.approved_by else "",
        command=str(CommandName(name.party, name.bank, evacuation.command)) if evacuation.command else "",
        create_time=stamp(evacuation.create_time),
        expire_time=stamp(evacuation.expire_time),
        approve_time=stamp(evacuation.approve_time),
    )
