"""What the machine asks of the world. Effects are carried out in their order, each after the one before has succeeded.

A ``Persist`` that fails stops the rest: its step has not happened, and the state before it stands (ACC-53).
"""

from dataclasses import dataclass
from enum import StrEnum

from interlock_edge.custody.change import Change, CommandResult


@dataclass(frozen=True, slots=True)
class Persist:
    """Write ``change`` in one transaction and have it survive a power cut before going on."""

    change: Change


@dataclass(frozen=True, slots=True)
class Pulse:
    """Pulse the lock of one compartment, once. The reply comes back as an input."""

    compartment: str


class Screen(StrEnum):
    """What the person at the bank is told. Keys of the kiosk's message catalogues."""

    WELCOME = "WELCOME"
    OPENING = "OPENING"
    """The door ``compartment`` is about to open; ``attempt`` counts from 1."""
    PUT_IN = "PUT_IN"
    """Put ``parcels`` parcels in and close the door."""
    TAKE_OUT = "TAKE_OUT"
    """Take everything out and close the door."""
    LOOK_AGAIN = "LOOK_AGAIN"
    """The same door again, within the grace."""
    SERVICE = "SERVICE"
    """A technician's door is open."""
    CLOSE_DOOR = "CLOSE_DOOR"
    """Reminder: the door is still open."""
    CLOSE_DOOR_FIRST = "CLOSE_DOOR_FIRST"
    """Another door is open; it must be closed first."""
    ASK_DEPOSITED = "ASK_DEPOSITED"
    """Are all ``parcels`` parcels in?"""
    ASK_REALLY_DEPOSITED = "ASK_REALLY_DEPOSITED"
    """The compartment looks empty. Is a parcel in?"""
    ASK_COLLECTED = "ASK_COLLECTED"
    """Have you taken everything?"""
    STILL_INSIDE = "STILL_INSIDE"
    """Something is still inside: take it, or say why it stays."""
    DEPOSITED = "DEPOSITED"
    COLLECTED = "COLLECTED"
    RECALLED = "RECALLED"
    NOT_DEPOSITED = "NOT_DEPOSITED"
    """Nothing was put in; the code can be used again."""
    LEFT_HERE = "LEFT_HERE"
    """The parcel stays; the carrier will take it back."""
    DOOR_JAMMED = "DOOR_JAMMED"
    """The door did not open. The code stays good; the operator has been told."""
    NO_SUITABLE_COMPARTMENT = "NO_SUITABLE_COMPARTMENT"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    """This door, or the whole bank, cannot be served at present. Nothing was used up."""
    TRY_LATER = "TRY_LATER"
    """Too many openings; try again in a minute."""
    TAG_PARCEL = "TAG_PARCEL"
    """Put a tag on the parcel just taken out and scan it; the next door waits for it."""
    SESSION = "SESSION"
    """A courier's menu: scan the next parcel, or finish."""
    SESSION_ENDED = "SESSION_ENDED"


@dataclass(frozen=True, slots=True)
class Show:
    """Put a screen up.

    Attributes:
        screen: Which one.
        compartment: Label concerned, or empty.
        parcels: How many parcels it is about, or 0.
        attempt: For ``OPENING``: which pulse this is.
    """

    screen: Screen
    compartment: str = ""
    parcels: int = 0
    attempt: int = 0


class Alert(StrEnum):
    """What somebody should come and look at."""

    DOOR_REMINDER = "DOOR_REMINDER"
    """Beep: the door has been open for a minute."""
    DOOR_OPEN_LONG = "DOOR_OPEN_LONG"
    DOOR_LEFT_OPEN = "DOOR_LEFT_OPEN"
    DOOR_JAMMED = "DOOR_JAMMED"
    UNEXPECTED_OPENING = "UNEXPECTED_OPENING"
    WRONG_DOOR = "WRONG_DOOR"
    ITEM_FOUND = "ITEM_FOUND"
    PARCEL_GONE = "PARCEL_GONE"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Tell the operator, and whoever is in earshot."""

    alert: Alert
    compartment: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Send the result of a command; it is on disk already."""

    result: CommandResult


Effect = Persist | Pulse | Show | Alarm | Answer
