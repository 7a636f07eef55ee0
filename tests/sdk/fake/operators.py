"""The fake's banks, as their operator makes and changes them."""

# ruff: noqa: N802 - the contract names the methods and says what they are told

from __future__ import annotations

from google.rpc.error_details_pb2 import BadRequest

from interlock.v1 import operator_service_pb2 as pb
from interlock.v1.bank_pb2 import BANK_STATE_OPEN, BANK_STATE_PLANNED, Bank
from interlock.v1.operator_pb2 import COMMAND_STATE_DONE, BankStatus, Command
from tests.sdk.fake.world import Refusal, World, name_of


class Operators:
    """``OperatorService``, as far as a client is tried with it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def CreateBank(self, request: pb.CreateBankRequest, caller: str) -> pb.CreateBankResponse:
        def create() -> pb.CreateBankResponse:
            name = f"{request.parent}/banks/{request.bank_id}"
            if name in self._world.banks:
                raise Refusal("ALREADY_EXISTS", "BANK_EXISTS", f"{name} is taken.")
            if not request.bank.time_zone:
                field = BadRequest.FieldViolation(field="bank.time_zone", description="must not be empty")
                details = BadRequest(field_violations=[field])
                raise Refusal("INVALID_ARGUMENT", "INVALID_FIELD", "bank.time_zone: must not be empty", details)
            bank = Bank()
            bank.CopyFrom(request.bank)
            bank.name, bank.state, bank.etag = name, BANK_STATE_PLANNED, "1"
            self._world.banks[name] = bank
            return pb.CreateBankResponse(bank=bank)

        return self._world.once(caller, request, create)

    def UpdateBank(self, request: pb.UpdateBankRequest, caller: str) -> pb.UpdateBankResponse:
        bank = self._find(request.bank.name)
        request.update_mask.MergeMessage(request.bank, bank, True, True)
        return pb.UpdateBankResponse(bank=bank)

    def OpenBank(self, request: pb.OpenBankRequest, caller: str) -> pb.OpenBankResponse:
        bank = self._find(request.name)
        bank.state = BANK_STATE_OPEN
        return pb.OpenBankResponse(bank=bank)

    def CreateEnrolmentCode(
        self, request: pb.CreateEnrolmentCodeRequest, caller: str
    ) -> pb.CreateEnrolmentCodeResponse:
        self._find(request.bank)
        return pb.CreateEnrolmentCodeResponse(code="ilk1." + "A" * 72)

    def CreateCompartments(self, request: pb.CreateCompartmentsRequest, caller: str) -> pb.CreateCompartmentsResponse:
        def create() -> pb.CreateCompartmentsResponse:
            self._find(request.parent)
            self._world.compartments[request.parent] = list(request.compartments)
            return pb.CreateCompartmentsResponse(compartments=request.compartments)

        return self._world.once(caller, request, create)

    def ListCompartments(self, request: pb.ListCompartmentsRequest, caller: str) -> pb.ListCompartmentsResponse:
        rows, token = self._world.page(self._world.compartments.get(request.parent, []), request)
        return pb.ListCompartmentsResponse(compartments=rows, next_page_token=token)

    def OpenCompartment(self, request: pb.OpenCompartmentRequest, caller: str) -> pb.OpenCompartmentResponse:
        bank = request.compartment.split("/compartments/")[0]
        command = Command(name=f"{bank}/commands/{name_of(1)}", state=COMMAND_STATE_DONE)
        return pb.OpenCompartmentResponse(command=command)

    def GetBankStatus(self, request: pb.GetBankStatusRequest, caller: str) -> pb.GetBankStatusResponse:
        return pb.GetBankStatusResponse(status=BankStatus(bank=request.bank, connected=True))

    def _find(self, name: str) -> Bank:
        if name not in self._world.banks:
            raise Refusal("NOT_FOUND", "BANK_UNKNOWN", "There is no such bank.")
        return self._world.banks[name]
