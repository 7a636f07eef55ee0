"""After a power cut: what the ledger left open, decided by what the doors show (ACC-59; failure scenarios F20 to F23).

Nothing is decided before the door of a right has been read; until then it neither opens nor is given away.
"""

from dataclasses import replace

from interlock.access_token import Act
from interlock.receipt import DoorState, Evidence
from interlock_edge.bank.closing import closed, decide
from interlock_edge.bank.effects import Alert
from interlock_edge.bank.opening import opened
from interlock_edge.bank.outcome import deposited, missing_parcels, not_opened, taken
from interlock_edge.bank.state import Bank, Opening, Phase
from interlock_edge.bank.turn import Turn, use_of
from interlock_edge.custody.door import Occupied, Withdrawal
from interlock_edge.custody.fact import DoorNotOpened
from interlock_edge.custody.ledger import UNFINISHED, LedgerRow, LedgerState
from interlock_edge.custody.right import Right


def restarted(bank: Bank) -> Bank:
    """Return the state of a bank that has just started with these rows from its disk."""
    return replace(
        bank,
        readings={},
        opening=None,
        questions={},
        queue=(),
        session=None,
        unfinished=frozenset(row.right for row in bank.ledger.values() if row.state in UNFINISHED),
    )


def resolve(turn: Turn, right: Right) -> None:
    """Go on with a right whose door was read for the first time since the start."""
    row = turn.bank.row(right)
    door = turn.bank.reading(row.compartment).door
    if door is DoorState.OPEN and turn.bank.opening is not None:
        return  # two doors were left open; one after the other
    turn.set(unfinished=turn.bank.unfinished - {right})
    phase = Phase.OPEN if row.state is LedgerState.OPENED else Phase.PULSED
    opening = Opening(right, row.compartment, phase, pulsed_ms=turn.now.ms, opened_ms=turn.now.ms)
    if row.state is not LedgerState.OPENED:
        _pulse_in_doubt(turn, row, opening, door)
    elif door is DoorState.OPEN:
        turn.set_opening(opening)
    elif row.closed_time:
        decide(turn, row, None)
    else:
        closed(turn, opening)


def _pulse_in_doubt(turn: Turn, row: LedgerRow, opening: Opening, door: DoorState) -> None:
    """The lock may have been pulsed when the power went."""
    again = turn.now.time < row.recovered_time + turn.bank.policy.recovery_s
    row = replace(row, recovered_time=turn.now.time)
    turn.put_row(row)
    if again:
        # The coil that fires pulls the supply down, twice in a row: this door takes the whole bank with it.
        turn.withdraw(row.compartment, Withdrawal.SENSOR_FAULT)
    if door is DoorState.OPEN:
        turn.set_opening(opening)
        opened(turn)
        return
    occupied = turn.bank.reading(row.compartment).occupied
    if row.reopening or row.right.act is Act.SERVICE:
        not_opened(turn, row, keep_door=False)
    elif row.right.act is Act.DEPOSIT and occupied is Occupied.YES:
        # The door was seen empty when it was chosen, so it was opened, filled and closed while the power was out.
        deposited(turn, row, missing_parcels(turn, row)[:1], Evidence.SENSED, door=DoorState.CLOSED)
    elif row.right.act is not Act.DEPOSIT and occupied is Occupied.NO:
        taken(turn, row, Evidence.SENSED, door=DoorState.CLOSED)
    else:
        _outcome_unknown(turn, row, occupied)


def _outcome_unknown(turn: Turn, row: LedgerRow, occupied: Occupied) -> None:
    """No opening was seen and none is ruled out. The right stands, for this door."""
    turn.record(DoorNotOpened(row.compartment, use_of(row), row.pulses))
    may_hide_a_parcel = row.right.act is Act.DEPOSIT and occupied is Occupied.UNKNOWN
    bound = may_hide_a_parcel or row.right.act is not Act.DEPOSIT or row.right.subject in turn.bank.tenancies
    not_opened(turn, row, keep_door=bound)
    if may_hide_a_parcel:
        turn.withdraw(row.compartment, Withdrawal.SENSOR_FAULT)
    if occupied is Occupied.UNKNOWN:
        turn.alarm(Alert.OUTCOME_UNKNOWN, row.compartment)
