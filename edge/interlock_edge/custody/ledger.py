"""The ledger: how far the use of each right has come (ACC-52).

Each state is on disk before the effect that it stands for, so after a power cut the row says the most that can have
happened. A pulse without an opening burns nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from interlock_edge.custody.kind import SizeClass
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.terms import StayTerms


class LedgerState(StrEnum):
    """How far the use of a right has come."""

    READY = "READY"
    """Usable: tried without success, used in part, or known by its series alone."""
    ARMED = "ARMED"
    """A door was chosen; its lock may be pulsed from now on."""
    PULSED = "PULSED"
    """The board took the pulse. Whether the door opened is not known."""
    OPENED = "OPENED"
    """The door was seen open; what was done there is not decided yet."""
    SPENT = "SPENT"
    """Used up; within its grace it opens the same door again."""
    RETIRED = "RETIRED"
    """Ended without having been used up: the parcel was recalled."""


UNFINISHED = frozenset({LedgerState.ARMED, LedgerState.PULSED, LedgerState.OPENED})
"""The states of a right whose outcome is still open; after a power cut the door is read to decide it."""


@dataclass(frozen=True, slots=True)
class HeadroomSpend:
    """One door of a class spent without asking, under the headroom of that number."""

    size_class: SizeClass
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """The use of one right.

    Attributes:
        right: The key.
        state: How far it has come.
        series: The highest series that a yes was given to; lower ones are retired by it.
        compartment: The door that it is or was used at, or empty.
        parcels: The parcels meant by the present use; empty means all that are missing, or all that are inside.
        reopening: The present use opens a door again within the grace, so it ends in SPENT whatever happens.
        pulses: Pulses given in the present use.
        first_pulse_time: When the first of them was given.
        opened_time: When the door was seen open, 0 before that.
        closed_time: When it was seen closed again, 0 before that.
        grace_until: Until when the same door opens again, exclusive; 0 for never.
        recovered_time: When a power cut last interrupted its use; two within minutes distrust the door.
        form: The form in which it was last shown.
        jti: The token's, or empty.
        session: ``jti`` of the courier session under which it is used, or empty.
        command: Id of the command that uses it, or empty.
        presence: How it was shown that somebody stands there, for a command; or empty.
        from_token_alone: The bank had never been told of the reservation and goes by the token.
        terms: For a deposit, what it is made under.
        headroom: For a deposit in a larger door than planned, what was spent for it.
        keep_until: The row is kept at least until then, so that no copy of the token finds it gone.
    """

    right: Right
    state: LedgerState = LedgerState.READY
    series: int = 0
    compartment: str = ""
    parcels: frozenset[int] = frozenset()
    reopening: bool = False
    pulses: int = 0
    first_pulse_time: int = 0
    opened_time: int = 0
    closed_time: int = 0
    grace_until: int = 0
    recovered_time: int = 0
    form: Form = Form.QR
    jti: str = ""
    session: str = ""
    command: str = ""
    presence: str = ""
    from_token_alone: bool = False
    terms: StayTerms | None = None
    headroom: HeadroomSpend | None = None
    keep_until: int = 0
