"""What becomes of parcels in a bank that is given up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from interlock.v1 import bank_pb2, discrepancy_pb2
from interlock.v1 import operator_service_pb2 as op
from interlock.v1.discrepancy_service_pb2 import ListDiscrepanciesRequest
from interlock_gateway.domain.errors import (
    CompartmentOccupied,
)
from interlock_gateway.domain.facts import FactKind
from interlock_gateway.services.discrepancy import DiscrepancyServicer
from interlock_gateway.services.operator import OperatorServicer
from interlock_gateway.services.party import PartyServicer
from tests.gateway.services.founding import BANK, Network, door
from tests.gateway.services.gateway import gateway


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    async with gateway(tmp_path) as made:
        yield Network(made, PartyServicer(made.parts), OperatorServicer(made.parts))


async def test_bnk_16_parcels_in_a_bank_that_is_given_up_are_looked_for(network: Network) -> None:
    await network.add()
    await network.bank(bookable_by=bank_pb2.BookableBy(mode=bank_pb2.BOOKABLE_BY_MODE_ALL))
    await network.doors("1")
    await network.open()
    scene = network.gateway.scene
    order = scene.reserve()
    mine = type(order)(order.order, network.gateway.parts.network, order.reach, order.request)
    reservation = (await scene.committer.submit(mine)).reservation
    await scene.happen(reservation, FactKind.PARCEL_DEPOSITED)
    with pytest.raises(CompartmentOccupied):
        await network.banks.UpdateCompartment(
            op.UpdateCompartmentRequest(
                compartment=door("1", max_mass_g=5),
                update_mask=FieldMask(paths=["max_mass_g"]),
                request_id=network.id(),
            ),
            network.oko("UpdateCompartment"),
        )
    request = op.WriteOffBankRequest(name=BANK, request_id=network.id(), reason="burnt")
    gone = await network.banks.WriteOffBank(request, network.oko("WriteOffBank"))
    listing = DiscrepancyServicer(network.gateway.parts)
    found = await listing.ListDiscrepancies(ListDiscrepanciesRequest(parent=BANK), network.oko("ListDiscrepancies"))
    assert (gone.broken_count, gone.lost_count) == (0, 1)
    assert [each.kind for each in found.discrepancies] == [discrepancy_pb2.DISCREPANCY_KIND_PARCEL_LOST]
    assert found.discrepancies[0].raised_by == "parties/oko"
