"""A gateway with nothing in it, and those who make it into a network: an owner and an operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from interlock.binding import join
from interlock.keys import PrivateKey
from interlock.v1 import bank_pb2, compartment_pb2, need_pb2, options_pb2, party_pb2
from interlock.v1 import operator_service_pb2 as op
from interlock.v1 import party_service_pb2 as pt
from interlock_gateway.domain.party import Role
from interlock_gateway.services.calling import Call
from interlock_gateway.services.operator import OperatorServicer
from interlock_gateway.services.party import PartyServicer
from tests.gateway.services.gateway import Gateway

OKO = "parties/oko"
BANK = f"{OKO}/banks/hbf-1"


@dataclass
class Network:
    """A gateway with its two servicers."""

    gateway: Gateway
    parties: PartyServicer
    banks: OperatorServicer

    def owner(self, method: str) -> Call:
        return self.gateway.call(PartyServicer.SERVICE, method, "owner", Role.NETWORK_OWNER)

    def oko(self, method: str) -> Call:
        return self.gateway.call(OperatorServicer.SERVICE, method, "oko", Role.OPERATOR)

    def id(self) -> str:
        return self.gateway.request_id()

    async def add(self, party: str = "oko", role: Any = options_pb2.ROLE_OPERATOR) -> party_pb2.Party:
        described = party_pb2.Party(display_name=party.title(), roles=[role])
        request = pt.AddPartyRequest(party_id=party, party=described, request_id=self.id())
        return (await self.parties.AddParty(request, self.owner("AddParty"))).party

    async def code(self, party: str = OKO, request_id: str = "") -> str:
        request = pt.CreateRegistrationCodeRequest(parent=party, request_id=request_id or self.id())
        return (await self.parties.CreateRegistrationCode(request, self.owner("CreateRegistrationCode"))).code

    async def register(self, code: str, key: PrivateKey) -> pt.RegisterKeyResponse:
        call = Call("interlock.v1.PartyService/RegisterKey", "192.0.2.1", None)
        return await self.parties.RegisterKey(registering(code, key), call)

    async def bank(self, **changes: Any) -> bank_pb2.Bank:
        inputs = [need_pb2.INPUT_SCANNER, need_pb2.INPUT_KEYPAD]
        described = bank_pb2.Bank(display_name="Hauptbahnhof", time_zone="Europe/Warsaw", inputs=inputs, **changes)
        described.position.latitude, described.position.longitude = 52.1, 21.0
        described.address.region_code = "PL"
        request = op.CreateBankRequest(parent=OKO, bank_id="hbf-1", bank=described, request_id=self.id())
        return (await self.banks.CreateBank(request, self.oko("CreateBank"))).bank

    async def doors(self, *labels: str) -> op.CreateCompartmentsResponse:
        request = op.CreateCompartmentsRequest(
            parent=BANK, compartments=[door(label) for label in labels], request_id=self.id()
        )
        return await self.banks.CreateCompartments(request, self.oko("CreateCompartments"))

    async def open(self) -> bank_pb2.Bank:
        request = op.OpenBankRequest(name=BANK, request_id=self.id())
        return (await self.banks.OpenBank(request, self.oko("OpenBank"))).bank

    async def update(self, bank: bank_pb2.Bank, *paths: str, etag: str = "") -> bank_pb2.Bank:
        mask = FieldMask(paths=paths)
        request = op.UpdateBankRequest(bank=bank, update_mask=mask, etag=etag, request_id=self.id())
        return (await self.banks.UpdateBank(request, self.oko("UpdateBank"))).bank

    async def close(self, **changes: Any) -> op.CloseBankResponse:
        request = op.CloseBankRequest(name=BANK, request_id=self.id(), reason="moving", **changes)
        return await self.banks.CloseBank(request, self.oko("CloseBank"))


def door(label: str, **changes: Any) -> compartment_pb2.Compartment:
    """A compartment of class M."""
    clear = need_pb2.Dimensions(width_mm=400, height_mm=200, depth_mm=550)
    return compartment_pb2.Compartment(name=f"{BANK}/compartments/{label}", clear=clear, **changes)


def registering(code: str, key: PrivateKey) -> pt.RegisterKeyRequest:
    """A registration with the proof that the contract asks for."""
    jwk = key.public.canonical_jwk()
    proof = key.sign(join(b"interlock-register-key", code.encode(), jwk))
    return pt.RegisterKeyRequest(code=code, public_key=jwk.decode(), proof=proof)
