"""``AccessService``: rights in forms that people can carry, and the keys with which they are signed."""

from __future__ import annotations

import json
from typing import Final

from interlock.key_set import KeySet, Use
from interlock.v1 import access_service_pb2 as pb
from interlock.v1 import reservation_pb2
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.names import BankName, CompartmentName, ReservationName
from interlock_gateway.domain.rights import Form, effect_of_ending, effect_of_giving
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.values import named, number, stamp
from interlock_gateway.services.minting import Mint
from interlock_gateway.services.opening import open_door
from interlock_gateway.services.parts import Parts
from interlock_gateway.use_cases.access import AccessGiven, IssueAccess, RevokeAccess
from interlock_gateway.use_cases.sessions import IssueCourierSession, IssueServiceAccess


class AccessServicer:
    """Gives rights and ends them."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["AccessService"]

    def __init__(self, parts: Parts) -> None:
        """Serve from the parts of a gateway."""
        self._parts = parts
        self._mint = Mint(parts.files)

    async def IssueAccess(self, request: pb.IssueAccessRequest, call: Call) -> pb.IssueAccessResponse:
        """Give a right in a form."""
        given = await self._parts.committer.submit(
            IssueAccess(
                name=ReservationName.parse(request.reservation, field="reservation"),
                act=named(reservation_pb2.Act, request.act, Act),
                form=named(pb.AccessForm, request.form, Form),
                replace=request.replace,
                network=self._parts.network,
                request=call.request(request),
            )
        )
        self._parts.links.manifest_changed(given.promised.bank.name)
        return pb.IssueAccessResponse(grant=self._grant(given))

    async def RevokeAccess(self, request: pb.RevokeAccessRequest, call: Call) -> pb.RevokeAccessResponse:
        """End a right before its time."""
        given = await self._parts.committer.submit(
            RevokeAccess(
                name=ReservationName.parse(request.reservation, field="reservation"),
                act=named(reservation_pb2.Act, request.act, Act),
                suspend=request.suspend,
                reason=request.reason,
                network=self._parts.network,
                request=call.request(request),
            )
        )
        self._parts.links.manifest_changed(given.promised.bank.name)
        effect = effect_of_ending(acknowledged=self._acknowledged(given))
        return pb.RevokeAccessResponse(
            effect=number(reservation_pb2.Effect, effect), grants=[self._grant(given)] if given.given else []
        )

    def _grant(self, given: AccessGiven) -> reservation_pb2.Grant:
        effect = effect_of_giving(form=given.form, replaced=given.replaced, acknowledged=self._acknowledged(given))
        return self._mint.grant(given.promised, given.act, given.form, effect, now=self._parts.clock.now())

    def _acknowledged(self, given: AccessGiven) -> bool:
        return self._parts.links.acknowledged(given.promised.bank.name) >= given.manifest_number

    async def IssueCourierSession(
        self, request: pb.IssueCourierSessionRequest, call: Call
    ) -> pb.IssueCourierSessionResponse:
        """Give a courier the menu of one bank for a shift."""
        drawn = await self._parts.committer.submit(
            IssueCourierSession(
                party=call.party, bank=BankName.parse(request.bank, field="bank"), request=call.request(request)
            )
        )
        acts = frozenset(named(reservation_pb2.Act, each, Act) for each in request.acts)
        token, ends = self._mint.session(
            drawn.bank, call.party, acts, jti=drawn.jti, status_index=drawn.status_index, now=drawn.time
        )
        return pb.IssueCourierSessionResponse(session_token=token, expire_time=stamp(ends))

    async def IssueServiceAccess(
        self, request: pb.IssueServiceAccessRequest, call: Call
    ) -> pb.IssueServiceAccessResponse:
        """Give a technician access to one compartment."""
        name = CompartmentName.parse(request.compartment, field="compartment")
        drawn = await self._parts.committer.submit(IssueServiceAccess(compartment=name, request=call.request(request)))
        token, ends = self._mint.service(
            drawn.bank,
            name.compartment,
            visit=drawn.id,
            jti=drawn.jti,
            status_index=drawn.status_index,
            now=drawn.time,
        )
        return pb.IssueServiceAccessResponse(access_token=token, expire_time=stamp(ends))

    async def OpenDoor(self, request: pb.OpenDoorRequest, call: Call) -> pb.OpenDoorResponse:
        """Open the door for a collector who stands before it."""
        return pb.OpenDoorResponse(command=await open_door(self._parts, request, call))

    async def GetKeySet(self, request: pb.GetKeySetRequest, call: Call) -> pb.GetKeySetResponse:  # noqa: ARG002
        """Give the network's public keys to anyone."""
        keys = self._parts.files.key_set
        return pb.GetKeySetResponse(jwks=_jwks(keys), signed_key_set=keys.text)


def _jwks(keys: KeySet) -> str:
    """Write the keys that sign access tokens, future ones included, as RFC 7517 has them."""
    trusted = keys.trusted(Use.ACCESS)
    return json.dumps(
        {
            "keys": [
                {**key.jwk(), "kid": kid, "use": "sig", "alg": key.algorithm.value}
                for kid, key in sorted(trusted.items())
            ]
        },
        separators=(",", ":"),
    )
