"""``OpenDoor``: a collector's right used from afar, by the same ledger as a scan (ACC-60)."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any, Final

from interlock.edge.v1 import command_pb2
from interlock.v1 import access_refusal_pb2, operator_pb2, reservation_pb2
from interlock.v1 import access_service_pb2 as pb
from interlock_gateway.domain.errors import AccessRefused, CommandExpired, ReservationUnknown, WrongState
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.names import ReservationName
from interlock_gateway.domain.reservation import INSIDE, Reservation
from interlock_gateway.domain.viewers import View
from interlock_gateway.ports import RequestKey
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.operator import command_message
from interlock_gateway.services.mapping.values import length_of
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.reading import Condition, get
from interlock_gateway.store.sqlite.reservations import Reservations
from interlock_gateway.use_cases.aggregates import COMMANDS

DEFAULT_WAIT: Final = timedelta(seconds=10)


async def open_door(parts: Parts, request: pb.OpenDoorRequest, call: Call) -> operator_pb2.Command:
    """Open the door of a right, if the bank will.

    Raises:
        ReservationUnknown: The caller has none of this name.
        WrongState: Nothing is in the bank.
        NoLiveLink: The bank is not connected.
        CommandExpired: It did not answer in time, and will not open any more.
        AccessRefused: It refused.
    """
    name = ReservationName.parse(request.reservation, field="reservation")
    reservation = await Reservations(parts.readers).get(name, call.viewer)
    if reservation is None:
        raise ReservationUnknown(reservation=str(name))
    asked = call.request(request)
    # Asked before: the parcel may be out by now, because the door opened; the answer is what it was.
    if asked is None or not await parts.readers.run(_asked_before, asked.key):
        _check(reservation)
    wait = length_of(request.timeout) if request.HasField("timeout") else DEFAULT_WAIT
    deadline = parts.clock.now() + wait
    result = await parts.links.command(reservation.bank, _body(reservation, request), wait.total_seconds(), asked)
    if result.outcome == command_pb2.COMMAND_OUTCOME_EXPIRED:
        raise CommandExpired(bank=str(reservation.bank), deadline_time=deadline)
    if result.outcome == command_pb2.COMMAND_OUTCOME_REFUSED:
        refusal = access_refusal_pb2.AccessRefusal.Name(result.access_refusal).removeprefix("ACCESS_REFUSAL_")
        raise AccessRefused(bank=str(reservation.bank), access_refusal=refusal)
    stored = await parts.readers.run(get, COMMANDS, result.id, Condition())
    if stored is None:
        message = f"{reservation.bank} answered a command that nobody wrote down"
        raise RuntimeError(message)
    return project(command_message(stored), {View.CARRIER})


def _check(reservation: Reservation) -> None:
    if reservation.state not in INSIDE or reservation.right(Act.COLLECT) is None:
        raise WrongState(reservation=str(reservation.name), state=reservation.state, command="OPEN_DOOR")


def _body(reservation: Reservation, request: Any) -> command_pb2.Command:  # noqa: ANN401 - OpenDoorRequest
    right = reservation.right(Act.COLLECT)
    presence = request.presence
    return command_pb2.Command(
        open_for_right=command_pb2.OpenForRight(
            reservation=reservation.name.reservation,
            act=reservation_pb2.ACT_COLLECT,
            series=0 if right is None else right.series,
            presence=presence.WhichOneof("proof").upper(),
            screen_code=presence.screen_code,
        )
    )


def _asked_before(connection: sqlite3.Connection, key: RequestKey) -> bool:
    row = connection.execute("SELECT 1 FROM requests WHERE party = ? AND method = ? AND request_id = ?", key)
    return row.fetchone() is not None
