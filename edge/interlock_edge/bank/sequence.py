"""The next door: after a jam, after "does not fit", after "not empty", and through a collector group (ACC-56)."""

from dataclasses import replace

from interlock.access_token import Act
from interlock.receipt import DoorState, Evidence
from interlock_edge.access.refusal import Reason
from interlock_edge.bank.choose import door_for, planned_kind
from interlock_edge.bank.effects import Alert, Screen
from interlock_edge.bank.opening import begin, pulse_again, refuse_command
from interlock_edge.bank.outcome import item_found, not_deposited, not_opened
from interlock_edge.bank.state import Opening
from interlock_edge.bank.turn import Turn, use_of
from interlock_edge.custody.door import Withdrawal
from interlock_edge.custody.fact import (
    CourierError,
    CourierErrorReported,
    DoorNotOpened,
)
from interlock_edge.custody.kind import SizeClass
from interlock_edge.custody.ledger import LedgerRow, LedgerState


def begin_deposit(turn: Turn, row: LedgerRow, *, above: SizeClass | None = None) -> None:
    """Give the depositor a door, or say that there is none. ``above``: the parcel did not fit this class."""
    found = door_for(turn.bank, planned_kind(turn.bank, row), now=turn.now.time, above=above)
    if found is not None:
        begin(turn, row, found.compartment, spend=found.spend)
        return
    turn.record(CourierErrorReported(CourierError.NO_SUITABLE_COMPARTMENT, reservation=row.right.subject))
    refuse_command(turn, row, Reason.NO_SUITABLE_COMPARTMENT)
    turn.show(Screen.NO_SUITABLE_COMPARTMENT)


def try_again_or_jam(turn: Turn, opening: Opening) -> None:
    """The pulsed door has not opened in time: pulse it again, or call it jammed."""
    policy, row = turn.bank.policy, turn.bank.row(opening.right)
    if row.pulses < policy.pulses_max and turn.now.time < row.first_pulse_time + policy.attempt_s:
        pulse_again(turn, row)
    else:
        _jammed(turn, opening, row)


def does_not_fit(turn: Turn, row: LedgerRow) -> None:
    """The parcel is larger than was said: a larger door, within headroom. Parcels of one reservation lie together."""
    size_class = turn.bank.layout[row.compartment].kind.size_class
    row = not_deposited(turn, row, Evidence.ASSERTED, CourierError.PARCEL_TOO_BIG, quiet=True)
    if row.compartment:
        turn.show(Screen.NO_SUITABLE_COMPARTMENT)
    else:
        begin_deposit(turn, row, above=size_class)


def not_empty(turn: Turn, row: LedgerRow) -> None:
    """The depositor found something inside: that door is for the operator, and the depositor gets another one."""
    compartment = row.compartment
    row = not_deposited(turn, row, Evidence.ASSERTED, CourierError.COMPARTMENT_OCCUPIED, quiet=True)
    item_found(turn, compartment, Evidence.ASSERTED, besides=row.right.subject)
    if row.compartment:
        turn.show(Screen.NO_SUITABLE_COMPARTMENT)
    else:
        begin_deposit(turn, row)


def next_of_group(turn: Turn, row: LedgerRow) -> None:
    """Open the next door of the collector group, in the name of what opened the last one."""
    while turn.bank.queue and turn.bank.opening is None:
        subject, *rest = turn.bank.queue
        turn.set(queue=tuple(rest))
        tenancy = turn.bank.tenancies.get(subject.subject)
        following = turn.bank.row(subject)
        silent = tenancy and turn.bank.reading(tenancy.compartment).door is DoorState.UNKNOWN
        if tenancy is None or tenancy.ended or silent or following.state is LedgerState.RETIRED:
            continue
        begin(turn, shown_as(following, row), tenancy.compartment)


def shown_as(row: LedgerRow, like: LedgerRow) -> LedgerRow:
    """Return ``row`` as being used in the name of what was shown for ``like``."""
    return replace(
        row,
        series=max(row.series, like.series),
        form=like.form,
        jti=like.jti,
        session=like.session,
        command="",
        presence=like.presence,
        keep_until=max(row.keep_until, like.keep_until),
    )


def _jammed(turn: Turn, opening: Opening, row: LedgerRow) -> None:
    tenant = turn.bank.tenant(opening.compartment)
    inside = tenant.reservation if tenant and not tenant.ended else ""
    turn.record(DoorNotOpened(opening.compartment, use_of(row), row.pulses))
    turn.withdraw(opening.compartment, Withdrawal.JAMMED, inside)
    turn.set(queue=())
    another = row.right.act is Act.DEPOSIT and not row.reopening and not inside
    turn.set_opening(None)
    if another and not row.command:
        begin_deposit(turn, not_opened(turn, row, keep_door=False))
    else:
        not_opened(turn, row, keep_door=not another)
        turn.show(Screen.DOOR_JAMMED, opening.compartment)
    turn.alarm(Alert.DOOR_JAMMED, opening.compartment)
