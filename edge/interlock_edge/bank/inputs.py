"""What the machine takes in. All that it knows of the world comes in through these values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from interlock_edge.access.grant import Granted
from interlock_edge.access.refusal import Refused
from interlock_edge.custody.door import Reading
from interlock_edge.custody.fact import CourierError, RefusedItem
from interlock_edge.custody.manifest import HandedDown, Manifest


@dataclass(frozen=True, slots=True)
class Shown:
    """A right was shown at the bank and its verdict is yes."""

    grant: Granted


@dataclass(frozen=True, slots=True)
class SessionBegun:
    """A courier's session token was shown and its verdict is yes.

    Attributes:
        jti: The token's.
        carrier: Party id of the courier's carrier.
        until: When the session ends, exclusive, unix seconds.
    """

    jti: str
    carrier: str
    until: int


@dataclass(frozen=True, slots=True)
class Pulsed:
    """The lock board's reply to a pulse. ``refusal`` is empty when it was sent; neither says that the door opened."""

    compartment: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Settled readings. Compartments not named are as they were."""

    readings: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed. Due at the latest when ``next_wake`` says."""


class Choice(StrEnum):
    """A button at the bank."""

    ALL_IN = "ALL_IN"
    """Yes, the parcels are in: ``count`` of them, or all."""
    NOT_DEPOSITED = "NOT_DEPOSITED"
    DOES_NOT_FIT = "DOES_NOT_FIT"
    NOT_EMPTY = "NOT_EMPTY"
    """There is something in the compartment that was given to me."""
    HAVE_ALL = "HAVE_ALL"
    """Yes, I have it all."""
    LEAVE_IT = "LEAVE_IT"
    """The parcel stays here, for the reason in ``item``."""
    OPEN_AGAIN = "OPEN_AGAIN"
    FINISH = "FINISH"
    """I am done: end the session, or walk away."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A button was pressed."""

    choice: Choice
    count: int = 0
    item: RefusedItem | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """The courier scanned the tag just put on a parcel without a label. ``tag``: its keyed digest, 16 bytes."""

    tag: bytes


@dataclass(frozen=True, slots=True)
class Reported:
    """A courier reported a difficulty by its code; a leaking parcel takes its door out of service."""

    error: CourierError
    compartment: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A reading of this bank's monotonic clock after which a command does nothing any more."""

    boot_id: str
    ms: int


@dataclass(frozen=True, slots=True)
class OpenAsked:
    """A command asks for a door; ``answer`` is the verdict over it.

    A no is an input too: its result is kept, and given to every copy of the command.
    """

    command: str
    deadline: Deadline
    answer: Granted | Refused


@dataclass(frozen=True, slots=True)
class ServiceSet:
    """A command takes a compartment out of service, or puts it back."""

    command: str
    deadline: Deadline
    compartment: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ManifestSet:
    """The gateway told something new, and it is on disk.

    Attributes:
        manifest: All that holds now.
        handed_down: For a controller that replaces another: what that one held.
    """

    manifest: Manifest
    handed_down: tuple[HandedDown, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The bank's time changed otherwise than by passing. ``answered``: by a signed answer to its own nonce."""

    from_time: int
    to_time: int
    answered: bool


Input = (
    Shown
    | SessionBegun
    | Tagged
    | Pulsed
    | Read
    | Tick
    | Chosen
    | Reported
    | OpenAsked
    | ServiceSet
    | ManifestSet
    | ClockMoved
)
