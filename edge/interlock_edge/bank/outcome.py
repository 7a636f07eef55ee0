"""What became of a use of a right, once it is known: custody moves here and nowhere else (EVD-3, EVD-4)."""

from collections.abc import Iterable
from dataclasses import replace

from interlock.access_token import Act
from interlock.receipt import DoorState, Evidence
from interlock_edge.bank.effects import Alert, Screen
from interlock_edge.bank.turn import Turn, use_of
from interlock_edge.custody.change import CommandResult, Outcome
from interlock_edge.custody.door import Occupied, Withdrawal
from interlock_edge.custody.fact import (
    CourierError,
    HandOver,
    HeadroomSpent,
    ItemFound,
    NotDeposited,
    ParcelRefused,
    RefusedItem,
)
from interlock_edge.custody.ledger import LedgerRow, LedgerState
from interlock_edge.custody.stay import collect_until
from interlock_edge.custody.tenancy import Tenancy

KEEP_AFTER_EXPIRY_S = 900 + 30 * 86_400
"""A spent right is remembered past every copy of its token: its expiry, the greatest leeway, and 30 days."""


def missing_parcels(turn: Turn, row: LedgerRow) -> tuple[int, ...]:
    """Return the parcels that the present deposit is about: those named, or all that are not inside yet."""
    tenancy = turn.bank.tenancies.get(row.right.subject)
    inside = tenancy.parcels if tenancy else frozenset()
    wanted = row.parcels or frozenset(range(1, (row.terms.parcels if row.terms else 1) + 1))
    return tuple(sorted(wanted - inside))


def deposited(turn: Turn, row: LedgerRow, parcels: Iterable[int], evidence: Evidence, *, door: DoorState) -> None:
    """The parcels are in. A sensor vouches for one of them, whatever ``evidence`` says of the others."""
    bank, now = turn.bank, turn.now
    terms = row.terms
    if terms is None:
        message = "a deposit without terms"
        raise ValueError(message)
    parcels = tuple(parcels)
    occupied = bank.reading(row.compartment).occupied
    for position, parcel in enumerate(parcels):
        sensed = position == 0 and occupied is Occupied.YES
        _hand_over(turn, row, parcel, Evidence.SENSED if sensed else evidence, door)
    before = bank.tenancies.get(row.right.subject)
    inside = (before.parcels if before else frozenset()) | frozenset(parcels)
    turn.put_tenancy(
        replace(before, parcels=inside)
        if before and not before.ended
        else Tenancy(
            reservation=row.right.subject,
            compartment=row.compartment,
            parcels=inside,
            expected=terms.parcels,
            deposited_time=now.time,
            collect_until=collect_until(terms.collect_for, now, bank.manifest.calendar),
            collect_series=terms.collect_series,
            pins=terms.pins,
            group=terms.group,
        )
    )
    if row.headroom:
        spent = row.headroom
        turn.record(HeadroomSpent(spent.number, spent.size_class, row.right.subject, row.compartment))
    complete = len(inside) >= terms.parcels
    _settle(turn, row, LedgerState.SPENT if complete else LedgerState.READY, grace_s=bank.policy.grace_s)
    turn.show(Screen.DEPOSITED, row.compartment, parcels=len(parcels))


def not_deposited(
    turn: Turn, row: LedgerRow, evidence: Evidence, error: CourierError | None = None, *, quiet: bool = False
) -> LedgerRow:
    """Nothing was put in; the right stands, and for any door. Return its row.

    Args:
        turn: The step.
        row: The deposit.
        evidence: How well it is known.
        error: The depositor's reason.
        quiet: Something else will be shown.
    """
    turn.record(NotDeposited(row.compartment, use_of(row), evidence, error))
    compartment = row.compartment
    bound = turn.bank.tenancies.get(row.right.subject)
    row = _settle(turn, replace(row, headroom=None, compartment=bound.compartment if bound else ""), LedgerState.READY)
    if not quiet:
        turn.show(Screen.NOT_DEPOSITED, compartment)
    return row


def taken(turn: Turn, row: LedgerRow, evidence: Evidence, *, door: DoorState) -> None:
    """Everything is out: collected or recalled. What no sensor saw keeps its right to the door for a day.

    Where nothing speaks for it, the parcels count as inside and the right stands (EVD-8).
    """
    policy = turn.bank.policy
    tenancy = turn.bank.tenancies[row.right.subject]
    for parcel in sorted(tenancy.parcels):
        _hand_over(turn, row, parcel, evidence, door)
    if evidence is Evidence.NONE:
        _settle(turn, row, LedgerState.READY)
        return
    grace_s = policy.grace_s if evidence is Evidence.SENSED else policy.long_grace_s
    row = _settle(turn, row, LedgerState.SPENT, grace_s=grace_s)
    turn.put_tenancy(replace(tenancy, parcels=frozenset(), grace_until=row.grace_until))
    turn.show(Screen.COLLECTED if row.right.act is Act.COLLECT else Screen.RECALLED, row.compartment)
    entry = turn.bank.manifest.entries.get(tenancy.reservation)
    untagged = sorted(tenancy.parcels & entry.unlabelled) if entry and row.session else ()
    if untagged:
        turn.set(to_tag=tuple((tenancy.reservation, parcel) for parcel in untagged))
        turn.show(Screen.TAG_PARCEL, row.compartment, parcels=len(untagged))


def still_inside(turn: Turn, row: LedgerRow) -> None:
    """The door was closed on a parcel that the sensor still sees. Nothing moved; the right stands."""
    _settle(turn, row, LedgerState.READY)
    turn.show(Screen.STILL_INSIDE, row.compartment)


def refused(turn: Turn, row: LedgerRow, why: RefusedItem) -> None:
    """The collector leaves the parcels in the bank on purpose; they shall be recalled."""
    turn.record(ParcelRefused(row.compartment, use_of(row), why))
    turn.put_tenancy(replace(turn.bank.tenancies[row.right.subject], recall_requested=True))
    _settle(turn, row, LedgerState.READY)
    turn.show(Screen.LEFT_HERE, row.compartment)


def closed_without_custody(turn: Turn, row: LedgerRow) -> None:
    """A service visit or a look within the grace is over: custody was no part of it."""
    grace_s = turn.bank.policy.grace_s if row.reopening else 0
    _settle(turn, row, LedgerState.SPENT, grace_s=grace_s)
    turn.show(Screen.WELCOME)


def not_opened(turn: Turn, row: LedgerRow, *, keep_door: bool) -> LedgerRow:
    """The door never opened. It burns nothing; return the row as it stands again.

    Args:
        turn: The step.
        row: The right.
        keep_door: The right stays bound to this door: a parcel of its own is or may be behind it.
    """
    if row.command and row.command not in turn.bank.results:
        turn.put_result(CommandResult(row.command, Outcome.FAILED, compartment=row.compartment))
    if row.reopening:
        return _settle(turn, row, LedgerState.SPENT)
    return _settle(
        turn,
        replace(row, headroom=None, compartment=row.compartment if keep_door else ""),
        LedgerState.READY,
    )


def item_found(turn: Turn, compartment: str, evidence: Evidence, *, besides: str = "") -> None:
    """Something lies where nothing should: nobody gets this door before somebody has looked. Said once.

    Args:
        turn: The step.
        compartment: Label.
        evidence: How well it is known.
        besides: A reservation that is certainly not the former one: its depositor found the thing.
    """
    if turn.bank.door(compartment).withdrawn is Withdrawal.NOT_EMPTY:
        return
    turn.record(ItemFound(compartment, evidence, former_reservation(turn, compartment, besides=besides)))
    turn.withdraw(compartment, Withdrawal.NOT_EMPTY)
    turn.alarm(Alert.ITEM_FOUND, compartment)


def former_reservation(turn: Turn, compartment: str, *, besides: str) -> str:
    """Return the reservation that used this door last, or empty."""
    rows = (
        row
        for row in turn.bank.ledger.values()
        if row.compartment == compartment and row.closed_time and row.right.subject != besides
        if row.right.act in (Act.COLLECT, Act.RECALL, Act.DEPOSIT)
    )
    last = max(rows, key=lambda row: row.closed_time, default=None)
    return last.right.subject if last else ""


def _hand_over(turn: Turn, row: LedgerRow, parcel: int, evidence: Evidence, door: DoorState) -> None:
    turn.record(
        HandOver(
            use=use_of(row),
            parcel=parcel,
            compartment=row.compartment,
            size_class=turn.bank.layout[row.compartment].kind.size_class,
            evidence=evidence,
            door=door,
            occupied=turn.bank.reading(row.compartment).occupied,
            opened_time=row.opened_time,
            closed_time=row.closed_time,
            from_token_alone=row.from_token_alone,
        )
    )


def _settle(turn: Turn, row: LedgerRow, state: LedgerState, *, grace_s: int = 0) -> LedgerRow:
    """End the present use of a right and whatever lives only for it."""
    if turn.bank.opening and turn.bank.opening.right == row.right:
        turn.set_opening(None)
    for question in turn.bank.questions.values():
        if question.right == row.right:
            turn.drop_question(question.compartment)
    turn.set(unfinished=turn.bank.unfinished - {row.right})
    # A reopening never shortens the grace that it was made in.
    until = max(row.grace_until, (row.closed_time or turn.now.time) + grace_s) if grace_s else row.grace_until
    row = replace(
        row,
        state=state,
        reopening=False,
        parcels=frozenset(),
        grace_until=until if state is LedgerState.SPENT else 0,
        keep_until=max(row.keep_until, turn.now.time + KEEP_AFTER_EXPIRY_S),
    )
    turn.put_row(row)
    return row
