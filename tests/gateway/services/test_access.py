"""Who may call what: call tokens, roles, owners, suspension, and what the contract does not declare."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool

from interlock import PrivateKey, call_token, errors
from interlock.v1 import operator_service_pb2, reservation_service_pb2
from interlock_gateway.domain.errors import InvalidName, NotOwn, RateLimited
from interlock_gateway.main import LINK_SERVICE, SERVICES
from interlock_gateway.services.access import Undeclared, rules_of
from interlock_gateway.services.limits import AddressLimit, address_of
from tests.gateway.services.conftest import BANK, Stage, Town

LIST = "/interlock.v1.ReservationService/ListReservations"


async def _code_of(town: Town, token: str | None) -> tuple[grpc.StatusCode, str]:
    """List reservations with a token, and give the code and the sentence."""
    metadata = () if token is None else (("authorization", f"Bearer {token}"),)
    async with grpc.aio.insecure_channel(town.running.address) as channel:
        call = channel.unary_unary(
            LIST,
            request_serializer=reservation_service_pb2.ListReservationsRequest.SerializeToString,
            response_deserializer=reservation_service_pb2.ListReservationsResponse.FromString,
        )
        try:
            await call(reservation_service_pb2.ListReservationsRequest(parent="parties/acme"), metadata=metadata)
        except grpc.aio.AioRpcError as failure:
            return failure.code(), failure.details() or ""
        return grpc.StatusCode.OK, ""


def _now() -> int:
    return int(time.time())


TOKENS: dict[str, Callable[[PrivateKey], str | None]] = {
    "none": lambda _key: None,
    "garbage": lambda _key: "a.b.c",
    "of another network": lambda key: call_token.mint("parties/acme", key, network="other", now=_now()),
    "of a key that nobody registered": lambda _key: call_token.mint(
        "parties/acme", PrivateKey.generate(), network="demo", now=_now()
    ),
    "in another's name": lambda key: call_token.mint("parties/other", key, network="demo", now=_now()),
    "past its end": lambda key: call_token.mint("parties/acme", key, network="demo", now=_now() - 3600),
    "of the future": lambda key: call_token.mint("parties/acme", key, network="demo", now=_now() + 3600),
    "bound to a certificate that was not shown": lambda key: call_token.mint(
        "parties/acme", key, network="demo", now=_now(), certificate_sha256=bytes(32)
    ),
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
async def test_a_token_that_proves_nothing_is_refused_without_a_reason(
    stage: Stage, token: Callable[[PrivateKey], str | None]
) -> None:
    code, said = await _code_of(stage.town, token(stage.town.keys["acme"]))
    assert code is grpc.StatusCode.UNAUTHENTICATED
    assert said in {"The call token is not valid.", f"{LIST[1:]} needs a call token."}


async def test_a_token_that_proves_who_calls_passes(stage: Stage) -> None:
    token = call_token.mint("parties/acme", stage.town.keys["acme"], network="demo", now=_now())
    assert await _code_of(stage.town, token) == (grpc.StatusCode.OK, "")


async def test_a_role_that_the_method_does_not_name_is_refused(stage: Stage) -> None:
    with pytest.raises(errors.RoleRequired):
        await stage.acme.add_party("new", "New", ["CARRIER"])
    with pytest.raises(errors.RoleRequired):
        await stage.acme.open_bank(BANK)


async def test_a_name_of_another_party_is_refused_where_it_must_be_ones_own(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    with pytest.raises(errors.NotOwn):
        await stage.other.cancel(made.name)


async def test_a_suspension_counts_at_once_for_tokens_that_were_believed_before(stage: Stage) -> None:
    await stage.acme.bank(BANK)
    await stage.town.owner.suspend_party("parties/acme", "unpaid")
    with pytest.raises(errors.PartySuspended):
        await stage.acme.bank(BANK)
    await stage.town.owner.resume_party("parties/acme")
    assert (await stage.acme.bank(BANK)).name == BANK


async def test_a_suspension_ends_a_stream_that_is_open(stage: Stage) -> None:
    made = await stage.acme.reserve(BANK, ["R-1"], size="M")
    watched = stage.acme.watch(made.name)
    assert (await anext(watched)).name == made.name
    await stage.town.owner.suspend_party("parties/acme", "unpaid")
    with pytest.raises(errors.PartySuspended):
        await anext(watched)


def test_every_method_of_the_contract_declares_who_may_call_it() -> None:
    declared = rules_of([*SERVICES, LINK_SERVICE])
    assert len(declared) == sum(len(service.methods) for service in (*SERVICES, LINK_SERVICE))
    anyone = {name.rpartition("/")[2] for name, rules in declared.items() if rules.anyone}
    assert anyone == {"GetKeySet", "RegisterKey", "SubmitReceipt", "Enroll", "Connect"}


@contextmanager
def _service(options: Callable[[descriptor_pb2.MethodDescriptorProto], None]) -> Iterator[object]:
    """A contract with one method, declared as ``options`` says."""
    pool = descriptor_pool.DescriptorPool()
    known = reservation_service_pb2.DESCRIPTOR
    seen: set[str] = set()

    def add(file: object) -> None:
        for each in file.dependencies:  # type: ignore[attr-defined]
            add(each)
        if file.name not in seen:  # type: ignore[attr-defined]
            seen.add(file.name)  # type: ignore[attr-defined]
            pool.AddSerializedFile(file.serialized_pb)  # type: ignore[attr-defined]

    add(known)
    file = descriptor_pb2.FileDescriptorProto(
        name="test/one.proto", package="test", syntax="proto3", dependency=[known.name]
    )
    method = file.service.add(name="One").method.add(
        name="Do",
        input_type=".interlock.v1.GetReservationRequest",
        output_type=".interlock.v1.GetReservationResponse",
    )
    options(method)
    pool.Add(file)
    yield pool.FindServiceByName("test.One")


def test_a_gateway_does_not_start_with_a_method_that_declares_nothing() -> None:
    with _service(lambda _method: None) as service, pytest.raises(Undeclared, match=r"test\.One\.Do"):
        rules_of([service])  # type: ignore[list-item]


def test_rules_judge_names_wherever_they_stand_in_a_request() -> None:
    rules = rules_of(SERVICES)["interlock.v1.OperatorService/CreateCompartments"]
    request = operator_service_pb2.CreateCompartmentsRequest(parent=BANK)
    request.compartments.add(name=f"{BANK}/compartments/1")
    rules.check(request, "oko")
    request.compartments.add(name="parties/other/banks/x1/compartments/1")
    with pytest.raises(NotOwn) as foreign:
        rules.check(request, "oko")
    assert foreign.value.field == "compartments[1].name"
    request.compartments[1].name = "parties/OKO/banks/x1"
    with pytest.raises(InvalidName):
        rules.check(request, "oko")


def test_an_address_that_calls_too_often_has_to_wait() -> None:
    now = 0.0
    limit = AddressLimit(a_second=1.0, at_once=3, monotonic_s=lambda: now)
    for _ in range(3):
        limit.take("192.0.2.1")
    with pytest.raises(RateLimited):
        limit.take("192.0.2.1")
    limit.take("192.0.2.2")
    now = 1.0
    limit.take("192.0.2.1")


def test_all_addresses_of_one_ipv6_site_share_a_limit() -> None:
    limit = AddressLimit(a_second=1.0, at_once=1, monotonic_s=lambda: 0.0)
    limit.take("2001:db8::1")
    with pytest.raises(RateLimited):
        limit.take("2001:db8::2")


@pytest.mark.parametrize(
    ("peer", "address"),
    [("ipv4:127.0.0.1:4711", "127.0.0.1"), ("ipv6:%5B::1%5D:4711", "::1"), ("unix:", "unix:")],
)
def test_an_address_is_read_off_a_peer(peer: str, address: str) -> None:
    assert address_of(peer) == address
