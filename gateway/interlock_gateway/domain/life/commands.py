"""Commands on a reservation: what may be asked for, and from which state (RES-2 to RES-5).

The table is partial: a pair that is absent is refused. The lapses are commands like any other; the gateway gives
them, because time alone changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import auto
from types import MappingProxyType
from typing import ClassVar, Final

from interlock_gateway.domain.capacity.sizes import SizeClass
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.domain.reservation import GONE, INSIDE, BrokenReason, State
from interlock_gateway.domain.words import Word


class CommandKind(Word):
    """The name of a command."""

    HOLD = auto()
    ACCEPT = auto()
    REJECT = auto()
    CONFIRM = auto()
    CANCEL = auto()
    ADD_PARCEL = auto()
    EXTEND = auto()
    RECALL = auto()
    LAPSE_HOLD = auto()
    LAPSE_DEPOSIT = auto()
    LAPSE_COLLECT = auto()
    BREAK = auto()
    CORRECT_TO_DEPOSITED = auto()
    CORRECT_TO_COLLECTED = auto()
    CORRECT_TO_RECALLED = auto()
    CORRECT_TO_LOST = auto()


_S = State
_C = CommandKind

COMMANDS: Final[Mapping[tuple[State, CommandKind], State]] = MappingProxyType(
    {
        # A carried network answers later: it holds, it takes the booking, or it says no.
        (_S.REQUESTED, _C.HOLD): _S.HELD,
        (_S.REQUESTED, _C.ACCEPT): _S.CONFIRMED,
        (_S.REQUESTED, _C.REJECT): _S.REJECTED,
        (_S.REQUESTED, _C.CANCEL): _S.CANCELLED,
        (_S.HELD, _C.CONFIRM): _S.CONFIRMED,
        (_S.HELD, _C.CANCEL): _S.CANCELLED,
        (_S.HELD, _C.ADD_PARCEL): _S.HELD,
        (_S.HELD, _C.LAPSE_HOLD): _S.EXPIRED,
        (_S.HELD, _C.BREAK): _S.BROKEN,
        (_S.CONFIRMED, _C.CANCEL): _S.CANCELLED,
        (_S.CONFIRMED, _C.ADD_PARCEL): _S.CONFIRMED,
        (_S.CONFIRMED, _C.LAPSE_DEPOSIT): _S.EXPIRED,
        (_S.CONFIRMED, _C.BREAK): _S.BROKEN,
        (_S.DEPOSITED, _C.EXTEND): _S.DEPOSITED,
        (_S.DEPOSITED, _C.RECALL): _S.DEPOSITED,
        (_S.DEPOSITED, _C.LAPSE_COLLECT): _S.OVERDUE,
        (_S.OVERDUE, _C.EXTEND): _S.DEPOSITED,
        (_S.OVERDUE, _C.RECALL): _S.OVERDUE,
        # The window's end finds parcels missing: nothing with a parcel inside expires, the rest is short.
        (_S.DEPOSITED, _C.LAPSE_DEPOSIT): _S.DEPOSITED,
        (_S.OVERDUE, _C.LAPSE_DEPOSIT): _S.OVERDUE,
        (_S.COLLECTED, _C.LAPSE_DEPOSIT): _S.COLLECTED,
        (_S.RECALLED, _C.LAPSE_DEPOSIT): _S.RECALLED,
        # A discrepancy was resolved: the parcel went another way than was recorded.
        **{(state, _C.CORRECT_TO_DEPOSITED): _S.DEPOSITED for state in GONE},
        **{(state, _C.CORRECT_TO_COLLECTED): _S.COLLECTED for state in (*INSIDE, _S.RECALLED)},
        **{(state, _C.CORRECT_TO_RECALLED): _S.RECALLED for state in (*INSIDE, _S.COLLECTED)},
        **{(state, _C.CORRECT_TO_LOST): _S.LOST for state in INSIDE | GONE},
    }
)


@dataclass(frozen=True, slots=True)
class Hold:
    """The carried network holds room.

    Attributes:
        hold_end: Until when.
    """

    kind: ClassVar[CommandKind] = CommandKind.HOLD
    hold_end: datetime


@dataclass(frozen=True, slots=True)
class Accept:
    """The carried network took the booking."""

    kind: ClassVar[CommandKind] = CommandKind.ACCEPT


@dataclass(frozen=True, slots=True)
class Reject:
    """The carried network said no."""

    kind: ClassVar[CommandKind] = CommandKind.REJECT


@dataclass(frozen=True, slots=True)
class Confirm:
    """Turn a hold into a promise."""

    kind: ClassVar[CommandKind] = CommandKind.CONFIRM


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give the promise back."""

    kind: ClassVar[CommandKind] = CommandKind.CANCEL


@dataclass(frozen=True, slots=True)
class AddParcel:
    """One more parcel of the same collector.

    Attributes:
        parcel: The parcel; its number is set here.
        needed: The class that all parcels together then need.
    """

    kind: ClassVar[CommandKind] = CommandKind.ADD_PARCEL
    parcel: Parcel
    needed: SizeClass


@dataclass(frozen=True, slots=True)
class Extend:
    """Give the collector more time. Whether there is room for it is asked before (CAP-3).

    Attributes:
        collect_end: The new end, from ``windows.extended_end``.
    """

    kind: ClassVar[CommandKind] = CommandKind.EXTEND
    collect_end: datetime


@dataclass(frozen=True, slots=True)
class Recall:
    """Ask for the parcels back: by the carrier, or because the bank is evacuated."""

    kind: ClassVar[CommandKind] = CommandKind.RECALL


@dataclass(frozen=True, slots=True)
class LapseHold:
    """End a hold whose time is over."""

    kind: ClassVar[CommandKind] = CommandKind.LAPSE_HOLD


@dataclass(frozen=True, slots=True)
class LapseDeposit:
    """Draw the line at the end of the deposit window."""

    kind: ClassVar[CommandKind] = CommandKind.LAPSE_DEPOSIT


@dataclass(frozen=True, slots=True)
class LapseCollect:
    """Mark as overdue what was not collected in time."""

    kind: ClassVar[CommandKind] = CommandKind.LAPSE_COLLECT


@dataclass(frozen=True, slots=True)
class Break:
    """Own up to a promise that cannot be kept.

    Attributes:
        reason: Why.
    """

    kind: ClassVar[CommandKind] = CommandKind.BREAK
    reason: BrokenReason


@dataclass(frozen=True, slots=True)
class Correct:
    """Set the record right, because a discrepancy was resolved.

    Attributes:
        to: What the reservation is after all: DEPOSITED, COLLECTED, RECALLED or LOST.
        claim: Reference of the claim for what is lost; may be empty.
    """

    to: State
    claim: str = ""

    @property
    def kind(self) -> CommandKind:
        """The command in the table: one for each state that a record can be corrected to.

        Raises:
            ValueError: There is none; the contract has already said so to the caller.
        """
        return CommandKind(f"CORRECT_TO_{self.to}")


Command = (
    Hold
    | Accept
    | Reject
    | Confirm
    | Cancel
    | AddParcel
    | Extend
    | Recall
    | LapseHold
    | LapseDeposit
    | LapseCollect
    | Break
    | Correct
)
