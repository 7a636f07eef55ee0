"""A parcel comes in and goes out: the happy path, with and without sensors (EVD-3, EVD-4)."""

import pytest
from scene import R1, MakeBank, collect, deposit

from interlock.access_token import Act
from interlock_edge.bank.effects import Screen
from interlock_edge.bank.inputs import Choice
from interlock_edge.custody.ledger import LedgerState
from interlock_edge.custody.right import Form, Right


async def test_a_sensed_parcel_is_deposited_and_collected(a_bank: MakeBank) -> None:
    scene = a_bank()
    await scene.show(deposit())
    assert scene.screen is Screen.PUT_IN
    await scene.put("1")
    assert scene.screen is Screen.DEPOSITED
    await scene.show(collect(form=Form.PIN))
    assert scene.screen is Screen.TAKE_OUT
    await scene.empty("1")
    assert scene.hand_overs() == [("d", R1, 1, "SENSED"), ("c", R1, 1, "SENSED")]
    assert scene.kinds() == ["DoorOpened", "DoorClosed", "HandOver"] * 2
    assert scene.bank.row(Right(R1, Act.COLLECT)).state is LedgerState.SPENT


@pytest.mark.parametrize(
    ("said", "silence_s", "evidence"),
    [
        pytest.param(Choice.ALL_IN, 0, "ASSERTED", id="EVD-3 the depositor says so"),
        pytest.param(None, 121, "INFERRED", id="EVD-3 a courier just leaves"),
    ],
)
async def test_without_a_sensor_a_deposit_is_asserted_or_inferred(
    a_bank: MakeBank, said: Choice | None, silence_s: int, evidence: str
) -> None:
    scene = a_bank(sensors=False)
    await scene.show(deposit())
    await scene.put("1")
    assert scene.screen is Screen.ASK_DEPOSITED
    assert scene.hand_overs() == []
    if said:
        await scene.choose(said)
    await scene.wait(silence_s)
    assert scene.hand_overs() == [("d", R1, 1, evidence)]


@pytest.mark.parametrize(
    ("said", "silence_s", "evidence"),
    [
        pytest.param(Choice.HAVE_ALL, 0, "ASSERTED", id="EVD-4 the collector says so"),
        pytest.param(None, 601, "INFERRED", id="EVD-4 the collector just leaves"),
    ],
)
async def test_without_a_sensor_a_collection_is_asserted_or_inferred(
    a_bank: MakeBank, said: Choice | None, silence_s: int, evidence: str
) -> None:
    scene = a_bank(sensors=False)
    await scene.deposited()
    await scene.show(collect())
    await scene.empty("1")
    if said:
        await scene.choose(said)
    await scene.wait(silence_s)
    assert scene.hand_overs()[-1] == ("c", R1, 1, evidence)
