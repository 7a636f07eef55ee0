"""The driver port, the simulated bank, and readings that must settle (ACC-61; F6 to F8, F18)."""

from itertools import product

import pytest

from interlock.receipt import DoorState
from interlock_edge.custody.door import Occupied, Reading
from interlock_edge.drivers.port import LockBus, Refused, Sent, Wiring
from interlock_edge.drivers.settling import Settling
from interlock_edge.drivers.simulated import CannotBeDoneError, SimulatedBank, SimulatedDoor

CLOSED, OPEN = Reading(DoorState.CLOSED, Occupied.NO), Reading(DoorState.OPEN, Occupied.NO)


class Time:
    """A clock that a test moves."""

    ms = 0

    def __call__(self) -> int:
        return self.ms


def bank(*doors: SimulatedDoor, time: Time | None = None, wiring: Wiring | None = None) -> SimulatedBank:
    return SimulatedBank(doors or (SimulatedDoor("1"), SimulatedDoor("2")), clock_ms=time or Time(), wiring=wiring)


async def test_a_pulse_is_sent_and_an_opening_is_read() -> None:
    doors: LockBus = bank()
    assert await doors.pulse("1") == Sent()
    assert await doors.read("1") == {"1": OPEN, "2": CLOSED}


async def test_a_jammed_latch_takes_its_pulses_and_stays_shut() -> None:
    doors = bank()
    doors.jam("1", 2)
    for opens in (False, False, True):
        assert await doors.pulse("1") == Sent()
        assert doors.doors["1"].open is opens


async def test_a_door_without_a_spring_must_be_pulled_in_time() -> None:
    time = Time()
    doors = bank(SimulatedDoor("1", sprung=False), time=time)
    with pytest.raises(CannotBeDoneError, match="locked"):
        doors.pull("1")
    await doors.pulse("1")
    time.ms = 4_999
    doors.pull("1")
    doors.close("1")
    with pytest.raises(CannotBeDoneError, match="locked"):
        doors.pull("1")


def test_nobody_reaches_through_a_closed_door() -> None:
    doors = bank()
    with pytest.raises(CannotBeDoneError, match="closed"):
        doors.put("1", "parcel")
    doors.pry("1")
    with pytest.raises(CannotBeDoneError, match="no item"):
        doors.take("1")
    doors.put("1", "parcel")
    assert doors.take("1", "parcel") == "parcel"


async def test_a_silent_board_refuses_pulses_and_knows_nothing() -> None:
    doors = bank(wiring=Wiring({"1": ("a", 1), "2": ("b", 1)}))
    doors.silence("a")
    assert isinstance(await doors.pulse("1"), Refused)
    assert await doors.read("a") == {"1": Reading()}
    assert await doors.read("b") == {"2": CLOSED}


async def test_a_cut_sensor_says_unknown_and_never_empty() -> None:
    doors = bank(SimulatedDoor("1", dead_sensor=True, dead_contact=True), SimulatedDoor("2", has_sensor=False))
    assert await doors.read("1") == {"1": Reading(), "2": Reading(DoorState.CLOSED)}


def test_there_is_no_way_to_open_every_door() -> None:
    assert {name for name in dir(LockBus) if not name.startswith("_")} == {"boards", "pulse", "read"}


@pytest.mark.parametrize(
    ("locks", "complaint"),
    [
        pytest.param({"1": ("a", 0)}, "count from 1", id="lock 0 opens every door of some boards"),
        pytest.param({"1": ("a", 3), "2": ("a", 3)}, "both wired", id="F8 two doors on one lock"),
    ],
)
def test_wiring_that_would_open_the_wrong_door_is_refused(locks: dict[str, tuple[str, int]], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Wiring(locks)


def test_f11_every_door_has_its_own_lock_and_back_again() -> None:
    """A peer computed the board by ``// 12`` and the lock by ``% 13``: here all pairs are walked."""
    locks = {f"{board}{lock}": (board, lock) for board, lock in product("abc", range(1, 25))}
    wiring = Wiring(locks)
    for label, address in locks.items():
        assert wiring.lock(label) == address
        assert wiring.compartment(*address) == label
    assert sum(map(len, wiring.boards().values())) == 72


def settle(*raw: Reading, every_ms: int = 100) -> list[Reading]:
    """Feed readings one after another; return what settled."""
    settling, told = Settling(), []
    for poll, reading in enumerate(raw):
        settling, news = settling.feed({"1": reading}, poll * every_ms)
        told += news.values()
    return told


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        pytest.param((CLOSED,), [], id="once is not enough"),
        pytest.param((CLOSED, CLOSED, CLOSED), [CLOSED], id="twice is, and is said once"),
        pytest.param((CLOSED, CLOSED, OPEN, CLOSED, CLOSED), [CLOSED], id="F7 one corrupted frame moves nothing"),
        pytest.param((CLOSED, CLOSED, OPEN, OPEN), [CLOSED, OPEN], id="a change"),
        pytest.param((CLOSED, CLOSED, Reading()), [CLOSED, Reading()], id="doubt is believed at once"),
        pytest.param((CLOSED, CLOSED, Reading(), CLOSED, CLOSED), [CLOSED, Reading(), CLOSED], id="a board came back"),
    ],
)
def test_readings_settle(raw: tuple[Reading, ...], told: list[Reading]) -> None:
    assert settle(*raw) == told


def test_f18_a_flickering_contact_is_no_contact_until_it_rests() -> None:
    flicker = [CLOSED, CLOSED] + [OPEN, OPEN, CLOSED, CLOSED] * 4
    assert settle(*flicker)[-1] == Reading(DoorState.UNKNOWN, Occupied.NO)
    assert settle(*flicker, *[CLOSED] * 120)[-1] == CLOSED


def test_f18_a_flickering_occupancy_sensor_leaves_the_door_its_contact() -> None:
    occupied = Reading(DoorState.CLOSED, Occupied.YES)
    assert settle(*[CLOSED, CLOSED, occupied, occupied] * 4)[-1] == Reading(DoorState.CLOSED, Occupied.UNKNOWN)
