"""The simulated doors with what is broken about each, behind the same port as real boards."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from interlock.receipt import DoorState
from interlock_edge.custody.door import Occupied, Reading
from interlock_edge.drivers.port import Refused, Sent
from interlock_edge.drivers.simulated import CannotBeDoneError, SimulatedBank


class Fault(StrEnum):
    """Something that breaks. Names as in ``interlock.testing.v1.Fault``."""

    JAMMED = "JAMMED"
    DOES_NOT_LATCH = "DOES_NOT_LATCH"
    DOOR_SENSOR_CLOSED = "DOOR_SENSOR_CLOSED"
    DOOR_SENSOR_OPEN = "DOOR_SENSOR_OPEN"
    OCCUPANCY_EMPTY = "OCCUPANCY_EMPTY"
    OCCUPANCY_OCCUPIED = "OCCUPANCY_OCCUPIED"
    OCCUPANCY_UNKNOWN = "OCCUPANCY_UNKNOWN"
    BOARD_LOST = "BOARD_LOST"
    BLOCKED_INSIDE = "BLOCKED_INSIDE"


_DOORS = {Fault.DOOR_SENSOR_CLOSED: DoorState.CLOSED, Fault.DOOR_SENSOR_OPEN: DoorState.OPEN}
_OCCUPIED = {
    Fault.OCCUPANCY_EMPTY: Occupied.NO,
    Fault.OCCUPANCY_OCCUPIED: Occupied.YES,
    Fault.OCCUPANCY_UNKNOWN: Occupied.UNKNOWN,
}


class FaultyBank:
    """A lock bus whose doors can break one by one."""

    def __init__(self, bank: SimulatedBank, *, moved: Callable[[], None]) -> None:
        """Take sound doors; ``moved`` is called after every pulse, which may have opened one."""
        self.bank = bank
        self._moved = moved
        self.faults: dict[str, frozenset[Fault]] = {}

    @property
    def boards(self) -> Mapping[str, tuple[str, ...]]:
        """The labels on each board."""
        return self.bank.boards

    async def pulse(self, compartment: str) -> Sent | Refused:
        """Pulse one lock."""
        if self.has(compartment, Fault.BOARD_LOST):
            return Refused(f"The board of {compartment} does not answer.")
        sent = await self.bank.pulse(compartment)
        self._moved()
        return sent

    async def read(self, board: str) -> Mapping[str, Reading]:
        """Read one board."""
        return {label: self._seen(label, reading) for label, reading in (await self.bank.read(board)).items()}

    def has(self, compartment: str, fault: Fault) -> bool:
        """Say whether this is broken."""
        return fault in self.faults.get(compartment, frozenset())

    def breaks(self, compartment: str, faults: frozenset[Fault]) -> None:
        """Break a compartment in these ways and no others; in none: mend it."""
        self.faults[compartment] = faults
        self.bank.jam(compartment, -1 if Fault.JAMMED in faults else 0)

    def close(self, compartment: str) -> None:
        """Push a door shut.

        Raises:
            CannotBeDoneError: it does not latch.
        """
        if self.has(compartment, Fault.DOES_NOT_LATCH):
            raise CannotBeDoneError(f"Door {compartment} does not stay shut.")
        self.bank.close(compartment)

    def _seen(self, compartment: str, reading: Reading) -> Reading:
        faults = self.faults.get(compartment, frozenset())
        if Fault.BOARD_LOST in faults:
            return Reading()
        door = next((_DOORS[fault] for fault in faults if fault in _DOORS), reading.door)
        occupied = next((_OCCUPIED[fault] for fault in faults if fault in _OCCUPIED), reading.occupied)
        return Reading(door, occupied)
