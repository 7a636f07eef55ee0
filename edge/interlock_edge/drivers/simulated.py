"""A bank made of values: doors, latches, sensors, and the faults that real ones have.

It fills the driver's port on one side and gives people hands on the other. It outlives the agent: a crash test throws
the agent away and starts another one at the same doors. Time is whatever ``clock_ms`` says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from interlock.receipt import DoorState
from interlock_edge.custody.door import Occupied, Reading
from interlock_edge.drivers.port import Refused, Sent, Wiring

LATCH_MS = 5_000
"""How long a door without a spring can be pulled open after its pulse."""


class CannotBeDoneError(Exception):
    """Hands tried what no hand can do: reach through a closed door, or pull a locked one open."""


@dataclass
class SimulatedDoor:
    """One door and what lies behind it.

    Attributes:
        label: The compartment's label.
        has_sensor: It can sense what lies inside.
        sprung: It springs open at the pulse; otherwise somebody must pull within five seconds.
        open: It stands open.
        items: What lies inside.
        jams: Pulses that will do nothing; -1 for every one.
        dead_contact: The door contact gives no reading.
        dead_sensor: The occupancy sensor gives no reading.
        unlatched_until_ms: Until when it can be pulled open.
        pulses: Pulses that its lock was given.
    """

    label: str
    has_sensor: bool = True
    sprung: bool = True
    open: bool = False
    items: list[str] = field(default_factory=list)
    jams: int = 0
    dead_contact: bool = False
    dead_sensor: bool = False
    unlatched_until_ms: int = -1
    pulses: int = 0


class SimulatedBank:
    """All doors of one bank, behind the port ``LockBus`` and before the hands of people."""

    def __init__(
        self, doors: Iterable[SimulatedDoor], *, clock_ms: Callable[[], int], wiring: Wiring | None = None
    ) -> None:
        """Build the bank.

        Args:
            doors: Its doors.
            clock_ms: The monotonic clock, milliseconds.
            wiring: How they are wired; by default all on one board in their order.
        """
        self.doors = {door.label: door for door in doors}
        self._clock_ms = clock_ms
        self._wiring = wiring or Wiring({label: ("1", lock) for lock, label in enumerate(self.doors, start=1)})
        self._silent: set[str] = set()
        self._crossed: dict[str, str] = {}

    # The port.

    @property
    def boards(self) -> Mapping[str, tuple[str, ...]]:
        """The labels on each board."""
        return self._wiring.boards()

    async def pulse(self, compartment: str) -> Sent | Refused:
        """Pulse one lock."""
        board, _ = self._wiring.lock(compartment)
        if board in self._silent:
            return Refused(f"Board {board} does not answer.")
        door = self.doors[self._crossed.get(compartment, compartment)]
        door.pulses += 1
        if door.jams:
            door.jams -= 1 if door.jams > 0 else 0
        elif door.sprung:
            door.open = True
        else:
            door.unlatched_until_ms = self._clock_ms() + LATCH_MS
        return Sent()

    async def read(self, board: str) -> Mapping[str, Reading]:
        """Read one board."""
        return {label: self._reading(board, self.doors[label]) for label in self.boards[board]}

    # Hands.

    def pull(self, label: str) -> None:
        """Pull a door open; one whose lock was just released, or one that was pried."""
        door = self.doors[label]
        if not door.open and self._clock_ms() >= door.unlatched_until_ms:
            message = f"Door {label} is locked."
            raise CannotBeDoneError(message)
        door.open = True

    def pry(self, label: str) -> None:
        """Break a door open."""
        self.doors[label].open = True

    def put(self, label: str, item: str) -> None:
        """Put something in."""
        self._behind(label).items.append(item)

    def take(self, label: str, item: str | None = None) -> str:
        """Take something out; the last thing put in, unless it is named."""
        items = self._behind(label).items
        if not items or (item is not None and item not in items):
            message = f"There is no {item or 'item'} in {label}."
            raise CannotBeDoneError(message)
        taken = items[-1] if item is None else item
        items.remove(taken)
        return taken

    def close(self, label: str) -> None:
        """Close a door."""
        door = self.doors[label]
        door.open = False
        door.unlatched_until_ms = -1

    # Faults.

    def jam(self, label: str, pulses: int = -1) -> None:
        """Let a latch jam for so many pulses; -1 for good, 0 for not any more."""
        self.doors[label].jams = pulses

    def silence(self, board: str, *, silent: bool = True) -> None:
        """Unplug a board, or plug it in again."""
        (self._silent.add if silent else self._silent.discard)(board)

    def cross(self, label: str, other: str) -> None:
        """Swap the wires of two locks, as a fitter does by mistake."""
        self._crossed |= {label: other, other: label}

    def _behind(self, label: str) -> SimulatedDoor:
        door = self.doors[label]
        if not door.open:
            message = f"Door {label} is closed."
            raise CannotBeDoneError(message)
        return door

    def _reading(self, board: str, door: SimulatedDoor) -> Reading:
        if board in self._silent:
            return Reading()
        state = DoorState.OPEN if door.open else DoorState.CLOSED
        sees = door.has_sensor and not door.dead_sensor
        return Reading(
            door=DoorState.UNKNOWN if door.dead_contact else state,
            occupied=(Occupied.YES if door.items else Occupied.NO) if sees else Occupied.UNKNOWN,
        )
