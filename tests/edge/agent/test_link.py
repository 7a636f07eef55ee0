"""The link: what goes up is committed in order, what comes down is on disk before it is acknowledged."""

import pytest
from fake_gateway import FakeGateway, verifier
from line import Line

from interlock.edge.v1 import command_pb2, fact_pb2, link_service_pb2, manifest_pb2
from interlock.v1 import need_pb2, reservation_pb2
from interlock_edge.custody.fact import Lane
from interlock_edge.journal.database import JournalFullError
from interlock_edge.link import lanes
from interlock_edge.link.session import LinkOver
from interlock_edge.simulate.table import Table

R1 = "abcdefghijklmnop"
APPLIED = manifest_pb2.MANIFEST_OUTCOME_APPLIED


async def deposited(table: Table, gateway: FakeGateway) -> str:
    """Deposit a parcel by its token; return the compartment."""
    agent = table.running()
    await agent.scan(gateway.token(R1))
    label = agent.standing.compartment
    assert agent.standing.key == "put_in"
    table.doors.bank.put(label, "parcel")
    table.doors.close(label)
    await agent.rest()
    assert agent.standing.key == "deposited"
    return label


def command(
    gateway: FakeGateway, table: Table, *, epoch: int | None = None, within_ms: int = 5_000, **body: object
) -> command_pb2.Command:
    agent = table.running()
    deadline = command_pb2.MonotonicDeadline(boot_id=agent.boot_id, monotonic_ms=agent.now().ms + within_ms)
    number = gateway.epoch if epoch is None else epoch
    return command_pb2.Command(id="c" * 16, link_epoch=number, deadline=deadline, **body)  # type: ignore[arg-type]


async def test_a_bank_connects_and_takes_the_manifest(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    assert [answer.outcome for answer in gateway.acknowledged] == [APPLIED]
    assert gateway.facts()[0] == "journal_started"
    assert table.running().journal.told().number == 1
    assert not table.running().now().suspect


async def test_a_deposit_and_a_collection_by_pin(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    label = await deposited(table, gateway)
    agent = table.running()
    assert agent.standing.receipt.count(".") == 2
    await agent.type_pin("12345678")
    assert agent.standing.key == "take_out"
    table.doors.bank.take(label)
    table.doors.close(label)
    await agent.rest()
    assert agent.standing.key == "collected"
    await line.up()
    assert [kind for kind in gateway.facts() if kind.startswith("parcel")] == ["parcel_deposited", "parcel_collected"]


async def test_what_happens_offline_goes_up_at_the_next_connection(
    gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    line.cut()
    await deposited(table, gateway)
    unsent = table.running().journal.lanes.unacknowledged()
    assert unsent > 0
    assert "parcel_deposited" not in gateway.facts()
    await line.connect()
    assert "parcel_deposited" in gateway.facts()
    assert table.running().journal.lanes.unacknowledged() == 0


async def test_an_unacknowledged_fact_is_sent_again_in_the_same_bytes(
    gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.manifest, gateway.refuses = gateway.snapshot(), True
    await line.connect()
    await deposited(table, gateway)
    await line.up()
    before = {lane: dict(facts) for lane, facts in gateway.committed.items()}
    gateway.committed.clear()
    gateway.refuses = False
    await line.connect()
    assert {lane: facts for lane, facts in gateway.committed.items() if lane in before} == before


async def test_a_deposit_survives_a_pulled_plug(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    line.cut()
    await deposited(table, gateway)
    await table.pull_plug()
    await table.plug_in()
    await table.running().type_pin("12345678")
    assert table.running().standing.key == "take_out"
    await line.connect()
    assert "parcel_deposited" in gateway.facts()


async def test_a_delta_that_does_not_fit_asks_for_a_snapshot(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    change = manifest_pb2.ManifestChange(to=manifest_pb2.Version(era=1, number=5))
    getattr(change, "from").CopyFrom(manifest_pb2.Version(era=1, number=4))
    await line.down(gateway.says(manifest=change))
    assert gateway.acknowledged[-1].outcome == manifest_pb2.MANIFEST_OUTCOME_NEED_SNAPSHOT
    assert gateway.acknowledged[-1].held.number == 1


async def test_a_manifest_with_a_forged_list_is_refused_whole(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    forged = gateway.snapshot(2, removed_reservations=["x" * 16])
    forged.status_list = forged.status_list[:-8] + "AAAAAAAA"
    await line.down(gateway.says(manifest=forged))
    assert gateway.acknowledged[-1].outcome == manifest_pb2.MANIFEST_OUTCOME_REFUSED
    assert table.running().journal.told().number == 1


async def test_a_manifest_whose_consequences_cannot_be_written_is_not_acknowledged(
    gateway: FakeGateway, table: Table, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    agent = table.running()

    def full(_: object) -> None:
        raise JournalFullError

    revoked = manifest_pb2.ReservationEntry(
        reservation=R1, carrier="acme", deposit=manifest_pb2.RightEntry(revoked=True)
    )
    change = gateway.snapshot(2, reservations=[revoked])
    with monkeypatch.context() as patched:
        patched.setattr(agent.journal, "write", full)
        await line.down(gateway.says(manifest=change))
    assert gateway.acknowledged[-1].outcome == manifest_pb2.MANIFEST_OUTCOME_REFUSED
    assert gateway.acknowledged[-1].held.number == 1
    await line.down(gateway.says(manifest=change))
    assert gateway.acknowledged[-1].outcome == APPLIED


async def test_an_older_manifest_is_refused(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot(3)
    await line.connect()
    await line.down(gateway.says(manifest=gateway.snapshot(2)))
    assert gateway.acknowledged[-1].outcome == manifest_pb2.MANIFEST_OUTCOME_REFUSED


async def test_a_revoked_right_opens_nothing(gateway: FakeGateway, table: Table, line: Line) -> None:
    entry = manifest_pb2.ReservationEntry(
        reservation=R1,
        carrier="acme",
        planned_kind=need_pb2.Kind(size_class=need_pb2.SIZE_CLASS_S, climate=need_pb2.CLIMATE_AMBIENT),
        deposit=manifest_pb2.RightEntry(revoked=True),
        pin_verifiers=[manifest_pb2.PinVerifier(key_version=1, verifier=verifier(R1, "12345678"))],
    )
    gateway.manifest = gateway.snapshot(reservations=[entry])
    await line.connect()
    await table.running().scan(gateway.token(R1))
    assert table.running().standing.key == "withdrawn"


async def test_a_command_opens_a_door_and_its_copy_gets_the_same_result(
    gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    label = await deposited(table, gateway)
    said = command_pb2.OpenForRight(reservation=R1, act=reservation_pb2.ACT_COLLECT)
    opening = command(gateway, table, open_for_right=said)
    await line.down(gateway.says(command=opening))
    await table.running().rest()
    await line.up()
    await line.down(gateway.says(command=opening))
    await line.up()
    assert [result.outcome for result in gateway.results] == [command_pb2.COMMAND_OUTCOME_DONE] * 2
    assert table.doors.bank.doors[label].pulses == 2  # the deposit's and one more


@pytest.mark.parametrize("late", ["after its deadline", "in another life"])
async def test_a_late_command_never_fires(late: str, gateway: FakeGateway, table: Table, line: Line) -> None:
    await line.connect()
    opening = command(
        gateway, table, within_ms=-1, open_compartment=command_pb2.OpenCompartment(compartment="1", reason="check")
    )
    if late == "in another life":
        opening.deadline.monotonic_ms += 10_000
        opening.deadline.boot_id = "b" * 16
    await line.down(gateway.says(command=opening))
    await line.up()
    assert [result.outcome for result in gateway.results] == [command_pb2.COMMAND_OUTCOME_EXPIRED]
    assert table.doors.bank.doors["1"].pulses == 0


async def test_a_command_of_an_earlier_epoch_is_dropped(gateway: FakeGateway, table: Table, line: Line) -> None:
    await line.connect()
    await line.connect()
    opening = command(gateway, table, epoch=1, open_compartment=command_pb2.OpenCompartment(compartment="1"))
    await line.down(gateway.says(command=opening))
    assert gateway.results == []
    assert table.doors.bank.doors["1"].pulses == 0


async def test_acknowledged_facts_are_sent_again_when_asked_for(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    await deposited(table, gateway)
    await line.up()
    before = gateway.facts()
    gateway.committed.clear()
    await line.down(gateway.says(command=command(gateway, table, resend_facts=command_pb2.ResendFacts(from_number=1))))
    assert gateway.facts() == before


async def test_only_an_answer_to_its_own_nonce_sets_the_clock_back(
    gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.now -= 3_600
    await line.connect()
    assert table.running().now().time == gateway.now
    assert "clock_stepped" in gateway.facts()
    gateway.time = gateway.access
    gateway.now -= 3_600
    await line.connect()
    assert table.running().now().time == gateway.now + 3_600


async def test_a_gateway_that_speaks_out_of_turn_is_hung_up_on(gateway: FakeGateway, table: Table, line: Line) -> None:
    await line.connect()
    with pytest.raises(LinkOver, match="challenged twice"):
        await line.down(gateway.opened())


async def test_a_gateway_that_forgot_what_it_acknowledged_is_told_again(
    gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    await deposited(table, gateway)
    await line.up()
    before = gateway.facts()
    gateway.committed.clear()  # restored from a backup
    await line.connect()
    assert gateway.facts()[: len(before)] == before


async def test_no_more_facts_are_under_way_than_the_window_holds(
    gateway: FakeGateway, table: Table, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "WINDOW", 2)
    monkeypatch.setattr(lanes, "BATCH", 1)
    gateway.manifest, gateway.refuses = gateway.snapshot(), True
    await deposited_offline(table, gateway, line)
    assert len(gateway.facts()) == 2
    gateway.refuses = False
    acknowledged = link_service_pb2.FactsAcknowledgement(lane=fact_pb2.LANE_CUSTODY, number=2)
    await line.down(gateway.says(acknowledgement=acknowledged))
    assert "parcel_deposited" in gateway.facts()
    assert table.running().journal.lanes.acknowledged(Lane.CUSTODY) == len(gateway.facts())


async def deposited_offline(table: Table, gateway: FakeGateway, line: Line) -> None:
    """Have facts wait before the bank connects; a first connection brings the status list."""
    refuses, gateway.refuses = gateway.refuses, False
    await line.connect()
    line.cut()
    await deposited(table, gateway)
    gateway.committed.clear()
    gateway.refuses = refuses
    await line.connect()


@pytest.mark.parametrize("how", ["named as removed", "left out of a snapshot"])
async def test_a_reservation_that_is_gone_counts_no_more(
    how: str, gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.manifest = gateway.snapshot(reservations=[manifest_pb2.ReservationEntry(reservation=R1, carrier="acme")])
    await line.connect()
    assert R1 in table.running().bank.manifest.entries
    change = gateway.snapshot(2)
    if how == "named as removed":
        change = manifest_pb2.ManifestChange(to=manifest_pb2.Version(era=1, number=2), removed_reservations=[R1])
        getattr(change, "from").CopyFrom(manifest_pb2.Version(era=1, number=1))
    await line.down(gateway.says(manifest=change))
    assert gateway.acknowledged[-1].outcome == APPLIED
    assert R1 not in table.running().bank.manifest.entries
    await table.pull_plug()
    await table.plug_in()
    assert R1 not in table.running().bank.manifest.entries
