"""Words that both halves of the contract have, because neither may import the other, mean the same in both."""

import pytest
from google.protobuf.descriptor import EnumDescriptor

from interlock.edge.v1 import fact_pb2, inventory_pb2
from interlock.v1 import bank_pb2, compartment_pb2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (compartment_pb2.DoorState.DESCRIPTOR, fact_pb2.DoorState.DESCRIPTOR),
        (compartment_pb2.Occupancy.DESCRIPTOR, fact_pb2.Occupancy.DESCRIPTOR),
        (bank_pb2.VerifiesAt.DESCRIPTOR, inventory_pb2.VerifiesAt.DESCRIPTOR),
    ],
    ids=["DoorState", "Occupancy", "VerifiesAt"],
)
def test_twins_have_the_same_values_under_the_same_numbers(one: EnumDescriptor, other: EnumDescriptor) -> None:
    assert {value.name: value.number for value in one.values} == {value.name: value.number for value in other.values}
