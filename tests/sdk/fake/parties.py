"""The fake's parties: two, and whoever has a code."""

# ruff: noqa: N802 - the contract names the methods and says what they are told

from __future__ import annotations

from interlock.binding import join
from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock.strict_json import decode
from interlock.v1 import party_service_pb2 as pb
from interlock.v1.party_pb2 import PARTY_STATE_ACTIVE, PARTY_STATE_INVITED, PARTY_STATE_SUSPENDED, Party, PartyKey
from tests.sdk.fake.world import NETWORK, Refusal, World, name_of


class Parties:
    """``PartyService``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def GetParty(self, request: pb.GetPartyRequest, caller: str) -> pb.GetPartyResponse:
        return pb.GetPartyResponse(party=self._find(request.name))

    def ListParties(self, request: pb.ListPartiesRequest, caller: str) -> pb.ListPartiesResponse:
        found = [
            party
            for _, party in sorted(self._world.parties.items())
            if not request.roles or set(request.roles) & set(party.roles)
        ]
        rows, token = self._world.page(found, request)
        return pb.ListPartiesResponse(parties=rows, next_page_token=token)

    def AddParty(self, request: pb.AddPartyRequest, caller: str) -> pb.AddPartyResponse:
        def add() -> pb.AddPartyResponse:
            name = f"parties/{request.party_id}"
            if name in self._world.parties:
                raise Refusal("ALREADY_EXISTS", "PARTY_EXISTS", f"{name} is taken.")
            party = Party(name=name, display_name=request.party.display_name, roles=request.party.roles)
            party.state = PARTY_STATE_INVITED
            self._world.parties[name] = party
            return pb.AddPartyResponse(party=party)

        return self._world.once(caller, request, add)

    def SuspendParty(self, request: pb.SuspendPartyRequest, caller: str) -> pb.SuspendPartyResponse:
        self._find(request.name).state = PARTY_STATE_SUSPENDED
        return pb.SuspendPartyResponse(party=self._find(request.name))

    def ResumeParty(self, request: pb.ResumePartyRequest, caller: str) -> pb.ResumePartyResponse:
        self._find(request.name).state = PARTY_STATE_ACTIVE
        return pb.ResumePartyResponse(party=self._find(request.name))

    def CreateRegistrationCode(
        self, request: pb.CreateRegistrationCodeRequest, caller: str
    ) -> pb.CreateRegistrationCodeResponse:
        code = f"code-for-{request.parent.removeprefix('parties/')}-0001"
        self._world.codes[code] = request.parent
        return pb.CreateRegistrationCodeResponse(code=code)

    def RegisterKey(self, request: pb.RegisterKeyRequest, caller: str) -> pb.RegisterKeyResponse:
        party = self._world.codes.get(request.code)
        if party is None:
            raise Refusal("PERMISSION_DENIED", "CODE_INVALID", "This code cannot be used.")
        try:
            key = PublicKey.from_jwk(decode(request.public_key.encode()))
        except Flawed as error:
            raise Refusal("INVALID_ARGUMENT", "KEY_UNUSABLE") from error
        message = join(b"interlock-register-key", request.code.encode(), request.public_key.encode())
        if not key.verify(message, request.proof):
            raise Refusal("INVALID_ARGUMENT", "KEY_UNUSABLE")
        self._world.owners[key.kid] = (party, None, key)
        entry = PartyKey(name=f"{party}/keys/{name_of(1)}", public_key=request.public_key, thumbprint=key.kid)
        return pb.RegisterKeyResponse(key=entry, party=party, network_id=NETWORK)

    def ListKeys(self, request: pb.ListKeysRequest, caller: str) -> pb.ListKeysResponse:
        return pb.ListKeysResponse(keys=[PartyKey(name=f"{caller}/keys/{name_of(1)}")])

    def _find(self, name: str) -> Party:
        if name not in self._world.parties:
            raise Refusal("NOT_FOUND", "PARTY_UNKNOWN", f"There is no party {name}.")
        return self._world.parties[name]
