"""``PartyService``: who takes part, and how each proves who it is."""

from __future__ import annotations

from typing import Final

from interlock.binding import derive
from interlock.v1 import party_pb2
from interlock.v1 import party_service_pb2 as pb
from interlock_gateway.domain.errors import PartyUnknown
from interlock_gateway.domain.names import PartyKeyName, PartyName
from interlock_gateway.domain.party import Party, Role
from interlock_gateway.domain.viewers import View
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.party import key_message, party_message, roles_of
from interlock_gateway.services.mapping.values import stamp
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.parties import Parties
from interlock_gateway.use_cases.parties import AddParty, ResumeParty, SuspendParty
from interlock_gateway.use_cases.party_keys import AddKey, CreateRegistrationCode, DistrustKey, RegisterKey


class PartyServicer:
    """Serves it. Accounts with carried networks and webhooks are not served yet."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["PartyService"]

    def __init__(self, parts: Parts) -> None:
        """Serve with the parts of one gateway."""
        self._parts = parts
        self._parties = Parties(parts.readers)
        self._code_key = derive(parts.network.pin_key, b"interlock/registration-code")

    async def GetParty(self, request: pb.GetPartyRequest, call: Call) -> pb.GetPartyResponse:
        """Read one party."""
        party = await self._parties.get(PartyName.parse(request.name))
        if party is None:
            raise PartyUnknown(party=request.name)
        return pb.GetPartyResponse(party=_seen(party, call.viewer))

    async def ListParties(self, request: pb.ListPartiesRequest, call: Call) -> pb.ListPartiesResponse:
        """List the parties, by name."""
        page = await self._parties.list(roles_of(request.roles), size=size_of(request), start=start(call, request) or 0)
        return pb.ListPartiesResponse(
            parties=[_seen(each, call.viewer) for each in page.values],
            next_page_token=next_token(call, request, page.next_row),
        )

    async def AddParty(self, request: pb.AddPartyRequest, call: Call) -> pb.AddPartyResponse:
        """Admit a party."""
        proposal = AddParty(
            name=PartyName.parse(f"parties/{request.party_id}", field="party_id"),
            display_name=request.party.display_name,
            roles=roles_of(request.party.roles),
            request=call.request(request),
        )
        party = await self._parts.committer.submit(proposal)
        return pb.AddPartyResponse(party=_seen(party, call.viewer))

    async def SuspendParty(self, request: pb.SuspendPartyRequest, call: Call) -> pb.SuspendPartyResponse:
        """Stop a party from calling."""
        name = PartyName.parse(request.name)
        proposal = SuspendParty(name=name, by=call.party, reason=request.reason, request=call.request(request))
        party = await self._parts.committer.submit(proposal)
        self._parts.verdicts.drop(name.party)
        return pb.SuspendPartyResponse(party=_seen(party, call.viewer))

    async def ResumeParty(self, request: pb.ResumePartyRequest, call: Call) -> pb.ResumePartyResponse:
        """Let a suspended party call again."""
        name = PartyName.parse(request.name)
        party = await self._parts.committer.submit(ResumeParty(name=name, request=call.request(request)))
        self._parts.verdicts.drop(name.party)
        return pb.ResumePartyResponse(party=_seen(party, call.viewer))

    async def CreateRegistrationCode(
        self, request: pb.CreateRegistrationCodeRequest, call: Call
    ) -> pb.CreateRegistrationCodeResponse:
        """Make a one-time code."""
        proposal = CreateRegistrationCode(
            party=PartyName.parse(request.parent, field="parent"),
            code_key=self._code_key,
            request=call.request(request),
        )
        made = await self._parts.committer.submit(proposal)
        return pb.CreateRegistrationCodeResponse(code=made.text, expire_time=stamp(made.expire_time))

    async def RegisterKey(self, request: pb.RegisterKeyRequest, call: Call) -> pb.RegisterKeyResponse:  # noqa: ARG002
        """Register a key with a one-time code."""
        proposal = RegisterKey(
            code=request.code,
            public_key=request.public_key,
            proof=request.proof,
            display_name=request.display_name,
        )
        key = await self._parts.committer.submit(proposal)
        return pb.RegisterKeyResponse(
            key=key_message(key), party=str(PartyName(key.name.party)), network_id=self._parts.files.network_id
        )

    async def AddKey(self, request: pb.AddKeyRequest, call: Call) -> pb.AddKeyResponse:
        """Add one more key to the caller."""
        party = PartyName.parse(request.parent, field="parent")
        proposal = AddKey(
            party=party,
            public_key=request.public_key,
            proof=request.proof,
            display_name=request.display_name,
            known=await self._parties.key_ids(party),
            request=call.request(request),
        )
        return pb.AddKeyResponse(key=key_message(await self._parts.committer.submit(proposal)))

    async def DistrustKey(self, request: pb.DistrustKeyRequest, call: Call) -> pb.DistrustKeyResponse:
        """Distrust a key for good."""
        name = PartyKeyName.parse(request.name)
        known = await self._parties.key_ids(PartyName(name.party))
        key = await self._parts.committer.submit(DistrustKey(name=name, known=known, request=call.request(request)))
        self._parts.verdicts.drop(name.party)
        return pb.DistrustKeyResponse(key=key_message(key))

    async def ListKeys(self, request: pb.ListKeysRequest, call: Call) -> pb.ListKeysResponse:
        """List the caller's keys."""
        party = PartyName.parse(request.parent, field="parent")
        page = await self._parties.keys(party, size=size_of(request), start_row=start(call, request))
        return pb.ListKeysResponse(
            keys=[key_message(each) for each in page.values],
            next_page_token=next_token(call, request, page.next_row),
        )


def _seen(party: Party, viewer: Viewer) -> party_pb2.Party:
    """Write a party as a viewer sees it."""
    views = (View.NETWORK,) if Role.NETWORK_OWNER in viewer.roles else ()
    return project(party_message(party), views)
