"""The fake's rights: real tokens, signed by a key of a real key set."""

# ruff: noqa: N802 - the contract names the methods and says what they are told

from __future__ import annotations

import json
import secrets

from interlock.access_token import AccessToken, Act, mint
from interlock.deposit_terms import Climate, CollectFor, DepositTerms, PinTerms, StayUnit
from interlock.session_token import SessionToken
from interlock.session_token import mint as mint_session
from interlock.v1 import access_service_pb2 as pb
from interlock.v1 import reservation_pb2 as rp
from interlock.v1.operator_pb2 import COMMAND_STATE_DONE, Command
from interlock.v1.reservation_pb2 import Grant, Reservation
from tests.sdk.fake.world import NETWORK, Refusal, World, name_of, now

ACTS = {rp.ACT_DEPOSIT: Act.DEPOSIT, rp.ACT_COLLECT: Act.COLLECT, rp.ACT_RECALL: Act.RECALL}


class Rights:
    """``AccessService``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def IssueAccess(self, request: pb.IssueAccessRequest, caller: str) -> pb.IssueAccessResponse:
        found = self._find(request.reservation)
        if request.form == pb.ACCESS_FORM_PIN:
            return pb.IssueAccessResponse(grant=Grant(act=request.act, pin=pin(found), reservation=found.name))
        return pb.IssueAccessResponse(grant=grant(self._world, found, request.act))

    def IssueCourierSession(
        self, request: pb.IssueCourierSessionRequest, caller: str
    ) -> pb.IssueCourierSessionResponse:
        start = now().seconds
        token = SessionToken(
            iss=NETWORK,
            aud=self._world.banks[request.bank].token_audience,
            sub=request.parent.removeprefix("parties/"),
            jti=secrets.token_urlsafe(12),
            iat=start,
            nbf=start,
            exp=start + 12 * 3600,
            acts=frozenset(ACTS[act] for act in request.acts),
            sl=1,
        )
        answer = pb.IssueCourierSessionResponse(session_token=mint_session(token, self._world.signing_key, "k1"))
        answer.expire_time.seconds = token.exp
        return answer

    def RevokeAccess(self, request: pb.RevokeAccessRequest, caller: str) -> pb.RevokeAccessResponse:
        self._find(request.reservation)
        return pb.RevokeAccessResponse(effect=rp.EFFECT_PENDING)

    def OpenDoor(self, request: pb.OpenDoorRequest, caller: str) -> pb.OpenDoorResponse:
        found = self._find(request.reservation)
        command = Command(name=f"{found.bank}/commands/{name_of(1)}", state=COMMAND_STATE_DONE)
        return pb.OpenDoorResponse(command=command)

    def GetKeySet(self, request: pb.GetKeySetRequest, caller: str) -> pb.GetKeySetResponse:
        jwk = {**self._world.signing_key.public.jwk(), "kid": "k1"}
        return pb.GetKeySetResponse(jwks=json.dumps({"keys": [jwk]}), signed_key_set=self._world.key_set())

    def _find(self, name: str) -> Reservation:
        if name not in self._world.reservations:
            raise Refusal("NOT_FOUND", "RESERVATION_UNKNOWN")
        return self._world.reservations[name]


def pin(made: Reservation) -> str:
    """The PIN of a reservation: its number, eight digits."""
    return "".join(str(ord(letter) - ord("a")) for letter in made.name[-8:])


def grant(world: World, made: Reservation, act: rp.Act) -> Grant:
    """A right of a reservation as a token."""
    start = now().seconds
    token = AccessToken(
        iss=NETWORK,
        aud=world.banks[made.bank].token_audience,
        sub=made.name.split("/")[-1],
        jti=secrets.token_urlsafe(12),
        iat=start,
        nbf=start,
        exp=start + 8 * 3600,
        act=ACTS[act],
        ser=0,
        sl=1,
        dep=_terms(len(made.parcels)) if act == rp.ACT_DEPOSIT else None,
    )
    return Grant(act=act, access_token=mint(token, world.signing_key, "k1"), jti=token.jti, reservation=made.name)


def _terms(parcels: int) -> DepositTerms:
    return DepositTerms(
        size_class="M",
        climate=Climate.AMBIENT,
        features="",
        pin=PinTerms(1, 0, bytes(8)),
        collect_for=CollectFor(72, StayUnit.HOURS),
        recall_hours=24,
        parcels=parcels,
    )
