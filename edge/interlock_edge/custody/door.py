"""A compartment and its door: what it is, what its sensors say, and whether it may be used."""

from dataclasses import dataclass
from enum import StrEnum

from interlock.receipt import DoorState
from interlock_edge.custody.kind import Kind


class Occupied(StrEnum):
    """What the occupancy sensor says; UNKNOWN also where there is none."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Reading:
    """One settled reading of one compartment: two equal reads, so that neither noise nor bounce moves custody.

    A board that does not answer makes its doors UNKNOWN, never closed.
    """

    door: DoorState = DoorState.UNKNOWN
    occupied: Occupied = Occupied.UNKNOWN


class Withdrawal(StrEnum):
    """Why a door is given to no depositor. A parcel inside stays its collector's. Names as on the link."""

    JAMMED = "JAMMED"
    """Did not open after its pulses."""
    NOT_EMPTY = "NOT_EMPTY"
    """Something lies inside that nobody can name."""
    LEAKED = "LEAKED"
    """A parcel leaked in it."""
    SENSOR_FAULT = "SENSOR_FAULT"
    """What its sensors say gives no sense, or a power cut hid what happened in it."""
    OPERATOR = "OPERATOR"
    """The operator or a technician said so."""
    LEFT_OPEN = "LEFT_OPEN"
    """It stands open, and nobody is using it. Ends by itself when it closes."""


@dataclass(frozen=True, slots=True)
class Compartment:
    """One door and the space behind it, as commissioned.

    Attributes:
        label: What is printed on the door; never a lock number.
        kind: What it is planned as.
    """

    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Door:
    """What is kept about one door across a power cut.

    Attributes:
        label: The compartment's label.
        withdrawn: Why it is out of service; nothing while it is in service.
        pulses: How often its lock was ever pulsed: its wear.
    """

    label: str
    withdrawn: Withdrawal | None = None
    pulses: int = 0
