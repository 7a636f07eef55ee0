"""The life of a reservation, in two tables (docs/protocol/03-reservations.md, docs/decisions/0030).

``decide`` carries out a command, of which the table is partial: it may refuse. ``record`` takes in a fact, of which
the table is total: it never does. Both give an ``Outcome``: the reservation as it is now, the events that tell the
world, and the contradictions to be raised as discrepancies; whoever calls commits all three together.
"""

from interlock_gateway.domain.life.commands import (
    COMMANDS,
    Accept,
    AddParcel,
    Break,
    Cancel,
    Command,
    CommandKind,
    Confirm,
    Correct,
    Extend,
    Hold,
    LapseCollect,
    LapseDeposit,
    LapseHold,
    Recall,
    Reject,
)
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.life.happenings import CONCERNS_RESERVATIONS, FACTS, Happening, Step, happening
from interlock_gateway.domain.life.outcome import Outcome
from interlock_gateway.domain.life.promising import Pin, Terms, promise
from interlock_gateway.domain.life.recording import await_forerunner, record

__all__ = [
    "COMMANDS",
    "CONCERNS_RESERVATIONS",
    "FACTS",
    "Accept",
    "AddParcel",
    "Break",
    "Cancel",
    "Command",
    "CommandKind",
    "Confirm",
    "Correct",
    "Extend",
    "Happening",
    "Hold",
    "LapseCollect",
    "LapseDeposit",
    "LapseHold",
    "Outcome",
    "Pin",
    "Recall",
    "Reject",
    "Step",
    "Terms",
    "await_forerunner",
    "decide",
    "happening",
    "promise",
    "record",
]
