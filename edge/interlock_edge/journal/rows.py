"""The shapes of values in the journal's rows, both ways. A row that cannot be read back is a corrupt journal."""

import json
from base64 import b64decode, b64encode
from typing import Any

from interlock.access_token import Act
from interlock.deposit_terms import Climate, CollectFor, StayUnit
from interlock_edge.custody.change import CommandResult, Outcome
from interlock_edge.custody.door import Door, Withdrawal
from interlock_edge.custody.kind import Kind, SizeClass
from interlock_edge.custody.ledger import HeadroomSpend, LedgerRow, LedgerState
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.tenancy import Tenancy
from interlock_edge.custody.terms import PinVerifier, StayTerms

Row = tuple[Any, ...]
"""One row as the database gives it: integers, text and bytes in the order of the table's columns."""


def of_ledger(row: LedgerRow) -> Row:
    """Spread a ledger row over its columns."""
    return (
        row.right.subject,
        row.right.act.value,
        row.state.value,
        row.series,
        row.compartment,
        json.dumps(sorted(row.parcels)),
        int(row.reopening),
        row.pulses,
        row.first_pulse_time,
        row.opened_time,
        row.closed_time,
        row.grace_until,
        row.recovered_time,
        row.form.value,
        row.jti,
        row.session,
        row.command,
        row.presence,
        int(row.from_token_alone),
        "" if row.terms is None else json.dumps(_of_terms(row.terms)),
        "" if row.headroom is None else row.headroom.size_class.name,
        0 if row.headroom is None else row.headroom.number,
        row.keep_until,
    )


def to_ledger(row: Row) -> LedgerRow:
    """Gather a ledger row from its columns."""
    return LedgerRow(
        right=Right(row[0], Act(row[1])),
        state=LedgerState(row[2]),
        series=row[3],
        compartment=row[4],
        parcels=frozenset(json.loads(row[5])),
        reopening=bool(row[6]),
        pulses=row[7],
        first_pulse_time=row[8],
        opened_time=row[9],
        closed_time=row[10],
        grace_until=row[11],
        recovered_time=row[12],
        form=Form(row[13]),
        jti=row[14],
        session=row[15],
        command=row[16],
        presence=row[17],
        from_token_alone=bool(row[18]),
        terms=_to_terms(json.loads(row[19])) if row[19] else None,
        headroom=HeadroomSpend(SizeClass[row[20]], row[21]) if row[20] else None,
        keep_until=row[22],
    )


def of_tenancy(tenancy: Tenancy) -> Row:
    """Spread a tenancy over its columns."""
    return (
        tenancy.reservation,
        tenancy.compartment,
        json.dumps(sorted(tenancy.parcels)),
        tenancy.expected,
        tenancy.deposited_time,
        tenancy.collect_until,
        tenancy.collect_series,
        json.dumps([_of_pin(pin) for pin in tenancy.pins]),
        tenancy.group,
        int(tenancy.recall_requested),
        tenancy.grace_until,
    )


def to_tenancy(row: Row) -> Tenancy:
    """Gather a tenancy from its columns."""
    return Tenancy(
        reservation=row[0],
        compartment=row[1],
        parcels=frozenset(json.loads(row[2])),
        expected=row[3],
        deposited_time=row[4],
        collect_until=row[5],
        collect_series=row[6],
        pins=tuple(_to_pin(pin) for pin in json.loads(row[7])),
        group=row[8],
        recall_requested=bool(row[9]),
        grace_until=row[10],
    )


def of_door(door: Door) -> Row:
    """Spread what is kept about a door over its columns."""
    return (door.label, door.withdrawn.value if door.withdrawn else "", door.pulses)


def to_door(row: Row) -> Door:
    """Gather what is kept about a door from its columns."""
    return Door(row[0], Withdrawal(row[1]) if row[1] else None, row[2])


def of_result(result: CommandResult) -> Row:
    """Spread a command's result over its columns."""
    return (result.command, result.outcome.value, result.reason, result.compartment)


def to_result(row: Row) -> CommandResult:
    """Gather a command's result from its columns."""
    return CommandResult(row[0], Outcome(row[1]), row[2], row[3])


def _of_terms(terms: StayTerms) -> dict[str, Any]:
    return {
        "class": terms.kind.size_class.name,
        "climate": terms.kind.climate.value,
        "features": "".join(sorted(terms.kind.features)),
        "parcels": terms.parcels,
        "pins": [_of_pin(pin) for pin in terms.pins],
        "collect_series": terms.collect_series,
        "collect_for": [terms.collect_for.length, terms.collect_for.unit.value],
        "recall_hours": terms.recall_hours,
        "hand_over": terms.hand_over,
        "group": terms.group,
    }


def _to_terms(said: dict[str, Any]) -> StayTerms:
    length, unit = said["collect_for"]
    return StayTerms(
        kind=Kind(SizeClass[said["class"]], Climate(said["climate"]), frozenset(said["features"])),
        parcels=said["parcels"],
        pins=tuple(_to_pin(pin) for pin in said["pins"]),
        collect_series=said["collect_series"],
        collect_for=CollectFor(length, StayUnit(unit)),
        recall_hours=said["recall_hours"],
        hand_over=said["hand_over"],
        group=said["group"],
    )


def _of_pin(pin: PinVerifier) -> list[Any]:
    return [pin.subject, pin.key_version, pin.series, b64encode(pin.digest).decode()]


def _to_pin(said: list[Any]) -> PinVerifier:
    subject, key_version, series, digest = said
    return PinVerifier(subject, key_version, series, b64decode(digest))
