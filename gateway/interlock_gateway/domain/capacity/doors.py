"""Which door takes a parcel that has come, of those of its planned kind (CAP-20).

The kind was promised, the door is chosen when the parcel comes: any free door of the kind will do, whatever comes
later, because stays in one kind can always be coloured. So wear may decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from interlock_gateway.domain.capacity.kinds import Kind


@dataclass(frozen=True, slots=True)
class DoorState:
    """A door at the moment when a parcel comes.

    Attributes:
        label: The compartment's label.
        kind: What it is counted in.
        openings: How often it has been opened: its wear.
        occupied: A parcel lies there, or may.
        working: Neither out of service, nor quarantined, nor in a planned outage.
        in_grace: The former collector may still open it again.
    """

    label: str
    kind: Kind
    openings: int = 0
    occupied: bool = False
    working: bool = True
    in_grace: bool = False


def choose_door(kind: Kind, doors: Iterable[DoorState]) -> DoorState | None:
    """Choose the least worn free door of ``kind``; one in its grace only when there is no other.

    Equal wear is decided by label, so that two who choose from the same doors choose the same.

    Returns:
        ``None`` when no door of the kind is free: some door jammed unseen, or a parcel overstays.
    """
    free = (door for door in doors if door.kind == kind and door.working and not door.occupied)
    return min(free, key=lambda door: (door.in_grace, door.openings, door.label), default=None)
