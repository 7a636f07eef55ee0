"""Which door a parcel gets when it comes (CAP-20)."""

import random
from collections.abc import Sequence

import pytest
from capacity_builders import M, S

from interlock_gateway.domain.capacity import DoorState, Kind, choose_door

SMALL, MEDIUM = Kind(S), Kind(M)


@pytest.mark.parametrize(
    ("doors", "label"),
    [
        pytest.param([DoorState("a", SMALL, 5), DoorState("b", SMALL, 4)], "b", id="CAP-20 the least worn"),
        pytest.param([DoorState("b", SMALL, 5), DoorState("a", SMALL, 5)], "a", id="CAP-20 equal wear: by label"),
        pytest.param([DoorState("a", MEDIUM), DoorState("b", SMALL, 9)], "b", id="CAP-20 of the planned kind only"),
        pytest.param([DoorState("a", SMALL, occupied=True), DoorState("b", SMALL, 9)], "b", id="CAP-20 not occupied"),
        pytest.param([DoorState("a", SMALL, working=False), DoorState("b", SMALL, 9)], "b", id="CAP-20 not out"),
        pytest.param([DoorState("a", SMALL, in_grace=True), DoorState("b", SMALL, 9)], "b", id="CAP-20 not in grace"),
        pytest.param(
            [DoorState("a", SMALL, in_grace=True), DoorState("b", SMALL, occupied=True)],
            "a",
            id="CAP-20 in grace when there is no other",
        ),
        pytest.param([DoorState("a", MEDIUM), DoorState("b", SMALL, occupied=True)], None, id="CAP-20 none is free"),
        pytest.param([], None, id="CAP-20 no doors"),
    ],
)
def test_the_door_is_the_least_worn_free_one_of_the_planned_kind(doors: Sequence[DoorState], label: str | None) -> None:
    chosen = choose_door(SMALL, doors)
    assert (chosen.label if chosen else None) == label


def test_wear_is_spread_evenly() -> None:
    doors = {label: DoorState(label, SMALL) for label in "abcd"}
    whim = random.Random(1)
    for _ in range(400):
        there = list(doors.values())
        whim.shuffle(there)
        chosen = choose_door(SMALL, there)
        assert chosen is not None
        doors[chosen.label] = DoorState(chosen.label, SMALL, chosen.openings + 2)
    assert {door.openings for door in doors.values()} == {200}
