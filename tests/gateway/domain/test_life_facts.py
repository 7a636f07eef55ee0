"""Facts on a reservation: every state and every happening, against the table as people read it (RES-6 to RES-11)."""

from datetime import timedelta
from pathlib import Path

import pytest
from domain_builders import ALWAYS_OPEN, HOUR, NOON, fact, reservation

from interlock_gateway.domain.discrepancy import DiscrepancyKind
from interlock_gateway.domain.facts import (
    Evidence,
    Fact,
    FactKind,
    OpeningCause,
)
from interlock_gateway.domain.life import (
    CONCERNS_RESERVATIONS,
    FACTS,
    Happening,
    happening,
    record,
)
from interlock_gateway.domain.reservation import State

# One column a state, one row a happening. A cell names the state after it, ".." where it stays; behind a colon stands
# the discrepancy that is raised.
TABLE = """
                 REQUESTED  HELD       CONFIRMED  DEPOSITED  OVERDUE    COLLECTED  RECALLED   EXPIRED    CANCELLED  REJECTED   BROKEN     LOST
FIRST_DEPOSIT    DEP:fact   DEP:fact   DEP        DEP:fact   DEP:fact   DEP:fact   DEP:fact   DEP:dep    DEP:dep    DEP:dep    DEP:dep    DEP:dep
FURTHER_DEPOSIT  DEP:fact   DEP:fact   DEP:fact   ..         ..         DEP:fact   DEP:fact   DEP:dep    DEP:dep    DEP:dep    DEP:dep    DEP:dep
FURTHER_COLLECT  DEP:fact   DEP:fact   DEP:fact   ..         ..         DEP:fact   DEP:fact   DEP:fact   DEP:fact   DEP:fact   DEP:fact   DEP:fact
LAST_COLLECT     COL:fact   COL:fact   COL:col    COL        COL        ..:again   ..:again   COL:col    COL:col    COL:fact   COL:fact   COL:fact
FURTHER_RECALL   DEP:fact   DEP:fact   DEP:fact   ..         ..         DEP:fact   DEP:fact   DEP:fact   DEP:fact   DEP:fact   DEP:fact   DEP:fact
LAST_RECALL      REC:fact   REC:fact   REC:rec    REC        REC        ..:again   ..:again   REC:rec    REC:rec    REC:fact   REC:fact   REC:fact
UNPROVEN         ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact
REFUSED          ..:fact    ..:fact    ..:fact    DEP        DEP        ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact
NOT_DEPOSITED    ..:fact    ..:fact    ..         ..         ..         ..:fact    ..:fact    ..         ..         ..         ..         ..
OPENED           ..:fact    ..:fact    ..         ..         ..         ..:again   ..:again   ..         ..         ..         ..         ..
OPENED_AGAIN     ..:fact    ..:fact    ..         ..         ..         ..         ..         ..         ..         ..         ..         ..
OPENED_UNASKED   ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked ..:unasked
CLOSED           ..:fact    ..:fact    ..         ..         ..         ..         ..         ..         ..         ..         ..         ..
LEFT_OPEN        ..:open    ..:open    ..:open    ..:open    ..:open    ..:open    ..:open    ..:open    ..:open    ..:open    ..:open    ..:open
NOT_OPENED       ..:fact    ..:fact    ..         ..         ..         ..         ..         ..         ..         ..         ..         ..
RIGHT_ENDED      ..:fact    ..:fact    ..         ..         ..         ..         ..         ..         ..         ..         ..         ..
HEADROOM_SPENT   ..:fact    ..:fact    ..         ..         ..         ..:fact    ..:fact    ..         ..         ..         ..         ..
COURIER_ERROR    ..:fact    ..:fact    ..         ..         ..         ..         ..         ..         ..         ..         ..         ..
WITHDRAWN        ..:fact    ..:fact    ..         ..         ..         ..         ..         ..         ..         ..         ..         ..
ITEM_FOUND       ..:item    ..:item    ..:item    ..:item    ..:item    ..:full    ..:full    ..:item    ..:item    ..:item    ..:item    ..:item
IDENTIFIED       ..:fact    ..:fact    ..:fact    ..         ..         ..         ..         ..:fact    ..:fact    ..:fact    ..:fact    ..:fact
MOVED            ..:fact    ..:fact    ..:fact    ..         ..         ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact
HANDED_DOWN      ..:fact    ..:fact    ..:fact    ..         ..         ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact
EXCURSION        ..:fact    ..:fact    ..:fact    ..:warm    ..:warm    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact    ..:fact
"""  # noqa: E501 - a table is read in one piece
STATES = {"DEP": State.DEPOSITED, "COL": State.COLLECTED, "REC": State.RECALLED}
RAISED = {
    "fact": DiscrepancyKind.UNEXPECTED_FACT,
    "dep": DiscrepancyKind.UNEXPECTED_DEPOSIT,
    "col": DiscrepancyKind.UNEXPECTED_COLLECT,
    "rec": DiscrepancyKind.UNEXPECTED_RECALL,
    "again": DiscrepancyKind.FURTHER_OPENING,
    "unasked": DiscrepancyKind.UNEXPECTED_OPENING,
    "open": DiscrepancyKind.DOOR_LEFT_OPEN,
    "item": DiscrepancyKind.FOUND_ITEM,
    "full": DiscrepancyKind.NOT_EMPTY,
    "warm": DiscrepancyKind.CLIMATE_EXCURSION,
}


def _cells() -> list[tuple[State, Happening, State, DiscrepancyKind | None]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    cells = []
    for name, *row in rows:
        for column, cell in zip(head, row, strict=True):
            after, _, raised = cell.partition(":")
            state = State(column)
            cells.append((state, Happening(name), STATES.get(after, state), RAISED[raised] if raised else None))
    return cells


@pytest.mark.parametrize(("state", "seen", "after", "raised"), _cells(), ids=str)
def test_res_6_every_fact_has_a_place_in_every_state(
    state: State, seen: Happening, after: State, raised: DiscrepancyKind | None
) -> None:
    assert FACTS[state, seen] == (after, raised)


def test_res_6_the_protocol_has_the_same_table() -> None:
    assert TABLE in (Path(__file__).parents[3] / "docs/protocol/03-reservations.md").read_text("utf-8")


def test_res_6_the_table_above_is_total() -> None:
    assert {(state, seen) for state, seen, _, _ in _cells()} == set(FACTS)
    assert len(FACTS) == len(State) * len(Happening)


# --- From a fact to a happening ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "the_fact", "seen"),
    [
        pytest.param(State.CONFIRMED, fact(FactKind.PARCEL_DEPOSITED), Happening.FIRST_DEPOSIT, id="first"),
        pytest.param(State.CONFIRMED, fact(evidence=Evidence.NONE), Happening.FIRST_DEPOSIT, id="maybe in"),
        pytest.param(State.DEPOSITED, fact(FactKind.PARCEL_DEPOSITED), Happening.FURTHER_DEPOSIT, id="further"),
        pytest.param(State.DEPOSITED, fact(FactKind.PARCEL_COLLECTED), Happening.LAST_COLLECT, id="all at once"),
        pytest.param(
            State.DEPOSITED, fact(FactKind.PARCEL_COLLECTED, parcels=(1,)), Happening.FURTHER_COLLECT, id="1 of 2"
        ),
        pytest.param(
            State.DEPOSITED, fact(FactKind.PARCEL_RECALLED, parcels=(2,)), Happening.FURTHER_RECALL, id="2 of 2"
        ),
        pytest.param(State.OVERDUE, fact(FactKind.PARCEL_RECALLED, parcels=(1, 2)), Happening.LAST_RECALL, id="both"),
        pytest.param(State.CONFIRMED, fact(FactKind.PARCEL_COLLECTED), Happening.LAST_COLLECT, id="never seen in"),
        *(
            pytest.param(State.CONFIRMED, fact(kind, evidence=Evidence.NONE), Happening.UNPROVEN, id=f"{kind}, maybe")
            for kind in (FactKind.PARCEL_COLLECTED, FactKind.PARCEL_RECALLED)
        ),
        pytest.param(
            State.DEPOSITED, fact(FactKind.DOOR_OPENED, cause=OpeningCause.RIGHT), Happening.OPENED, id="opened"
        ),
        pytest.param(
            State.DEPOSITED,
            fact(FactKind.DOOR_OPENED, cause=OpeningCause.UNEXPECTED),
            Happening.OPENED_UNASKED,
            id="sprung open",
        ),
        pytest.param(
            State.DEPOSITED,
            fact(FactKind.DOOR_OPENED, cause=OpeningCause.LIFE_SAFETY),
            Happening.OPENED_UNASKED,
            id="released",
        ),
        pytest.param(
            State.COLLECTED, fact(FactKind.DOOR_OPENED, cause=OpeningCause.GRACE), Happening.OPENED_AGAIN, id="grace"
        ),
    ],
)
def test_res_7_first_further_and_last_are_read_off_the_record(state: State, the_fact: Fact, seen: Happening) -> None:
    assert happening(reservation(state, count=2), the_fact) is seen


@pytest.mark.parametrize("kind", sorted(CONCERNS_RESERVATIONS))
def test_res_6_every_fact_that_names_a_reservation_is_taken_in_from_every_state(kind: FactKind) -> None:
    for state in State:
        outcome = record(reservation(state, count=2), fact(kind), calendar=ALWAYS_OPEN)
        assert outcome.reservation.state in State


REMOVED = NOON + 5 * HOUR


@pytest.mark.parametrize(
    ("evidence", "after_removal", "seen"),
    [
        pytest.param(Evidence.SENSED, timedelta(seconds=59), Happening.OPENED_AGAIN, id="seen empty, within a minute"),
        pytest.param(Evidence.SENSED, timedelta(seconds=60), Happening.OPENED, id="seen empty, after a minute"),
        pytest.param(Evidence.INFERRED, 23 * HOUR, Happening.OPENED_AGAIN, id="inferred, within a day"),
        pytest.param(Evidence.INFERRED, 24 * HOUR, Happening.OPENED, id="inferred, after a day"),
        pytest.param(Evidence.ASSERTED, 23 * HOUR, Happening.OPENED_AGAIN, id="asserted, within a day"),
    ],
)
def test_evd_9_in_the_grace_an_opening_is_no_discrepancy(
    evidence: Evidence, after_removal: timedelta, seen: Happening
) -> None:
    gone = reservation(State.COLLECTED, evidence=evidence, removal_time=REMOVED)
    opened = fact(FactKind.DOOR_OPENED, time=REMOVED + after_removal, cause=OpeningCause.RIGHT)
    assert happening(gone, opened) is seen
    raised = [finding.kind for finding in record(gone, opened, calendar=ALWAYS_OPEN).findings]
    assert raised == ([] if seen is Happening.OPENED_AGAIN else [DiscrepancyKind.FURTHER_OPENING])


def test_evd_9_a_second_collection_in_the_grace_is_the_first_one_again() -> None:
    gone = reservation(State.COLLECTED, removal_time=REMOVED)
    again = fact(FactKind.PARCEL_COLLECTED, time=REMOVED + timedelta(seconds=30), parcels=(1,))
    assert record(gone, again, calendar=ALWAYS_OPEN) == (gone, (), ())
