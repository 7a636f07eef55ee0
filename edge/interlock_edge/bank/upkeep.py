"""What happens without anybody at the doors: graces end, the gateway tells something, the clock is set."""

from dataclasses import replace

from interlock.access_token import Act
from interlock_edge.access.refusal import Reason
from interlock_edge.bank.effects import Alert, Screen
from interlock_edge.bank.inputs import ClockMoved, ManifestSet, Reported, ServiceSet
from interlock_edge.bank.opening import release
from interlock_edge.bank.showing import is_late
from interlock_edge.bank.turn import Turn
from interlock_edge.custody.change import CommandResult, OpeningMade, Outcome
from interlock_edge.custody.door import Compartment, Withdrawal
from interlock_edge.custody.fact import (
    ClockStepped,
    CourierError,
    CourierErrorReported,
    ParcelIdentified,
    RightEnd,
    RightEnded,
    TenancyHandedDown,
)
from interlock_edge.custody.ledger import LedgerRow, LedgerState
from interlock_edge.custody.manifest import HandedDown, Manifest, ManifestEntry
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy

_FINAL = (LedgerState.READY, LedgerState.SPENT, LedgerState.RETIRED)


def sweep(turn: Turn) -> None:
    """End the graces that are over, and forget rights that nothing can show any more."""
    now = turn.now.time
    for tenancy in turn.bank.tenancies.values():
        if tenancy.ended and tenancy.grace_until <= now:
            turn.end_tenancy(tenancy.reservation)
    over = (
        row.right
        for row in turn.bank.ledger.values()
        if 0 < row.keep_until <= now and row.state in _FINAL and row.right.subject not in turn.bank.tenancies
    )
    turn.forget_rows(frozenset(over))


def manifest_set(turn: Turn, told: ManifestSet) -> None:
    """Take in what the gateway told: it outranks what tokens said of parcels that are here already."""
    before = turn.bank.manifest
    turn.set(manifest=told.manifest)
    _configure(turn, told.manifest)
    for tenancy in told.handed_down:
        _hand_down(turn, tenancy)
    for entry in told.manifest.entries.values():
        _tell_tenancy(turn, entry)
        known = before.entries.get(entry.reservation)
        for act in sorted(entry.revoked - (known.revoked if known else frozenset())):
            right = Right(entry.reservation, act)
            turn.record(RightEnded(right, max(entry.series.get(act, 0), turn.bank.row(right).series), RightEnd.REVOKED))


def service_set(turn: Turn, asked: ServiceSet) -> None:
    """Take a compartment out of service for the operator, or put it back."""
    if asked.command in turn.bank.results:
        turn.answer_again(turn.bank.results[asked.command])
        return
    outcome, reason = Outcome.DONE, ""
    if is_late(turn, asked.deadline):
        outcome = Outcome.EXPIRED
    elif asked.compartment not in turn.bank.layout:
        outcome, reason = Outcome.REFUSED, Reason.OUT_OF_SERVICE.value
    elif asked.withdrawn:
        turn.withdraw(asked.compartment, Withdrawal.OPERATOR)
    else:
        _put_back(turn, asked.compartment)
    turn.put_result(CommandResult(asked.command, outcome, reason, asked.compartment))


def tagged(turn: Turn, tag: bytes) -> None:
    """The parcel that came out without a label has a tag now, by which it is known from here on."""
    if turn.bank.to_tag:
        (reservation, parcel), *rest = turn.bank.to_tag
        turn.set(to_tag=tuple(rest))
        turn.record(ParcelIdentified(reservation, parcel, tag))
        turn.show(Screen.TAG_PARCEL if rest else Screen.SESSION, parcels=len(rest))


def reported(turn: Turn, report: Reported) -> None:
    """A person reported a difficulty; what leaked is shut away."""
    compartment = report.compartment or (turn.bank.opening.compartment if turn.bank.opening else "")
    tenant = turn.bank.tenant(compartment)
    turn.record(CourierErrorReported(report.error, compartment, tenant.reservation if tenant else ""))
    if report.error is CourierError.PARCEL_LEAKING and compartment in turn.bank.layout:
        turn.withdraw(compartment, Withdrawal.LEAKED)
        turn.alarm(Alert.ITEM_FOUND, compartment)


def clock_moved(turn: Turn, moved: ClockMoved) -> None:
    """The time jumped: every end that is still to come moves with it, so no grace grows or shrinks by a correction."""
    by_s = moved.to_time - moved.from_time
    turn.record(ClockStepped(moved.from_time, moved.to_time, moved.answered))
    for row in turn.bank.ledger.values():
        if row.grace_until > moved.from_time or row.first_pulse_time + turn.bank.policy.attempt_s > moved.from_time:
            until = row.grace_until + by_s if row.grace_until else 0
            turn.put_row(replace(row, grace_until=until, first_pulse_time=row.first_pulse_time + by_s))
    for tenancy in turn.bank.tenancies.values():
        if tenancy.grace_until > moved.from_time:
            turn.put_tenancy(replace(tenancy, grace_until=tenancy.grace_until + by_s))
    turn.set(openings=tuple(OpeningMade(made.time + by_s, made.remote) for made in turn.bank.openings))


def session_over(turn: Turn) -> None:
    """The courier has gone, or the session's time is over."""
    turn.set(session=None, to_tag=())
    turn.show(Screen.SESSION_ENDED)


def _put_back(turn: Turn, compartment: str) -> None:
    """Take a door back into service: somebody has looked inside, so no depositor has anything left to find there."""
    turn.restore(compartment)
    release(turn, compartment)


def _configure(turn: Turn, manifest: Manifest) -> None:
    """Take on the limits, the kinds of the doors that are built in here, and what the operator has withdrawn."""
    policy, layout = turn.bank.policy, dict(turn.bank.layout)
    if manifest.limits is not None:
        turn.set(policy=replace(policy, limits=manifest.limits))
    for label, told in manifest.compartments.items():
        if label not in layout:
            continue  # the gateway's plan of this bank is not this bank's; its inventory will say so
        layout[label] = Compartment(label, told.kind)
        if told.withdrawn:
            turn.withdraw(label, Withdrawal.OPERATOR)
        elif turn.bank.door(label).withdrawn is Withdrawal.OPERATOR:
            _put_back(turn, label)
    turn.set(layout=layout)


def _hand_down(turn: Turn, told: HandedDown) -> None:
    """Take over a tenancy by word alone; what this bank knows itself outranks it."""
    reservation = told.reservation
    if reservation in turn.bank.tenancies or any(right.subject == reservation for right in turn.bank.ledger):
        return
    turn.record(TenancyHandedDown(reservation, told.compartment))
    turn.put_tenancy(
        Tenancy(
            reservation=reservation,
            compartment=told.compartment,
            parcels=told.parcels,
            expected=max(told.parcels, default=1),
            deposited_time=turn.now.time,
            collect_series=told.collect_series,
        )
    )
    for act in sorted(told.spent):
        turn.put_row(LedgerRow(right=Right(reservation, act), state=LedgerState.SPENT, compartment=told.compartment))
    # The entry in the manifest says more of it than the old controller did.
    entry = turn.bank.manifest.entries.get(reservation)
    if entry is not None:
        _tell_tenancy(turn, entry)


def _tell_tenancy(turn: Turn, entry: ManifestEntry) -> None:
    tenancy = turn.bank.tenancies.get(entry.reservation)
    if tenancy is None or tenancy.ended:
        return
    told: Tenancy = replace(
        tenancy,
        pins=entry.pins or tenancy.pins,
        collect_series=max(tenancy.collect_series, entry.series.get(Act.COLLECT, 0)),
        collect_until=entry.collect_until or tenancy.collect_until,
        group=entry.group or tenancy.group,
    )
    if told != tenancy:
        turn.put_tenancy(told)
