"""What both clients do alike: ask, answer, repeat, refuse."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo

from interlock import Collector, Parcel, PrivateKey, Retry, errors
from interlock.v1.bank_pb2 import Bank
from interlock.v1.need_pb2 import CLIMATE_CHILLED, FEATURE_ACCESSIBLE, SIZE_CLASS_M
from interlock.v1.reservation_pb2 import RESERVATION_STATE_CANCELLED, RESERVATION_STATE_CONFIRMED
from tests.sdk.client.conftest import Either
from tests.sdk.fake.gateway import FakeGateway
from tests.sdk.fake.world import ALTONA, Refusal

BUSY = ("UNAVAILABLE", "STORE_UNAVAILABLE")


async def test_a_reservation_gives_name_token_and_pin(client: Either, gateway: FakeGateway) -> None:
    window = (datetime(2030, 1, 1, 8, tzinfo=UTC), datetime(2030, 1, 1, 16, tzinfo=UTC))
    reserved = await client.reserve(
        ALTONA,
        ["JD014600003SE", Parcel(carrier_reference="X2", mass_g=900)],
        size="m",
        climate="chilled",
        features=["ACCESSIBLE"],
        window=window,
        collect_for=timedelta(hours=71, minutes=1),
        collector=Collector(phone="+4915112345678"),
    )
    assert reserved.name.startswith("parties/acme/reservations/")
    assert len(reserved.pin) == 8
    assert reserved.deposit_token.count(".") == 2
    asked = gateway.last("CreateReservation")
    assert asked.parent == "parties/acme"
    assert (asked.reservation.need.size_class, asked.reservation.need.climate) == (SIZE_CLASS_M, CLIMATE_CHILLED)
    assert list(asked.reservation.need.features) == [FEATURE_ACCESSIBLE]
    assert [parcel.carrier_reference for parcel in asked.reservation.parcels] == ["JD014600003SE", "X2"]
    assert asked.reservation.collect_for.hours == 72
    assert asked.reservation.deposit_window.end_time.ToDatetime(tzinfo=UTC) == window[1]
    assert uuid.UUID(asked.request_id).version == 4


async def test_a_hold_gives_no_right_until_it_is_confirmed(client: Either) -> None:
    held = await client.reserve(ALTONA, ["A"], hold=timedelta(minutes=10))
    assert (held.pin, held.deposit_token) == ("", "")
    confirmed = await client.confirm(held.name)
    assert confirmed.reservation.state == RESERVATION_STATE_CONFIRMED
    assert confirmed.pin
    assert confirmed.deposit_token


async def test_asking_whether_it_would_fit_keeps_nothing(client: Either, gateway: FakeGateway) -> None:
    would = await client.reserve(ALTONA, ["A"], validate_only=True)
    assert would.name == ""
    assert gateway.world.reservations == {}


async def test_a_lost_answer_is_asked_for_again_under_the_same_request_id(client: Either, gateway: FakeGateway) -> None:
    gateway.after.extend([Refusal(*BUSY), Refusal(*BUSY)])
    reserved = await client.reserve(ALTONA, ["A"])
    ids = [seen.request.request_id for seen in gateway.world.seen]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    assert list(gateway.world.reservations) == [reserved.name]


async def test_two_calls_have_two_request_ids(client: Either, gateway: FakeGateway) -> None:
    await client.reserve(ALTONA, ["A"])
    await client.reserve(ALTONA, ["A"])
    assert len({seen.request.request_id for seen in gateway.world.seen}) == 2


async def test_a_call_of_an_earlier_process_can_be_repeated(client: Either) -> None:
    mine = str(uuid.uuid4())
    first = await client.reserve(ALTONA, ["A"], request_id=mine)
    again = await client.reserve(ALTONA, ["A"], request_id=mine)
    assert again.name == first.name
    with pytest.raises(errors.RequestIdReused) as caught:
        await client.reserve(ALTONA, ["B"], request_id=mine)
    assert caught.value.request_id == mine


async def test_reading_is_repeated_without_a_request_id(client: Either, gateway: FakeGateway) -> None:
    gateway.before.append(Refusal(*BUSY))
    assert (await client.network()).network_id == "demo"
    assert gateway.methods() == ["GetNetwork", "GetNetwork"]


async def test_what_a_code_proves_is_repeated(stranger: Either, gateway: FakeGateway) -> None:
    gateway.after.append(Refusal(*BUSY))
    registered = await stranger.register_key("welcome-acme-0001", PrivateKey.generate())
    assert registered.party == "parties/acme"
    assert gateway.methods() == ["RegisterKey", "RegisterKey"]


async def test_a_batch_is_repeated_whole_and_does_nothing_twice(client: Either, gateway: FakeGateway) -> None:
    gateway.after.append(Refusal(*BUSY))
    outcomes = await client.reserve_many([client.inner.item(ALTONA, [number]) for number in ("A", "B")])
    assert gateway.methods() == ["BatchCreateReservations"] * 2
    assert {outcome.name for outcome in outcomes} == set(gateway.world.reservations)


@pytest.mark.parametrize(
    "code", ["ABORTED", "DEADLINE_EXCEEDED", "INTERNAL", "RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "UNKNOWN"]
)
async def test_an_answer_is_not_asked_for_again(client: Either, gateway: FakeGateway, code: str) -> None:
    gateway.before.append(Refusal(code))
    with pytest.raises(errors.Refused) as caught:
        await client.reserve(ALTONA, ["A"])
    assert caught.value.code == code
    assert gateway.methods() == ["CreateReservation"]


async def test_repetition_ends_with_the_time_and_says_what_was_asked(
    make: Callable[..., Either], gateway: FakeGateway
) -> None:
    gateway.before.extend(Refusal(*BUSY) for _ in range(5000))
    hurried = make(retry=Retry(timeout_s=0.2, first_pause_s=0.0))
    with pytest.raises((errors.Unavailable, errors.DeadlineExceeded)) as caught:
        await hurried.reserve(ALTONA, ["A"])
    assert len(gateway.world.seen) > 1
    assert caught.value.request_id == gateway.world.seen[0].request.request_id


async def test_a_gateway_that_asks_for_more_patience_than_there_is_is_not_asked_again(
    client: Either, gateway: FakeGateway
) -> None:
    wait = RetryInfo(retry_delay=Duration(seconds=3600))
    gateway.before.append(Refusal("UNAVAILABLE", "SHUTTING_DOWN", "Back soon.", wait))
    with pytest.raises(errors.ShuttingDown) as caught:
        await client.network()
    assert caught.value.retry_after == timedelta(hours=1)
    assert gateway.methods() == ["GetNetwork"]


async def test_a_refusal_says_all_that_the_gateway_said(client: Either, gateway: FakeGateway) -> None:
    gateway.world.capacity = 0
    with pytest.raises(errors.NoCapacity, match="No compartment that serves is free") as caught:
        await client.reserve(ALTONA, ["A"])
    assert isinstance(caught.value, errors.ResourceExhausted)
    assert caught.value.reason == "NO_CAPACITY"
    assert caught.value.metadata == {"size_class": "M"}


async def test_a_broken_rule_names_its_field(operator: Either) -> None:
    with pytest.raises(errors.InvalidField) as caught:
        await operator.create_bank("harbour", Bank(display_name="Harbour"))
    assert caught.value.field_violations == (errors.FieldViolation("bank.time_zone", "must not be empty"),)


async def test_an_extension_refused_says_until_when_it_would_go(client: Either, gateway: FakeGateway) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    gateway.world.reservations[reserved.name].state = 4
    with pytest.raises(errors.NoCapacity) as caught:
        await client.extend(reserved.name, timedelta(days=9))
    assert caught.value.extendable_until == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


async def test_a_batch_returns_its_refusals(client: Either, gateway: FakeGateway) -> None:
    gateway.world.capacity = 1
    wanted = [client.inner.item(ALTONA, [number]) for number in ("A", "B")]
    promised, refused = await client.reserve_many(wanted)
    assert promised.pin
    assert isinstance(refused, errors.NoCapacity)
    assert refused.request_id == wanted[1].request_id


async def test_a_list_is_read_page_after_page(client: Either, gateway: FakeGateway) -> None:
    made = [(await client.reserve(ALTONA, [f"A{number}"])).name for number in range(5)]
    listed = await client.list(page_size=2)
    assert [reservation.name for reservation in listed] == made[::-1]
    assert gateway.methods().count("ListReservations") == 3


async def test_no_page_is_fetched_that_nobody_reads(client: Either, gateway: FakeGateway) -> None:
    for number in range(5):
        await client.reserve(ALTONA, [f"A{number}"])
    assert len(await client.first(2, client.inner.list(page_size=2))) == 2
    assert gateway.methods().count("ListReservations") == 1


async def test_a_page_is_repeated_like_any_reading(client: Either, gateway: FakeGateway) -> None:
    for number in range(3):
        await client.reserve(ALTONA, [f"A{number}"])
    gateway.after.append(Refusal(*BUSY))
    assert len(await client.list(page_size=2)) == 3


async def test_the_bank_nearest_comes_first(client: Either) -> None:
    found = await client.search_banks((53.55, 9.93), size="M")
    assert [each.bank.name for each in found] == ["parties/city/banks/altona", "parties/city/banks/dammtor"]
    assert found[0].distance_m < found[1].distance_m


async def test_cancelling_says_when_the_bank_honours_it(client: Either) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    cancelled = await client.cancel(reserved.name)
    assert cancelled.reservation.state == RESERVATION_STATE_CANCELLED
    with pytest.raises(errors.WrongState) as caught:
        await client.cancel(reserved.name)
    assert caught.value.metadata["state"] == "CANCELLED"


async def test_one_call_token_serves_many_calls(client: Either, gateway: FakeGateway) -> None:
    for _ in range(3):
        await client.network()
    assert len({seen.authorization for seen in gateway.world.seen}) == 1
    assert {seen.caller for seen in gateway.world.seen} == {"parties/acme"}


async def test_what_is_open_to_anyone_goes_without_a_call_token(client: Either, gateway: FakeGateway) -> None:
    await client.key_set()
    assert gateway.world.seen[0].authorization == ""


async def test_without_a_key_the_call_never_leaves(stranger: Either, gateway: FakeGateway) -> None:
    with pytest.raises(errors.Unsendable, match="there is no key"):
        await stranger.network()
    assert gateway.world.seen == []


async def test_a_key_that_nobody_registered_is_refused(make: Callable[..., Either], other_key: PrivateKey) -> None:
    with pytest.raises(errors.CallTokenInvalid):
        await make(key=other_key).network()


async def test_a_method_that_is_not_served_yet_says_so(client: Either) -> None:
    with pytest.raises(errors.NotServedYet):
        await client.accounts()


async def test_nobody_at_the_address_is_unreachable(make: Callable[..., Either], gateway: FakeGateway) -> None:
    gateway.stop()
    nobody = make(retry=Retry(timeout_s=0.5))
    with pytest.raises(errors.Unreachable, match=rf"No gateway answers at {gateway.address} \(.*\)\."):
        await nobody.network()


async def test_a_door_opens_only_for_somebody_who_stands_there(client: Either, gateway: FakeGateway) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    with pytest.raises(ValueError, match="exactly one way"):
        await client.open_door(reserved.name)
    command = await client.open_door(reserved.name, screen_code="4711", timeout=timedelta(seconds=3))
    assert command.name.startswith(f"{ALTONA}/commands/")
    asked = gateway.last("OpenDoor")
    assert (asked.presence.screen_code, asked.timeout.seconds) == ("4711", 3)


async def test_a_discrepancy_is_settled_by_a_correction(client: Either) -> None:
    (found,) = await client.discrepancies(state="OPEN")
    settled = await client.resolve_discrepancy(found.name, "Found behind the door.", corrected="deposited")
    assert settled.resolution.note == "Found behind the door."
    assert await client.discrepancies(state="OPEN") == []
