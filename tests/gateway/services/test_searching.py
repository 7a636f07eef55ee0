"""SearchBanks through the wire: pages and their tokens, and which fields whom are shown."""

from __future__ import annotations

from collections.abc import Sequence

import grpc
import pytest
from google.type.latlng_pb2 import LatLng

from interlock.v1 import bank_pb2, directory_service_pb2, need_pb2
from tests.gateway.services.conftest import BANK, Stage, bank

SEARCH = "/interlock.v1.DirectoryService/SearchBanks"


def request(**changes: object) -> directory_service_pb2.SearchBanksRequest:
    """A search around the bank for a door of class M."""
    said = directory_service_pb2.SearchBanksRequest(
        position=LatLng(latitude=47.378, longitude=8.54), need=need_pb2.Need(size_class=need_pb2.SIZE_CLASS_M)
    )
    said.MergeFrom(directory_service_pb2.SearchBanksRequest(**changes))  # type: ignore[arg-type]
    return said


async def ask(
    stage: Stage, party: str, asked: directory_service_pb2.SearchBanksRequest
) -> directory_service_pb2.SearchBanksResponse:
    """Search as a party."""
    metadata = (("authorization", f"Bearer {stage.town.token(party)}"),)
    async with grpc.aio.insecure_channel(stage.town.running.address) as channel:
        call = channel.unary_unary(
            SEARCH,
            request_serializer=directory_service_pb2.SearchBanksRequest.SerializeToString,
            response_deserializer=directory_service_pb2.SearchBanksResponse.FromString,
        )
        answer: directory_service_pb2.SearchBanksResponse = await call(asked, metadata=metadata)
        return answer


def names(answer: directory_service_pb2.SearchBanksResponse) -> Sequence[str]:
    """Names of the banks found."""
    return [found.bank.name for found in answer.results]


async def test_a_carrier_is_shown_room_and_no_number(stage: Stage) -> None:
    (found,) = (await ask(stage, "acme", request())).results
    assert found.bank.name == BANK
    assert found.distance_m == 0
    (room,) = found.classes
    assert room.size_class == need_pb2.SIZE_CLASS_M
    assert room.availability == bank_pb2.AVAILABILITY_AVAILABLE
    assert not room.HasField("free_count")
    assert not found.bank.HasField("bookable_by")


async def test_the_operator_is_shown_the_number(stage: Stage) -> None:
    (found,) = (await ask(stage, "oko", request())).results
    assert found.classes[0].free_count == 3
    assert found.bank.HasField("bookable_by")


async def test_a_page_token_goes_on_and_is_good_for_this_search_alone(stage: Stage) -> None:
    await stage.oko.create_bank("hbf-2", bank())
    first = await ask(stage, "oko", request(page_size=1, include_full=True))
    assert names(first) == [BANK]
    token = first.next_page_token
    assert token  # there is another bank, which is not open yet
    rest = await ask(stage, "oko", request(page_size=1, include_full=True, page_token=token))
    assert names(rest) == []
    assert not rest.next_page_token
    for party, changes in (("oko", {"mass_g": 5, "page_token": token}), ("acme", {"page_token": token})):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await ask(stage, party, request(include_full=True, **changes))
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await ask(stage, "acme", request(page_token="no token"))  # noqa: S106 - not a secret
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
