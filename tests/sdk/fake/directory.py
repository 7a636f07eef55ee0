"""The fake's directory: its banks, nearest first by a flat earth."""

# ruff: noqa: N802 - the contract names the methods and says what they are told

from __future__ import annotations

import math
from collections.abc import Iterator

from interlock.v1 import directory_service_pb2 as pb
from interlock.v1.bank_pb2 import AVAILABILITY_AVAILABLE, Bank, ClassAvailability
from interlock.v1.need_pb2 import SIZE_CLASS_M
from tests.sdk.fake.world import NETWORK, Refusal, World, now

METRES_A_DEGREE = 111_320


class Directory:
    """``DirectoryService``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def SearchBanks(self, request: pb.SearchBanksRequest, caller: str) -> pb.SearchBanksResponse:
        found = [
            pb.FoundBank(
                bank=bank,
                distance_m=self._distance(bank, request),
                classes=[
                    ClassAvailability(
                        size_class=request.need.size_class or SIZE_CLASS_M, availability=AVAILABILITY_AVAILABLE
                    )
                ],
            )
            for bank in self._world.banks.values()
        ]
        near = [each for each in found if each.distance_m <= (request.radius_m or 5000)]
        rows, token = self._world.page(sorted(near, key=lambda each: each.distance_m), request)
        return pb.SearchBanksResponse(results=rows, next_page_token=token, unreachable=["parties/slow-network"])

    def GetBank(self, request: pb.GetBankRequest, caller: str) -> pb.GetBankResponse:
        if request.name not in self._world.banks:
            raise Refusal("NOT_FOUND", "BANK_UNKNOWN", "There is no such bank.")
        return pb.GetBankResponse(bank=self._world.banks[request.name])

    def ListBanks(self, request: pb.ListBanksRequest, caller: str) -> pb.ListBanksResponse:
        names = sorted(name for name in self._world.banks if request.parent in {"parties/-", name.split("/banks/")[0]})
        rows, token = self._world.page([self._world.banks[name] for name in names], request)
        return pb.ListBanksResponse(banks=rows, next_page_token=token)

    def WatchBanks(self, request: pb.WatchBanksRequest, caller: str) -> Iterator[pb.WatchBanksResponse]:
        for place, bank in enumerate(self._world.banks.values(), start=1):
            if place > int(request.cursor or 0):
                yield pb.WatchBanksResponse(bank=bank, cursor=str(place))

    def GetNetwork(self, request: pb.GetNetworkRequest, caller: str) -> pb.GetNetworkResponse:
        network = pb.Network(
            network_id=NETWORK,
            display_name="The demo network",
            root_key_thumbprint=self._world.root,
            contract_version="0.1.0",
            server_time=now(),
        )
        return pb.GetNetworkResponse(network=network)

    @staticmethod
    def _distance(bank: Bank, request: pb.SearchBanksRequest) -> int:
        north = bank.position.latitude - request.position.latitude
        east = (bank.position.longitude - request.position.longitude) * math.cos(math.radians(53.5))
        return round(math.hypot(north, east) * METRES_A_DEGREE)
