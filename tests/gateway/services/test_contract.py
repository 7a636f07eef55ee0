"""What the contract says of every method and field, held against a gateway that runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from interlock import Reserved, errors
from interlock.v1 import error_reason_pb2
from interlock.v1 import reservation_service_pb2 as pb
from interlock.v1.parcel_pb2 import Parcel
from interlock_gateway.main import LINK_SERVICE, SERVICES
from interlock_gateway.services.status import CODES
from tests.gateway.services.conftest import BANK, Stage, Town

METHODS = [(service, method) for service in SERVICES for method in service.methods]
NOT_SERVED = {
    "AdoptWalkIn",
    "GetDocuments",
    "ListDropOffPoints",
    "AddNetworkAccount",
    "ListNetworkAccounts",
    "CheckNetworkAccount",
    "RemoveNetworkAccount",
    "CreateWebhook",
    "ListWebhooks",
    "RemoveWebhook",
    "ReplayWebhook",
}
"""What a gateway without carried networks and webhooks refuses; each is declared, described and answered."""


def _call(channel: grpc.aio.Channel, service: Any, method: Any) -> Callable[..., Any]:
    make = channel.unary_stream if method.server_streaming else channel.unary_unary
    return make(
        f"/{service.full_name}/{method.name}",
        request_serializer=GetMessageClass(method.input_type).SerializeToString,
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )


async def _answered(town: Town, service: Any, method: Any, token: str) -> tuple[grpc.StatusCode, str]:
    """Call a method with an empty request, and give the code and the reason."""
    async with grpc.aio.insecure_channel(town.running.address) as channel:
        call = _call(channel, service, method)
        metadata = (("authorization", f"Bearer {token}"),) if token else ()
        try:
            answer = call(GetMessageClass(method.input_type)(), metadata=metadata, timeout=10)
            if method.server_streaming:
                async for _ in answer:
                    break
            else:
                await answer
        except grpc.aio.AioRpcError as failure:
            details = dict(failure.trailing_metadata() or ())["grpc-status-details-bin"]
            status = status_pb2.Status.FromString(details)
            info = error_details_pb2.ErrorInfo()
            assert status.details[0].Unpack(info)
            assert info.domain == "interlock"
            return failure.code(), info.reason
        return grpc.StatusCode.OK, ""


@pytest.fixture
async def described(town: Town) -> dict[str, bytes]:
    """What reflection says of every service: the file that describes it."""
    found = {}
    async with grpc.aio.insecure_channel(town.running.address) as channel:
        # Its stubs know channels that wait alone, and work with both.
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)  # type: ignore[arg-type]
        asked = [reflection_pb2.ServerReflectionRequest(list_services="")]
        answers = [each async for each in stub.ServerReflectionInfo(iter(asked))]
        names = [each.name for each in answers[0].list_services_response.service]
        for name in names:
            wanted = [reflection_pb2.ServerReflectionRequest(file_containing_symbol=name)]
            async for answer in stub.ServerReflectionInfo(iter(wanted)):
                found[name] = answer.file_descriptor_response.file_descriptor_proto[0]
    return found


async def test_every_service_is_listed_and_described_by_reflection(described: dict[str, bytes]) -> None:
    for service in (*SERVICES, LINK_SERVICE):
        assert described[service.full_name] == service.file.serialized_pb
    assert "grpc.health.v1.Health" in described


async def test_every_method_is_called_without_a_token_and_only_the_open_ones_answer(town: Town) -> None:
    for service, method in METHODS:
        code, reason = await _answered(town, service, method, "")
        if method.name in {"GetKeySet", "RegisterKey", "SubmitReceipt"}:
            assert code in {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT}, method.full_name
        else:
            assert (code, reason) == (grpc.StatusCode.UNAUTHENTICATED, "CALL_TOKEN_MISSING"), method.full_name


async def test_every_method_is_called_by_a_party_of_every_role_and_answers_as_the_contract_has_it(
    town: Town,
) -> None:
    await town.join("all", "CARRIER", "OPERATOR", "HOST", "VENDOR", "NETWORK_OWNER")
    token = town.token("all")
    unserved = set()
    for service, method in METHODS:
        code, reason = await _answered(town, service, method, token)
        assert code is not grpc.StatusCode.INTERNAL, method.full_name
        if reason == "NOT_SERVED_YET":
            assert code is grpc.StatusCode.UNIMPLEMENTED
            unserved.add(method.name)
        else:
            assert code in {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT}, (method.full_name, reason)
    assert unserved >= NOT_SERVED


async def test_it_says_that_it_is_healthy(town: Town) -> None:
    async with grpc.aio.insecure_channel(town.running.address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        answer = await stub.Check(health_pb2.HealthCheckRequest())
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_every_reason_of_the_contract_has_a_code() -> None:
    names = {name.removeprefix("ERROR_REASON_") for name in error_reason_pb2.ErrorReason.keys()}  # noqa: SIM118
    assert CODES.keys() == names - {"UNSPECIFIED"}


def _spoil(spoil: Callable[[pb.CreateReservationRequest], None]) -> Callable[[Stage], pb.CreateReservationRequest]:
    def make(stage: Stage) -> pb.CreateReservationRequest:
        request = stage.acme.item(BANK, ["R-1"], size="M")
        spoil(request)
        return request

    return make


BAD: dict[str, tuple[str, Callable[[Stage], pb.CreateReservationRequest]]] = {
    "no UUID": ("request_id", _spoil(lambda r: setattr(r, "request_id", "one"))),
    "a hold of two hours": ("hold_seconds", _spoil(lambda r: setattr(r, "hold_seconds", 7200))),
    "no parcel": ("reservation.parcels", _spoil(lambda r: r.reservation.ClearField("parcels"))),
    "nine parcels": (
        "reservation.parcels",
        _spoil(lambda r: r.reservation.parcels.extend([Parcel(carrier_reference="R")] * 8)),
    ),
    "an SSCC of 17 digits": (
        "reservation.parcels[0].sscc",
        _spoil(lambda r: setattr(r.reservation.parcels[0], "sscc", "1" * 17)),
    ),
    "a phone number in words": (
        "reservation.collector.phone",
        _spoil(lambda r: setattr(r.reservation.collector, "phone", "call me")),
    ),
    "a class that is none": (
        "reservation.need.size_class",
        _spoil(lambda r: setattr(r.reservation.need, "size_class", 99)),
    ),
    "no reservation": ("reservation", _spoil(lambda r: r.ClearField("reservation"))),
    "a group with blanks": ("all_or_none_group", _spoil(lambda r: setattr(r, "all_or_none_group", "a b"))),
}


@pytest.mark.parametrize(("field", "make"), BAD.values(), ids=BAD)
async def test_a_request_that_breaks_a_rule_names_the_field(
    stage: Stage, field: str, make: Callable[[Stage], pb.CreateReservationRequest]
) -> None:
    request = make(stage)
    async with grpc.aio.insecure_channel(stage.town.running.address) as channel:
        service = SERVICES[0]
        call = _call(channel, service, service.methods_by_name["CreateReservation"])
        metadata = (("authorization", f"Bearer {stage.town.token('acme')}"),)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(request, metadata=metadata)
    refused = errors.from_failure(caught.value)
    assert isinstance(refused, errors.InvalidField)
    assert field in {each.field for each in refused.field_violations}


async def test_a_misshapen_name_is_refused_before_anything_is_asked_of_the_store(stage: Stage) -> None:
    with pytest.raises(errors.InvalidName) as caught:
        await stage.acme.get("parties/ACME/reservations/aaaaaaaaaaaaaaaa")
    assert caught.value.field_violations[0].field == "name"


async def test_what_goes_wrong_in_the_gateway_is_not_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        message = "the secret is 4711"
        raise RuntimeError(message)

    monkeypatch.setattr(stage.town.running.parts.readers, "run", fail)
    with pytest.raises(errors.InterlockError) as caught:
        await stage.acme.get(f"parties/acme/reservations/{'a' * 16}")
    assert "4711" not in str(caught.value)


async def test_a_page_token_of_another_list_is_refused(stage: Stage) -> None:
    for number in range(2):
        await stage.acme.reserve(BANK, [f"R-{number}"], size="M")
    async with grpc.aio.insecure_channel(stage.town.running.address) as channel:
        service = SERVICES[0]
        call = _call(channel, service, service.methods_by_name["ListReservations"])
        metadata = (("authorization", f"Bearer {stage.town.token('acme')}"),)
        first = await call(pb.ListReservationsRequest(parent="parties/acme", page_size=1), metadata=metadata)
        rest = await call(
            pb.ListReservationsRequest(parent="parties/acme", page_size=1, page_token=first.next_page_token),
            metadata=metadata,
        )
        assert first.reservations[0].name != rest.reservations[0].name
        assert not rest.next_page_token
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(
                pb.ListReservationsRequest(parent="parties/-", page_token=first.next_page_token), metadata=metadata
            )
    assert isinstance(errors.from_failure(caught.value), errors.PageTokenInvalid)


async def test_the_people_of_one_reservation_are_erased_and_the_rest_stays(stage: Stage) -> None:
    item = stage.acme.item(BANK, ["R-1"], size="M")
    item.reservation.collector.phone = "+41791234567"
    item.request_id = str(uuid4())
    (made,) = await stage.acme.reserve_many([item])
    assert isinstance(made, Reserved)
    erased = await stage.acme.erase_personal_data(made.name)
    assert erased.erased
    assert not erased.collector.phone
    assert (await stage.acme.get(made.name)).state == made.reservation.state
