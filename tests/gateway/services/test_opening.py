"""Doors opened from afar: what the bank is asked, and what its answer becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from interlock import errors
from interlock.edge.v1 import command_pb2
from interlock.v1 import access_refusal_pb2, operator_pb2, reservation_pb2
from interlock_gateway.domain.facts import DoorState, Evidence, Fact, FactKind
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.ports import Request, Wanted
from interlock_gateway.use_cases.aggregates import COMMANDS
from interlock_gateway.use_cases.bank_link import CommandState, StoredCommand
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.desk import Desk
from tests.gateway.scene import Happen
from tests.gateway.services.conftest import BANK, HeardJustNow, Stage

ID = "a" * 16


@dataclass
class Keep:
    """Write a command down."""

    command: StoredCommand
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Nothing."""

    def decide(self, desk: Desk) -> None:
        desk.get(COMMANDS, self.command.id)
        desk.put(COMMANDS, self.command)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> None:
        raise NotImplementedError


@dataclass
class Answering(HeardJustNow):
    """A bank that answers as it is told."""

    result: command_pb2.CommandResult = field(default_factory=command_pb2.CommandResult)
    asked: list[command_pb2.Command] = field(default_factory=list)
    committer: Committer | None = None

    async def command(self, bank: BankName, body: Any, deadline_s: float, request: Request | None = None) -> Any:
        self.asked.append(body)
        assert self.committer is not None
        now = datetime.now(UTC)
        command = StoredCommand(
            id=ID,
            bank=str(bank),
            body=body.SerializeToString(),
            state=CommandState.DONE,
            create_time=now,
            deadline=now + timedelta(seconds=deadline_s),
            result=self.result.SerializeToString(),
            result_time=now,
            requested_by="acme" if request else "",
        )
        await self.committer.submit(Keep(command))
        return self.result


@pytest.fixture
def links() -> Answering:
    """Links to one bank that answers."""
    return Answering()


@pytest.fixture
async def inside(stage: Stage, links: Answering) -> str:
    """The name of a reservation whose parcel is in the bank."""
    links.committer = stage.town.running.parts.committer
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    now = datetime.now(UTC)
    fact = Fact(
        kind=FactKind.PARCEL_DEPOSITED,
        time=now,
        learnt_time=now,
        evidence=Evidence.SENSED,
        door=DoorState.CLOSED,
        compartment="1",
    )
    await links.committer.submit(Happen(ReservationName.parse(made.name), fact))
    assert (await stage.acme.get(made.name)).state == reservation_pb2.RESERVATION_STATE_DEPOSITED
    return made.name


async def test_the_bank_is_asked_for_the_collectors_right_with_the_presence(
    stage: Stage, links: Answering, inside: str
) -> None:
    links.result = command_pb2.CommandResult(id=ID, outcome=command_pb2.COMMAND_OUTCOME_DONE, compartment="1")
    command = await stage.acme.open_door(inside, screen_code="4711")
    assert command.kind == operator_pb2.COMMAND_KIND_OPEN_DOOR
    assert command.state == operator_pb2.COMMAND_STATE_DONE
    (asked,) = links.asked
    right = asked.open_for_right
    assert inside.endswith(right.reservation)
    assert (right.act, right.series, right.presence, right.screen_code) == (
        reservation_pb2.ACT_COLLECT,
        0,
        "SCREEN_CODE",
        "4711",
    )


async def test_a_refusal_of_the_bank_says_why(stage: Stage, links: Answering, inside: str) -> None:
    links.result = command_pb2.CommandResult(
        id=ID,
        outcome=command_pb2.COMMAND_OUTCOME_REFUSED,
        access_refusal=access_refusal_pb2.ACCESS_REFUSAL_REVOKED,
    )
    with pytest.raises(errors.AccessRefused) as caught:
        await stage.acme.open_door(inside, staff_call=True)
    assert caught.value.metadata["access_refusal"] == "REVOKED"


async def test_an_answer_that_is_too_late_opens_nothing(stage: Stage, links: Answering, inside: str) -> None:
    links.result = command_pb2.CommandResult(id=ID, outcome=command_pb2.COMMAND_OUTCOME_EXPIRED)
    with pytest.raises(errors.CommandExpired):
        await stage.acme.open_door(inside, staff_call=True, request_id=str(uuid4()))


async def test_another_carrier_cannot_have_it_opened(stage: Stage, links: Answering, inside: str) -> None:
    with pytest.raises(errors.NotOwn):
        await stage.other.open_door(inside, staff_call=True)
    assert links.asked == []
