"""Reservations through the wire, from the SDK's client to the database and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import grpc
import pytest

from interlock import access_token, errors, session_token
from interlock.key_set import Use
from interlock.v1 import bank_pb2, reservation_pb2, reservation_service_pb2
from interlock.v1.collector_pb2 import Collector
from tests.gateway.services.conftest import BANK, Stage, Town, bank

GET = "/interlock.v1.ReservationService/GetReservation"


async def test_a_promise_comes_with_a_token_and_a_pin_and_is_read_listed_and_cancelled(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M", collector=Collector(phone="+41791234567", locale="de"))
    assert made.reservation.state == reservation_pb2.RESERVATION_STATE_CONFIRMED
    assert len(made.pin) == 8
    keys = stage.town.running.parts.files.key_set.trusted(Use.ACCESS)
    token = access_token.read(made.deposit_token, keys)
    assert made.name.endswith(token.sub)
    assert token.dep is not None
    assert token.dep.size_class == "M"

    read = await stage.acme.get(made.name)
    assert read == made.reservation
    assert read.collector.phone == "+41791234567"
    assert [each.name async for each in stage.acme.list()] == [made.name]

    cancelled = await stage.acme.cancel(made.name)
    assert cancelled.reservation.state == reservation_pb2.RESERVATION_STATE_CANCELLED
    assert cancelled.effect == reservation_pb2.EFFECT_PENDING


async def test_a_hold_gives_no_right_before_it_is_confirmed(stage: Stage) -> None:
    held = await stage.acme.reserve(BANK, ["R-1"], size="M", hold=timedelta(minutes=5))
    assert held.reservation.state == reservation_pb2.RESERVATION_STATE_HELD
    assert held.grants == ()
    confirmed = await stage.acme.confirm(held.name)
    assert confirmed.deposit_token
    assert confirmed.pin


async def test_a_repeated_request_has_the_same_promise_token_claims_and_pin(stage: Stage) -> None:
    request_id = str(uuid4())
    first = await stage.acme.reserve(BANK, ["R-1"], size="M", request_id=request_id)
    again = await stage.acme.reserve(BANK, ["R-1"], size="M", request_id=request_id)
    assert again == first
    with pytest.raises(errors.RequestIdReused):
        await stage.acme.reserve(BANK, ["R-2"], size="M", request_id=request_id)


async def test_the_fourth_parcel_finds_no_room_at_three_doors(stage: Stage) -> None:
    outcomes = await stage.acme.reserve_many([stage.acme.item(BANK, [f"R-{n}"], size="M") for n in range(4)])
    assert [isinstance(each, errors.NoCapacity) for each in outcomes] == [False, False, False, True]


async def test_an_operator_sees_neither_the_reference_nor_the_collector(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["SECRET-1"], size="M", collector=Collector(phone="+41791234567"))
    seen = await stage.oko.get(made.name)
    assert seen.state == reservation_pb2.RESERVATION_STATE_CONFIRMED
    assert b"SECRET-1" not in seen.SerializeToString()
    assert b"+4179" not in seen.SerializeToString()
    assert not seen.HasField("collector")
    assert seen.planned_kind.size_class == made.reservation.planned_kind.size_class


async def test_a_foreign_reservation_and_an_absent_one_are_byte_for_byte_alike(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    absent = made.name[:-16] + "a" * 16
    answers = []
    for name in (made.name, absent):
        failure = await _failure(stage.town, name)
        details = dict(failure.trailing_metadata() or ())["grpc-status-details-bin"]
        told = (failure.code(), (failure.details() or "").encode(), details)
        answers.append([str(part).replace(name, "NAME") for part in told])
    assert answers[0] == answers[1]
    assert answers[0][0] == str(grpc.StatusCode.NOT_FOUND)


async def _failure(town: Town, name: str) -> grpc.aio.AioRpcError:
    """Read a reservation as the other carrier, without the SDK, and give what came instead of it."""
    async with grpc.aio.insecure_channel(town.running.address) as channel:
        call = channel.unary_unary(
            GET,
            request_serializer=reservation_service_pb2.GetReservationRequest.SerializeToString,
            response_deserializer=reservation_service_pb2.GetReservationResponse.FromString,
        )
        metadata = (("authorization", f"Bearer {town.token('other')}"),)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(reservation_service_pb2.GetReservationRequest(name=name), metadata=metadata)
        return caught.value


async def test_the_course_of_a_reservation_is_told_step_by_step(stage: Stage) -> None:
    held = await stage.acme.reserve(BANK, ["R-1"], size="M", hold=timedelta(minutes=5))
    await stage.acme.confirm(held.name)
    await stage.acme.cancel(held.name)
    tracked = await stage.acme.track(held.name)
    assert [step.type.split(".")[2] for step in tracked.steps] == ["held", "confirmed", "cancelled"]


async def test_events_are_told_to_those_whom_they_concern_and_to_nobody_else(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    mine = [each async for each in stage.acme.events(follow=False)]
    assert (made.name, "interlock.reservation.confirmed.v1") in {(each.subject, each.type) for each in mine}
    theirs = [each async for each in stage.other.events(follow=False)]
    assert made.name not in {each.subject for each in theirs}
    whole = [each async for each in stage.town.owner.events(follow=False)]
    assert made.name in {each.subject for each in whole}


async def test_it_is_found_by_a_search_and_shows_in_the_directory(stage: Stage) -> None:
    found = [each async for each in stage.acme.search_banks((47.378, 8.54), size="M")]
    assert [each.bank.name for each in found] == [BANK]
    seen = await stage.acme.bank(BANK)
    assert not seen.HasField("bookable_by")
    assert (await stage.oko.bank(BANK)).HasField("bookable_by")


async def test_a_group_is_promised_whole_or_not_at_all(stage: Stage) -> None:
    items = [stage.acme.item(BANK, [f"R-{number}"], size="M") for number in range(4)]
    for item in items:
        item.all_or_none_group = "together"
    outcomes = await stage.acme.reserve_many(items)
    assert {type(each) for each in outcomes[:3]} == {errors.GroupRefused}
    assert isinstance(outcomes[3], errors.NoCapacity)
    assert [each async for each in stage.acme.list()] == []


async def test_whether_it_would_fit_is_answered_without_a_promise(stage: Stage) -> None:
    item = stage.acme.item(BANK, ["R-1"], size="M")
    item.validate_only = True
    async with grpc.aio.insecure_channel(stage.town.running.address) as channel:
        call = channel.unary_unary(
            GET.replace("GetReservation", "CreateReservation"),
            request_serializer=reservation_service_pb2.CreateReservationRequest.SerializeToString,
            response_deserializer=reservation_service_pb2.CreateReservationResponse.FromString,
        )
        answer = await call(item, metadata=(("authorization", f"Bearer {stage.town.token('acme')}"),))
    assert not answer.reservation.name
    assert not answer.grants
    assert answer.reservation.planned_kind.size_class
    assert [each async for each in stage.acme.list()] == []


async def test_a_replaced_pin_is_another_and_pending_until_the_bank_knows(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    again = await stage.acme.issue_access(made.name, "COLLECT", form="PIN")
    assert again.pin == made.pin
    replaced = await stage.acme.issue_access(made.name, "COLLECT", form="PIN", replace=True)
    assert replaced.pin != made.pin
    assert replaced.effect == reservation_pb2.EFFECT_PENDING
    assert replaced.series == 1


async def test_a_courier_and_a_technician_get_tokens_of_their_own_kind(stage: Stage) -> None:
    keys = stage.town.running.parts.files.key_set.trusted(Use.ACCESS)
    session = await stage.acme.issue_courier_session(BANK, ["DEPOSIT", "RECALL"])
    assert session_token.read(session.session_token, keys).sub == "acme"
    service = await stage.oko.issue_service_access(f"{BANK}/compartments/1", "hinge")
    assert access_token.read(service.access_token, keys).cmp == "1"
    with pytest.raises(errors.CompartmentUnknown):
        await stage.oko.issue_service_access(f"{BANK}/compartments/99", "hinge")


async def test_a_door_that_holds_nothing_is_not_opened(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    with pytest.raises(errors.WrongState):
        await stage.acme.open_door(made.name, staff_call=True)


async def test_a_bank_is_watched_as_it_changes(stage: Stage) -> None:
    watched = stage.acme.watch_banks()
    first = await anext(watched)
    assert first.bank.name == BANK
    await stage.oko.close_bank(BANK, "moving", end=datetime.now(UTC) + timedelta(days=400))
    changed = await anext(watched)
    assert changed.bank.state == bank_pb2.BANK_STATE_CLOSING


async def test_an_event_comes_as_it_happens_to_whoever_follows(stage: Stage) -> None:
    following = stage.acme.events(follow=True, types=["interlock.reservation."])
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    told = await anext(following)
    assert (told.subject, told.type, told.sequence) == (made.name, "interlock.reservation.confirmed.v1", 1)
    assert not told.reservation.reservation.HasField("collector")


async def test_banks_are_listed_by_name_page_by_page(stage: Stage) -> None:
    for name in ("zoo-1", "alp-1"):
        await stage.oko.create_bank(name, bank())
    expected = [f"parties/oko/banks/{name}" for name in ("alp-1", "hbf-1", "zoo-1")]
    assert [each.name async for each in stage.oko.banks(page_size=1)] == expected
    assert (await anext(stage.oko.watch_banks())).bank.name == expected[0]


async def test_a_subject_that_the_reader_may_not_see_is_not_found(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    assert [each.subject async for each in stage.acme.events(follow=False, subjects=[made.name])] == [made.name]
    with pytest.raises(errors.ReservationUnknown):
        await anext(stage.other.events(follow=False, subjects=[made.name]))
    with pytest.raises(errors.BankUnknown):
        await anext(stage.other.events(follow=False, subjects=["parties/oko/banks/none"]))
