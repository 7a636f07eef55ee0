"""Evacuations: no one can open everything alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interlock.edge.v1 import command_pb2
from interlock.v1 import operator_pb2
from interlock.v1 import operator_service_pb2 as pb
from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import (
    BankUnknown,
    CompartmentUnknown,
    EvacuationUnknown,
    NoLiveLink,
    SecondPartyRequired,
)
from interlock_gateway.domain.facts import Act, FactKind
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.party import Role
from interlock_gateway.ports import At, Request
from interlock_gateway.services.links_port import NoLinks
from interlock_gateway.services.operator import OperatorServicer
from interlock_gateway.use_cases.aggregates import EVACUATIONS
from interlock_gateway.use_cases.network import Reach
from tests.gateway.scene import BANK, HOUR, NOON, AddBank, bank
from tests.gateway.services.gateway import Gateway, gateway

MALL = ("mall", Role.HOST)
OKO = ("oko", Role.OPERATOR)


class Refusing(NoLinks):
    """A bank that is connected, notes what it is asked, and refuses it."""

    def __init__(self) -> None:
        self.asked: list[tuple[command_pb2.Command, Request | None]] = []

    def reach(self, bank: BankName) -> Reach:
        return Reach(NOON, connected=True)

    async def command(
        self, bank: BankName, body: Any, deadline_s: float, request: Request | None = None
    ) -> command_pb2.CommandResult:
        self.asked.append((body, request))
        return command_pb2.CommandResult(outcome=command_pb2.COMMAND_OUTCOME_REFUSED)


async def wished(made: Gateway, servicer: OperatorServicer, *compartments: str) -> operator_pb2.Evacuation:
    request = pb.EvacuateRequest(
        bank=str(BANK), request_id=made.request_id(), compartments=compartments, reason="water comes in"
    )
    call = made.call(OperatorServicer.SERVICE, "Evacuate", *OKO)
    return (await servicer.Evacuate(request, call)).evacuation


async def approved(made: Gateway, servicer: OperatorServicer, name: str, *who: Any) -> operator_pb2.Evacuation:
    request = pb.ApproveEvacuationRequest(name=name, request_id=made.request_id())
    call = made.call(OperatorServicer.SERVICE, "ApproveEvacuation", *who)
    return (await servicer.ApproveEvacuation(request, call)).evacuation


async def test_bnk_14_a_second_party_approves_and_what_lies_inside_is_recalled(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        await made.scene.committer.submit(AddBank(replace(bank(), host="mall"), {SizeClass.M: 2}))
        inside = await made.scene.happen(await made.scene.reserved(), FactKind.PARCEL_DEPOSITED)
        links = Refusing()
        servicer = OperatorServicer(replace(made.parts, links=links))
        wish = await wished(made, servicer)
        with pytest.raises(SecondPartyRequired):
            await approved(made, servicer, wish.name, *OKO)
        done = await approved(made, servicer, wish.name, *MALL)
        await approved(made, servicer, wish.name, *MALL)
        now = await made.scene.now(inside)
        (kept,) = await made.scene.look(At(EVACUATIONS, wish.name.rpartition("/")[2]))
        assert wish.state == operator_pb2.EVACUATION_STATE_REQUESTED
        assert (done.state, done.approved_by) == (operator_pb2.EVACUATION_STATE_APPROVED, "parties/mall")
        assert list(done.compartments) == [f"{BANK}/compartments/1"]
        assert now.recall_requested
        assert now.right(Act.RECALL) is not None
        assert kept.finish_time is None
        (body, request), *again = links.asked
        assert list(body.evacuate.approved_by) == ["parties/oko", "parties/mall"]
        assert [each for _, each in again] == [request] * len(again)


async def test_bnk_14_a_wish_lapses_and_strangers_learn_nothing(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        await made.scene.committer.submit(AddBank(replace(bank(), host="mall"), {SizeClass.M: 1}))
        servicer = OperatorServicer(replace(made.parts, links=Refusing()))
        with pytest.raises(CompartmentUnknown):
            await wished(made, servicer, f"{BANK}/compartments/9")
        wish = await wished(made, servicer)
        with pytest.raises(EvacuationUnknown):
            await approved(made, servicer, wish.name, "other", Role.OPERATOR)
        with pytest.raises(NoLiveLink):
            await approved(made, OperatorServicer(made.parts), wish.name, *MALL)
        made.scene.watch.time += HOUR
        with pytest.raises(EvacuationUnknown):
            await approved(made, servicer, wish.name, *MALL)
        listing = pb.ListEvacuationsRequest(parent=str(BANK))
        call = made.call(OperatorServicer.SERVICE, "ListEvacuations", *MALL)
        (listed,) = (await servicer.ListEvacuations(listing, call)).evacuations
        assert (listed.name, listed.state) == (wish.name, operator_pb2.EVACUATION_STATE_LAPSED)
        stranger = made.call(OperatorServicer.SERVICE, "ListEvacuations", "other", Role.OPERATOR)
        with pytest.raises(BankUnknown):
            await servicer.ListEvacuations(listing, stranger)
