"""``OperatorService``, what goes to a bank over its link, and what a bank is lent."""

from __future__ import annotations

from interlock.edge.v1 import command_pb2
from interlock.v1 import operator_service_pb2 as pb
from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import CompartmentUnknown, PresenceRequired
from interlock_gateway.domain.names import BankName, CompartmentName
from interlock_gateway.services.calling import Call
from interlock_gateway.services.commanding import ask_bank, timeout_of
from interlock_gateway.services.mapping.operator import command_message, headroom_message
from interlock_gateway.services.mapping.values import instant
from interlock_gateway.services.operator_live import Looking
from interlock_gateway.use_cases.headroom import SetHeadroom


class Commanding(Looking):
    """The methods that ask a bank for something."""

    async def OpenCompartment(self, request: pb.OpenCompartmentRequest, call: Call) -> pb.OpenCompartmentResponse:
        """Open one compartment from afar."""
        name = CompartmentName.parse(request.compartment, field="compartment")
        bank = await self._visible(name.bank_name, call.viewer)
        doors = await self._banks.doors(bank.name)
        if all(door.label != name.compartment for door in doors.doors):
            raise CompartmentUnknown(compartment=str(name))
        if not request.HasField("presence") and await self._occupied(name):
            raise PresenceRequired(bank=str(bank.name))
        body = command_pb2.Command(
            open_compartment=command_pb2.OpenCompartment(compartment=name.compartment, reason=request.reason)
        )
        timeout_s = timeout_of(request.timeout)
        stored = await ask_bank(self._parts, bank.name, body, timeout_s=timeout_s, request=call.request(request))
        return pb.OpenCompartmentResponse(command=command_message(stored))

    async def _occupied(self, name: CompartmentName) -> bool:
        inside = await self._live.tenancies(name.bank_name)
        return any(each.compartment == name.compartment for each in inside)

    async def RebootBank(self, request: pb.RebootBankRequest, call: Call) -> pb.RebootBankResponse:
        """Start a bank anew."""
        bank = await self._visible(BankName.parse(request.bank, field="bank"), call.viewer)
        body = command_pb2.Command(reboot=command_pb2.Reboot())
        timeout_s = timeout_of(request.timeout)
        stored = await ask_bank(self._parts, bank.name, body, timeout_s=timeout_s, request=call.request(request))
        return pb.RebootBankResponse(command=command_message(stored))

    async def SetHeadroom(self, request: pb.SetHeadroomRequest, call: Call) -> pb.SetHeadroomResponse:
        """Lend a bank compartments that it may spend without asking."""
        bank = BankName.parse(request.bank, field="bank")
        proposal = SetHeadroom(
            bank=bank,
            size_class=SizeClass(request.size_class),
            count=request.compartment_count,
            end_time=instant(request.end_time) if request.HasField("end_time") else None,
            request=call.request(request),
        )
        set_now = await self._parts.committer.submit(proposal)
        self._parts.links.manifest_changed(bank)
        return pb.SetHeadroomResponse(
            headroom=headroom_message(set_now.lent), allocation_version=set_now.allocation_version
        )
