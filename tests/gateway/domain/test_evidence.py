"""Second thoughts (EVD-9), and the contradictions that people settle (EVD-10 to EVD-13)."""

from datetime import timedelta

import pytest
from domain_builders import BANK, DAY, HOUR, NAME, NOON

from interlock_gateway.domain.discrepancy import (
    DEADLINES,
    DiscrepancyKind,
    Finding,
    Resolution,
    ResolutionKind,
    found,
    resolve,
)
from interlock_gateway.domain.errors import DiscrepancyResolved
from interlock_gateway.domain.evidence import grace
from interlock_gateway.domain.facts import Evidence
from interlock_gateway.domain.names import DiscrepancyName
from interlock_gateway.domain.reservation import State

SENSED, ASSERTED, INFERRED, NONE = Evidence.SENSED, Evidence.ASSERTED, Evidence.INFERRED, Evidence.NONE
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("evidence", "lasts"),
    [(SENSED, MINUTE), (NONE, DAY), (None, DAY), (INFERRED, DAY), (ASSERTED, DAY)],
)
def test_evd_9_second_thoughts_are_open_for_a_day_where_nobody_saw_it_empty(
    evidence: Evidence | None, lasts: timedelta
) -> None:
    assert grace(evidence) == lasts


# --- Discrepancies -------------------------------------------------------------------------------------------------

AT = DiscrepancyName(BANK.party, BANK.bank, "qqqqqqqqqqqqqqqq")


def finding(kind: DiscrepancyKind) -> Finding:
    """Something that does not agree."""
    return Finding(kind=kind, reservation=NAME, time=NOON)


@pytest.mark.parametrize("kind", DiscrepancyKind)
def test_evd_12_every_kind_has_a_deadline(kind: DiscrepancyKind) -> None:
    raised = found(finding(kind), name=AT, now=NOON)
    assert raised.open
    assert raised.deadline - NOON in {4 * HOUR, DAY, 3 * DAY}
    assert (raised.deadline - NOON < 3 * DAY) is (kind in DEADLINES)


@pytest.mark.parametrize(
    ("kind", "deadline"),
    [
        (DiscrepancyKind.PARCEL_LEAKING, 4 * HOUR),
        (DiscrepancyKind.DOOR_LEFT_OPEN, 4 * HOUR),
        (DiscrepancyKind.UNEXPECTED_DEPOSIT, DAY),
        (DiscrepancyKind.SHORT_DEPOSIT, 3 * DAY),
    ],
)
def test_evd_12_what_gets_worse_is_due_sooner(kind: DiscrepancyKind, deadline: timedelta) -> None:
    assert found(finding(kind), name=AT, now=NOON).deadline == NOON + deadline


def test_evd_13_a_discrepancy_is_resolved_once_and_what_was_found_stays() -> None:
    raised = found(finding(DiscrepancyKind.FURTHER_OPENING), name=AT, now=NOON, raised_by="parties/acme")
    word = Resolution(
        kind=ResolutionKind.CORRECTED,
        corrected_state=State.LOST,
        note="The video shows an empty compartment.",
        resolved_by="oko",
        resolve_time=NOON + HOUR,
    )
    settled = resolve(raised, word)
    assert (settled.open, settled.resolution, settled.revision) == (False, word, raised.revision + 1)
    assert (settled.finding, settled.deadline) == (raised.finding, raised.deadline)
    assert settled.etag != raised.etag
    with pytest.raises(DiscrepancyResolved) as refusal:
        resolve(settled, word)
    assert refusal.value.facts == {"discrepancy": str(AT), "resolve_time": "2026-11-02T13:00:00Z"}
