"""The agent between people and doors: sessions, presence, lock-out, time, and a plug that is pulled."""

from typing import Any

import pytest
from fake_gateway import AUDIENCE, SECRET, FakeGateway
from line import Line
from network import NETWORK

from interlock import barcode, session_token
from interlock.access_token import Act
from interlock.edge.v1 import command_pb2, fact_pb2, manifest_pb2
from interlock.session_token import SessionToken
from interlock.v1 import access_refusal_pb2, need_pb2, reservation_pb2
from interlock_edge.agent.agent import NotOffered
from interlock_edge.agent.opening import open_agent
from interlock_edge.agent.time import Sources
from interlock_edge.journal.database import JournalUnreadableError
from interlock_edge.simulate.faults import Fault
from interlock_edge.simulate.table import Table

R1 = "abcdefghijklmnop"
SCAN = "]C100340123450000000017"


def courier(gateway: FakeGateway) -> str:
    """A session of a courier who brings and takes back."""
    token = SessionToken(
        iss=NETWORK,
        aud=AUDIENCE,
        sub="acme",
        jti="S" * 16,
        iat=gateway.now,
        nbf=gateway.now,
        exp=gateway.now + 3_600,
        acts=frozenset({Act.DEPOSIT, Act.RECALL}),
        sl=8,
    )
    return session_token.mint(token, gateway.access, "k1")


def entry(**changes: Any) -> manifest_pb2.ReservationEntry:
    digest = barcode.entry(barcode.key(SECRET, 1), SCAN.encode())
    said: dict[str, Any] = {
        "reservation": R1,
        "carrier": "acme",
        "planned_kind": need_pb2.Kind(size_class=need_pb2.SIZE_CLASS_M, climate=need_pb2.CLIMATE_AMBIENT),
        "deposit": manifest_pb2.RightEntry(),
        "collect": manifest_pb2.RightEntry(),
        "recall": manifest_pb2.RightEntry(),
        "parcels": [manifest_pb2.ParcelEntry(number=1, barcode_hmacs=[digest])],
    }
    return manifest_pb2.ReservationEntry(**{**said, **changes})


async def put_in(table: Table, label: str) -> None:
    table.doors.bank.put(label, "parcel")
    table.doors.close(label)
    await table.running().rest()


async def test_a_courier_deposits_by_barcode_and_takes_back_from_the_menu(
    gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.manifest = gateway.snapshot(reservations=[entry()])
    await line.connect()
    agent = table.running()
    await agent.scan(courier(gateway))
    assert agent.standing.key == "session"
    await agent.scan(SCAN)
    assert (agent.standing.key, agent.standing.compartment) == ("put_in", "4")
    await put_in(table, "4")
    assert f"take.{R1}" in agent.choices()
    await agent.choose(f"take.{R1}")
    assert (agent.standing.key, agent.standing.compartment) == ("take_out", "4")


async def test_a_barcode_outside_a_session_opens_nothing(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot(reservations=[entry()])
    await line.connect()
    await table.running().scan(SCAN)
    assert table.running().standing.key == "not_accepted"


async def test_another_carriers_session_does_not_open_a_parcels_door(
    gateway: FakeGateway, table: Table, line: Line
) -> None:
    gateway.manifest = gateway.snapshot(reservations=[entry(carrier="other")])
    await line.connect()
    await table.running().scan(courier(gateway))
    await table.running().scan(SCAN)
    assert table.running().standing.key == "not_accepted"


async def test_a_session_ends_after_a_minute_of_silence(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    await table.running().scan(courier(gateway))
    await table.advance(61_000)
    assert table.running().bank.session is None
    assert table.running().choices() == ()


async def test_a_choice_that_does_not_stand_on_the_screen_is_refused(table: Table) -> None:
    with pytest.raises(NotOffered):
        await table.running().choose("open_again")


async def opened_with(code: str, gateway: FakeGateway, table: Table, line: Line) -> command_pb2.CommandResult:
    """Have the gateway open R1's door for somebody who typed ``code`` into the app."""
    agent = table.running()
    said = command_pb2.OpenForRight(
        reservation=R1, act=reservation_pb2.ACT_COLLECT, presence="SCREEN_CODE", screen_code=code
    )
    deadline = command_pb2.MonotonicDeadline(boot_id=agent.boot_id, monotonic_ms=agent.now().ms + 5_000)
    command = command_pb2.Command(
        id=("c" * 15) + str(2 + len(gateway.results)), link_epoch=gateway.epoch, deadline=deadline, open_for_right=said
    )
    await line.down(gateway.says(command=command))
    await agent.rest()
    await line.up()
    return gateway.results[-1]


async def test_the_code_on_the_screen_proves_presence_once(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    agent = table.running()
    await agent.scan(gateway.token(R1))
    await put_in(table, "1")
    code = agent.presence_code()
    wrong = await opened_with("000000" if code != "000000" else "111111", gateway, table, line)
    assert wrong.outcome == command_pb2.COMMAND_OUTCOME_REFUSED
    assert wrong.access_refusal == access_refusal_pb2.ACCESS_REFUSAL_WRONG_PIN
    right = await opened_with(code, gateway, table, line)
    assert (right.outcome, right.compartment) == (command_pb2.COMMAND_OUTCOME_DONE, "1")
    opened = [fact_pb2.Fact.FromString(each.fact) for each in gateway.committed[fact_pb2.LANE_CUSTODY].values()]
    assert [fact.door_opened.presence for fact in opened if fact.HasField("door_opened")] == ["", "SCREEN_CODE"]
    assert not agent.use_presence_code(code)


async def test_a_jam_costs_the_right_nothing(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    for label in ("1", "2", "3"):
        table.doors.breaks(label, frozenset({Fault.JAMMED}))
    agent = table.running()
    await agent.scan(gateway.token(R1))
    await table.advance(60_000)
    assert agent.bank.opening is None
    for label in ("1", "2", "3"):
        table.doors.breaks(label, frozenset())
    assert [label for label in ("1", "2", "3") if agent.bank.door(label).withdrawn] == ["1", "2", "3"]
    assert not agent.bank.tenancies


async def test_a_battery_clock_set_back_is_not_believed(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    await table.set_clock(0)
    assert table.running().now().suspect
    assert table.running().now().time >= gateway.now
    await table.running().scan(gateway.token(R1))
    assert table.running().standing.key == "not_now"
    await line.connect()
    assert not table.running().now().suspect


async def test_the_clock_is_kept_over_a_pulled_plug(gateway: FakeGateway, table: Table, line: Line) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    await table.advance(7_200_000)
    await table.pull_plug()
    await table.set_clock(0)
    await table.plug_in()
    assert table.running().now().time >= gateway.now + 7_200 - 60
    assert table.running().now().suspect


async def test_one_journal_has_one_agent(table: Table) -> None:
    assert table.agent is not None
    with pytest.raises(JournalUnreadableError, match="in use"):
        open_agent(
            table.directory, layout=table.layout, bus=table.doors, sources=Sources(lambda: 0, lambda: 1_790_000_000)
        )
