"""``OperatorService``: banks, their compartments, and what is asked of them."""

from __future__ import annotations

from typing import Final

from interlock import base64url
from interlock.v1 import bank_pb2
from interlock.v1 import operator_service_pb2 as pb
from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.names import BankName, CompartmentName
from interlock_gateway.domain.viewers import bank_audience, views_of
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.evacuating import Evacuating
from interlock_gateway.services.mapping.bank import bank_message
from interlock_gateway.services.mapping.bank_described import amending_bank, described_bank
from interlock_gateway.services.mapping.compartment import (
    amending_compartment,
    compartment_message,
    described_compartment,
)
from interlock_gateway.services.mapping.values import instant, stamp
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.projection import project
from interlock_gateway.use_cases.bank_closing import CloseBank, OpenBank, WriteOffBank
from interlock_gateway.use_cases.banks import CreateBank, UpdateBank
from interlock_gateway.use_cases.compartments import CreateCompartments, UpdateCompartment
from interlock_gateway.use_cases.enrolment import CreateEnrolmentCode


class OperatorServicer(Evacuating):
    """Serves it. Service visits and what moves parcels or firmware are not served yet."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["OperatorService"]

    # --- Banks -------------------------------------------------------------------------------------------------

    async def CreateBank(self, request: pb.CreateBankRequest, call: Call) -> pb.CreateBankResponse:
        """Make a bank known."""
        name = BankName.parse(f"{request.parent}/banks/{request.bank_id}", field="bank_id")
        bank = described_bank(name, request.bank, now=self._parts.clock.now())
        bank = await self._parts.committer.submit(CreateBank(bank=bank, request=call.request(request)))
        return pb.CreateBankResponse(bank=await self._seen(bank, call.viewer))

    async def UpdateBank(self, request: pb.UpdateBankRequest, call: Call) -> pb.UpdateBankResponse:
        """Change the fields of a bank that the mask names."""
        name = BankName.parse(request.bank.name, field="bank.name")
        proposal = UpdateBank(
            name=name,
            etag=request.etag,
            carriers=await self._banks.carriers(name),
            amend=amending_bank(request.bank, request.update_mask, now=self._parts.clock.now()),
            request=call.request(request),
        )
        bank = await self._parts.committer.submit(proposal)
        self._parts.links.manifest_changed(name)
        return pb.UpdateBankResponse(bank=await self._seen(bank, call.viewer))

    async def OpenBank(self, request: pb.OpenBankRequest, call: Call) -> pb.OpenBankResponse:
        """Let a bank take reservations."""
        name = BankName.parse(request.name)
        proposal = OpenBank(
            name=name,
            etag=request.etag,
            carriers=await self._banks.carriers(name),
            request=call.request(request),
        )
        bank = await self._parts.committer.submit(proposal)
        self._parts.links.manifest_changed(name)
        return pb.OpenBankResponse(bank=await self._seen(bank, call.viewer))

    async def CloseBank(self, request: pb.CloseBankRequest, call: Call) -> pb.CloseBankResponse:
        """Close a bank, step by step."""
        name = BankName.parse(request.name)
        await self._visible(name, call.viewer)
        proposal = CloseBank(
            name=name,
            etag=request.etag,
            carriers=await self._banks.carriers(name),
            by=call.party,
            end_time=instant(request.end_time) if request.HasField("end_time") else None,
            reason=request.reason,
            break_promises=request.break_promises,
            request=call.request(request),
        )
        closed = await self._parts.committer.submit(proposal)
        self._parts.links.manifest_changed(name)
        return pb.CloseBankResponse(bank=await self._seen(closed.bank, call.viewer), broken_count=closed.broken_count)

    async def WriteOffBank(self, request: pb.WriteOffBankRequest, call: Call) -> pb.WriteOffBankResponse:
        """Give a bank up for good."""
        name = BankName.parse(request.name)
        proposal = WriteOffBank(
            name=name,
            etag=request.etag,
            carriers=await self._banks.carriers(name),
            by=f"parties/{call.party}",
            reason=request.reason,
            request=call.request(request),
        )
        closed = await self._parts.committer.submit(proposal)
        return pb.WriteOffBankResponse(
            bank=await self._seen(closed.bank, call.viewer),
            broken_count=closed.broken_count,
            lost_count=closed.lost_count,
        )

    async def CreateEnrolmentCode(
        self, request: pb.CreateEnrolmentCodeRequest, call: Call
    ) -> pb.CreateEnrolmentCodeResponse:
        """Make a one-time code with which a controller enrols."""
        proposal = CreateEnrolmentCode(
            bank=BankName.parse(request.bank, field="bank"),
            root_thumbprint=self._root_thumbprint(),
            vault=self._parts.files.vault,
            request=call.request(request),
        )
        made = await self._parts.committer.submit(proposal)
        return pb.CreateEnrolmentCodeResponse(code=made.text, expire_time=stamp(made.expire_time))

    def _root_thumbprint(self) -> bytes:
        return base64url.decode(self._parts.files.key_set.root.kid)

    # --- Compartments ------------------------------------------------------------------------------------------

    async def ListCompartments(self, request: pb.ListCompartmentsRequest, call: Call) -> pb.ListCompartmentsResponse:
        """List the compartments of a bank, by label."""
        name = BankName.parse(request.parent, field="parent")
        await self._visible(name, call.viewer)
        first, size = start(call, request) or 0, size_of(request)
        compartments = (await self._banks.doors(name)).compartments
        following = first + size if len(compartments) > first + size else None
        return pb.ListCompartmentsResponse(
            compartments=[compartment_message(name, each) for each in compartments[first : first + size]],
            next_page_token=next_token(call, request, following),
        )

    async def CreateCompartments(
        self, request: pb.CreateCompartmentsRequest, call: Call
    ) -> pb.CreateCompartmentsResponse:
        """Add compartments to a bank, all or none."""
        name, now = BankName.parse(request.parent, field="parent"), self._parts.clock.now()
        proposal = CreateCompartments(
            bank=name,
            compartments=tuple(
                described_compartment(each, field=f"compartments[{index}]", now=now)
                for index, each in enumerate(request.compartments)
            ),
            sizes=self._parts.network.sizes,
            carriers=await self._banks.carriers(name),
            request=call.request(request),
        )
        built = await self._parts.committer.submit(proposal)
        self._parts.links.manifest_changed(name)
        return pb.CreateCompartmentsResponse(
            compartments=[compartment_message(name, each) for each in built.compartments],
            allocation_version=built.allocation_version,
        )

    async def UpdateCompartment(self, request: pb.UpdateCompartmentRequest, call: Call) -> pb.UpdateCompartmentResponse:
        """Change the fields of a compartment that the mask names."""
        name = CompartmentName.parse(request.compartment.name, field="compartment.name")
        bank = name.bank_name
        proposal = UpdateCompartment(
            name=name,
            amend=amending_compartment(request.compartment, request.update_mask, now=self._parts.clock.now()),
            etag=request.compartment.etag,
            sizes=self._parts.network.sizes,
            connected=self._parts.links.reach(bank).connected,
            carriers=await self._banks.carriers(bank),
            request=call.request(request),
        )
        built = await self._parts.committer.submit(proposal)
        self._parts.links.manifest_changed(bank)
        return pb.UpdateCompartmentResponse(
            compartment=compartment_message(bank, built.compartments[0]),
            broken_count=built.broken_count,
            allocation_version=built.allocation_version,
        )

    # --- What both need ----------------------------------------------------------------------------------------

    async def _seen(self, bank: Bank, viewer: Viewer) -> bank_pb2.Bank:
        """Write a bank as a viewer sees it."""
        message = bank_message(
            bank,
            doors=await self._banks.doors(bank.name),
            keys=await self._banks.keys(bank.name),
            reach=self._parts.links.reach(bank.name),
            now=self._parts.clock.now(),
        )
        return project(message, views_of(viewer.party, viewer.roles, bank_audience(bank)))
