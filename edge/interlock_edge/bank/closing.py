"""After the door has closed, or stood open for too long: what was done there (EVD-3..6).

What a sensor shows counts at once; else the person is asked; else silence speaks, after two minutes for a deposit and
ten for a collection.
"""

from dataclasses import replace

from interlock.access_token import Act
from interlock.receipt import DoorState, Evidence
from interlock_edge.bank.effects import Alert, Screen
from interlock_edge.bank.inputs import Choice, Chosen
from interlock_edge.bank.opening import begin
from interlock_edge.bank.outcome import (
    closed_without_custody,
    deposited,
    item_found,
    missing_parcels,
    not_deposited,
    refused,
    still_inside,
    taken,
)
from interlock_edge.bank.sequence import does_not_fit, next_of_group, not_empty
from interlock_edge.bank.state import Opening, Question
from interlock_edge.bank.turn import Turn
from interlock_edge.custody.door import Occupied, Withdrawal
from interlock_edge.custody.fact import (
    CourierError,
    CourierErrorReported,
    DoorClosed,
    DoorLeftOpen,
    RefusedItem,
)
from interlock_edge.custody.ledger import LedgerRow


def closed(turn: Turn, opening: Opening) -> None:
    """The door of an opening was seen closed."""
    row = replace(turn.bank.row(opening.right), closed_time=turn.now.time)
    occupied = turn.bank.reading(opening.compartment).occupied
    turn.record(DoorClosed(opening.compartment, occupied, _reservation(row) or tenant_of(turn, opening.compartment)))
    turn.put_row(row)
    turn.set_opening(None)
    decide(turn, row, opening.said)


def decide(turn: Turn, row: LedgerRow, said: Chosen | None) -> None:
    """Decide what was done behind a closed door, or ask."""
    if row.reopening or row.right.act is Act.SERVICE:
        _no_custody(turn, row)
        return
    turn.ask(Question(row.right, row.compartment, turn.now.ms))
    occupied = turn.bank.reading(row.compartment).occupied
    premature = said is not None and said.choice is Choice.HAVE_ALL and occupied is Occupied.YES
    if not _sensed(turn, row, occupied) and said is not None and not premature:
        answer(turn, turn.bank.questions[row.compartment], said)
    elif row.compartment in turn.bank.questions:
        _ask(turn, row, occupied)
    _onward(turn, row)


def sensor_changed(turn: Turn, question: Question) -> None:
    """The sensor of a door in question shows something else now; it may have needed a moment to settle."""
    row = turn.bank.row(question.right)
    if not question.decided and _sensed(turn, row, turn.bank.reading(question.compartment).occupied):
        _onward(turn, row)


def silent(turn: Turn, question: Question) -> None:
    """Nobody has said anything for long enough."""
    row, occupied = turn.bank.row(question.right), turn.bank.reading(question.compartment).occupied
    if question.decided:
        turn.drop_question(question.compartment)
    elif row.right.act is not Act.DEPOSIT and occupied is Occupied.YES:
        still_inside(turn, row)
    elif row.right.act is not Act.DEPOSIT:
        taken(turn, row, Evidence.INFERRED, door=DoorState.CLOSED)
    elif occupied is Occupied.NO:
        not_deposited(turn, row, Evidence.SENSED)
    else:
        deposited(turn, row, missing_parcels(turn, row), Evidence.INFERRED, door=DoorState.CLOSED)


def answer(turn: Turn, question: Question, said: Chosen) -> None:
    """A person answers for a closed door. What a sensor plainly contradicts is asked again."""
    row = turn.bank.row(question.right)
    if said.choice is Choice.OPEN_AGAIN:
        begin(turn, row, question.compartment, spend=row.headroom)
    elif row.right.act is Act.DEPOSIT:
        _depositor_says(turn, row, said)
    else:
        _collector_says(turn, row, said)
        _onward(turn, row)


def left_open(turn: Turn, opening: Opening) -> None:
    """The door has stood open for ten minutes: record what is known, call the operator, let others use the bank."""
    row, occupied = turn.bank.row(opening.right), turn.bank.reading(opening.compartment).occupied
    tenant = tenant_of(turn, opening.compartment)
    turn.record(DoorLeftOpen(opening.compartment, _reservation(row) or tenant))
    turn.withdraw(opening.compartment, Withdrawal.LEFT_OPEN, tenant)
    turn.set_opening(None)
    turn.set(queue=())
    choice = opening.said.choice if opening.said else None
    if row.reopening or row.right.act is Act.SERVICE:
        closed_without_custody(turn, row)
    elif row.right.act is Act.DEPOSIT:
        if occupied is Occupied.NO or choice in (Choice.NOT_DEPOSITED, Choice.DOES_NOT_FIT, Choice.NOT_EMPTY):
            not_deposited(turn, row, Evidence.SENSED if occupied is Occupied.NO else Evidence.ASSERTED)
        else:
            known = Evidence.ASSERTED if choice is Choice.ALL_IN else Evidence.NONE
            deposited(turn, row, missing_parcels(turn, row), known, door=DoorState.OPEN)
    elif choice is Choice.LEAVE_IT and row.right.act is Act.COLLECT:
        refused(turn, row, (opening.said and opening.said.item) or RefusedItem.UNWANTED)
    elif occupied is Occupied.YES:
        still_inside(turn, row)
    elif occupied is Occupied.NO:
        taken(turn, row, Evidence.SENSED, door=DoorState.OPEN)
    else:
        known = Evidence.ASSERTED if choice is Choice.HAVE_ALL else Evidence.NONE
        taken(turn, row, known, door=DoorState.OPEN)
    turn.alarm(Alert.DOOR_LEFT_OPEN, opening.compartment)
    turn.show(Screen.WELCOME)


def tenant_of(turn: Turn, compartment: str) -> str:
    """Return the reservation whose parcels lie in a compartment, or empty."""
    tenant = turn.bank.tenant(compartment)
    return tenant.reservation if tenant else ""


def look_after_opening_for_nobody(turn: Turn, compartment: str) -> None:
    """A door that no deposit or collection had open has closed: is what should be inside still there?"""
    occupied, tenant = turn.bank.reading(compartment).occupied, turn.bank.tenant(compartment)
    if tenant is not None and not tenant.ended and occupied is Occupied.NO:
        turn.record(CourierErrorReported(CourierError.COMPARTMENT_EMPTY, compartment, tenant.reservation))
        turn.alarm(Alert.PARCEL_GONE, compartment)
    elif (tenant is None or tenant.ended) and occupied is Occupied.YES:
        item_found(turn, compartment, Evidence.SENSED)


def _no_custody(turn: Turn, row: LedgerRow) -> None:
    compartment = row.compartment
    closed_without_custody(turn, row)
    look_after_opening_for_nobody(turn, compartment)


def _sensed(turn: Turn, row: LedgerRow, occupied: Occupied) -> bool:
    """Decide by the sensor alone, if it can."""
    if row.right.act is Act.DEPOSIT:
        missing = missing_parcels(turn, row)
        if occupied is not Occupied.YES or len(missing) > 1:
            return False  # one sensor does not count parcels
        deposited(turn, row, missing, Evidence.SENSED, door=DoorState.CLOSED)
        return True
    if occupied is Occupied.NO:
        taken(turn, row, Evidence.SENSED, door=DoorState.CLOSED)
        return True
    return False


def _ask(turn: Turn, row: LedgerRow, occupied: Occupied) -> None:
    compartment = row.compartment
    if row.right.act is Act.DEPOSIT:
        screen = Screen.ASK_REALLY_DEPOSITED if occupied is Occupied.NO else Screen.ASK_DEPOSITED
        turn.show(screen, compartment, parcels=len(missing_parcels(turn, row)))
    elif occupied is Occupied.YES:
        still_inside(turn, row)
        turn.ask(Question(row.right, compartment, turn.now.ms, decided=True))
    else:
        turn.show(Screen.ASK_COLLECTED, compartment)


def _depositor_says(turn: Turn, row: LedgerRow, said: Chosen) -> None:
    occupied = turn.bank.reading(row.compartment).occupied
    missing = missing_parcels(turn, row)
    match said.choice:
        case Choice.ALL_IN:
            parcels = missing[: said.count] if said.count else missing
            deposited(turn, row, parcels, Evidence.ASSERTED, door=DoorState.CLOSED)
        case Choice.NOT_DEPOSITED | Choice.DOES_NOT_FIT if occupied is Occupied.YES:
            # It says empty and the sensor says not: whatever lies there must come out before the door is anyone's.
            begin(turn, row, row.compartment, spend=row.headroom)
        case Choice.NOT_DEPOSITED:
            not_deposited(turn, row, Evidence.SENSED if occupied is Occupied.NO else Evidence.ASSERTED)
        case Choice.DOES_NOT_FIT:
            does_not_fit(turn, row)
        case Choice.NOT_EMPTY:
            not_empty(turn, row)
        case _:
            _ask(turn, row, occupied)


def _collector_says(turn: Turn, row: LedgerRow, said: Chosen) -> None:
    occupied = turn.bank.reading(row.compartment).occupied
    match said.choice:
        case Choice.HAVE_ALL:
            taken(turn, row, Evidence.ASSERTED, door=DoorState.CLOSED)
            if occupied is Occupied.YES:
                item_found(turn, row.compartment, Evidence.SENSED)
        case Choice.LEAVE_IT if row.right.act is Act.COLLECT:
            refused(turn, row, said.item or RefusedItem.UNWANTED)
        case _:
            _ask(turn, row, occupied)


def _onward(turn: Turn, row: LedgerRow) -> None:
    """Go on to the next door of a group once this one needs nobody any more."""
    if row.compartment not in turn.bank.questions and turn.bank.opening is None:
        next_of_group(turn, row)


def _reservation(row: LedgerRow) -> str:
    return "" if row.right.act is Act.SERVICE else row.right.subject
