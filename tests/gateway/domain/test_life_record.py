"""What a fact writes into the record of a reservation (RES-9 to RES-11, RES-15, RES-25, EVD-8)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from domain_builders import ALWAYS_OPEN, DAY, HOUR, MINUTE, NAME, NOON, fact, parcels, reservation, right
from hypothesis import given
from hypothesis import strategies as st

from interlock_gateway.domain.discrepancy import DiscrepancyKind
from interlock_gateway.domain.facts import (
    Act,
    CourierError,
    DoorState,
    Evidence,
    Fact,
    FactKind,
    RefusalReason,
    RightEnd,
)
from interlock_gateway.domain.life import CONCERNS_RESERVATIONS, await_forerunner, record
from interlock_gateway.domain.parcel import Parcel, ParcelState
from interlock_gateway.domain.reservation import GONE, INSIDE, Reservation, RightStatus, State
from interlock_gateway.domain.terms import CollectFor, StayUnit


def test_a_deposit_begins_the_stay() -> None:
    given = reservation(State.CONFIRMED)
    after, (event,), findings = record(given, fact(time=NOON + 2 * HOUR, compartment="B-12"), calendar=ALWAYS_OPEN)
    assert (after.state, after.compartment, after.evidence) == (State.DEPOSITED, "B-12", Evidence.SENSED)
    assert after.deposit_time == NOON + 2 * HOUR
    assert after.collect_end == NOON + 74 * HOUR
    assert after.commitment_end == NOON + 74 * HOUR + DAY
    assert after.parcels[0].state is ParcelState.DEPOSITED
    assert after.right(Act.DEPOSIT).status is RightStatus.SPENT  # type: ignore[union-attr]
    assert after.right(Act.COLLECT).status is RightStatus.LIVE  # type: ignore[union-attr]
    assert (event.kind.type, event.sequence, event.time) == ("interlock.reservation.deposited.v1", 4, NOON + 2 * HOUR)
    assert event.reservation is after
    assert findings == ()


def test_a_collection_ends_every_right() -> None:
    given = reservation(State.DEPOSITED, rights=(right(Act.COLLECT), right(Act.RECALL)))
    after, (event,), findings = record(given, fact(FactKind.PARCEL_COLLECTED), calendar=ALWAYS_OPEN)
    assert (after.state, after.removal_time) == (State.COLLECTED, NOON + 6 * HOUR)
    assert [each.status for each in after.rights] == [RightStatus.SPENT, RightStatus.REVOKED]
    assert (event.kind, findings) == ("COLLECTED", ())


def test_several_parcels_come_and_go_one_by_one() -> None:
    given = reservation(State.CONFIRMED, count=3)
    story = [
        (FactKind.PARCEL_DEPOSITED, 1, State.DEPOSITED),
        (FactKind.PARCEL_DEPOSITED, 3, State.DEPOSITED),
        (FactKind.PARCEL_DEPOSITED, 2, State.DEPOSITED),
        (FactKind.PARCEL_COLLECTED, 2, State.DEPOSITED),
        (FactKind.PARCEL_COLLECTED, 3, State.DEPOSITED),
        (FactKind.PARCEL_RECALLED, 1, State.RECALLED),
    ]
    for revision, (kind, number, state) in enumerate(story, start=4):
        given, (event,), findings = record(given, fact(kind, parcels=(number,)), calendar=ALWAYS_OPEN)
        assert (given.state, event.sequence, event.parcels, findings) == (state, revision, (number,), ())
    assert [parcel.state for parcel in given.parcels] == ["RECALLED", "COLLECTED", "COLLECTED"]


def test_the_stay_runs_from_the_first_parcel() -> None:
    given = reservation(State.CONFIRMED, count=2)
    first = record(given, fact(time=NOON + HOUR, parcels=(1,)), calendar=ALWAYS_OPEN).reservation
    second = record(first, fact(time=NOON + 4 * HOUR, parcels=(2,)), calendar=ALWAYS_OPEN).reservation
    assert first.right(Act.DEPOSIT).status is RightStatus.LIVE  # type: ignore[union-attr]
    assert second.right(Act.DEPOSIT).status is RightStatus.SPENT  # type: ignore[union-attr]
    assert (second.deposit_time, second.collect_end) == (NOON + HOUR, NOON + 73 * HOUR)


def test_res_9_a_deposit_on_a_cancelled_reservation_counts_and_is_not_locked_in() -> None:
    ended = (right(Act.DEPOSIT, status=RightStatus.REVOKED), right(Act.COLLECT, status=RightStatus.REVOKED))
    given = reservation(State.CANCELLED, rights=ended, capacity_freed=True)
    after, (event,), (finding,) = record(given, fact(parcels=(1,)), calendar=ALWAYS_OPEN)
    assert (after.state, after.capacity_freed) == (State.DEPOSITED, False)
    assert after.right(Act.COLLECT).status is RightStatus.LIVE  # type: ignore[union-attr]
    assert (event.kind, finding.kind) == ("DEPOSITED", DiscrepancyKind.UNEXPECTED_DEPOSIT)
    assert (finding.reservation, finding.state, finding.compartment) == (NAME, State.CANCELLED, "7")
    assert (finding.evidence, finding.parcels) == (Evidence.SENSED, (1,))


def test_res_9_a_right_that_ended_at_the_bank_is_not_restored() -> None:
    ended = (right(Act.COLLECT, status=RightStatus.REVOKED, ended_at_bank=True),)
    after = record(reservation(State.CANCELLED, rights=ended), fact(), calendar=ALWAYS_OPEN).reservation
    assert after.right(Act.COLLECT).status is RightStatus.REVOKED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "state", "raised"),
    [
        (FactKind.PARCEL_COLLECTED, State.COLLECTED, DiscrepancyKind.UNEXPECTED_COLLECT),
        (FactKind.PARCEL_RECALLED, State.RECALLED, DiscrepancyKind.UNEXPECTED_RECALL),
    ],
)
def test_res_9_what_goes_out_had_come_in(kind: FactKind, state: State, raised: DiscrepancyKind) -> None:
    after, _, (finding,) = record(reservation(State.CONFIRMED), fact(kind), calendar=ALWAYS_OPEN)
    assert (after.state, finding.kind) == (state, raised)
    assert after.parcels[0].deposit_evidence is Evidence.INFERRED
    assert after.parcels[0].removal_evidence is Evidence.SENSED


def test_res_9_one_parcel_of_two_whose_deposit_was_never_seen() -> None:
    inside = Parcel(number=1, state=ParcelState.DEPOSITED)
    given = reservation(State.DEPOSITED, parcels=(inside, Parcel(number=2)))
    after, _, (finding,) = record(given, fact(FactKind.PARCEL_COLLECTED, parcels=(2,)), calendar=ALWAYS_OPEN)
    assert (after.state, finding.kind) == (State.DEPOSITED, DiscrepancyKind.UNEXPECTED_COLLECT)
    assert [parcel.state for parcel in after.parcels] == ["DEPOSITED", "COLLECTED"]


def test_res_11_out_is_out_and_a_further_collection_changes_nothing() -> None:
    gone = reservation(State.RECALLED)
    after, events, (finding,) = record(
        gone, fact(FactKind.PARCEL_COLLECTED, time=NOON + 9 * HOUR), calendar=ALWAYS_OPEN
    )
    assert (after, events, finding.kind) == (gone, (), DiscrepancyKind.FURTHER_OPENING)


def test_a_lost_parcel_that_is_collected_is_found() -> None:
    after, _, (finding,) = record(reservation(State.LOST), fact(FactKind.PARCEL_COLLECTED), calendar=ALWAYS_OPEN)
    assert (after.state, after.parcels[0].state) == (State.COLLECTED, ParcelState.COLLECTED)
    assert finding.kind is DiscrepancyKind.UNEXPECTED_FACT


def test_a_parcel_that_comes_back_begins_a_new_stay() -> None:
    gone = reservation(State.RECALLED, recall_requested=True, refusal_reason=RefusalReason.UNWANTED)
    after, _, (finding,) = record(gone, fact(time=NOON + 9 * HOUR), calendar=ALWAYS_OPEN)
    assert finding.kind is DiscrepancyKind.UNEXPECTED_FACT
    assert (after.state, after.deposit_time, after.removal_time) == (State.DEPOSITED, NOON + 9 * HOUR, None)
    assert (after.recall_requested, after.refusal_reason) == (False, None)


def test_a_parcel_that_the_record_does_not_know_is_in_the_bank_all_the_same() -> None:
    after, _, (finding,) = record(reservation(State.CONFIRMED), fact(parcels=(5,)), calendar=ALWAYS_OPEN)
    assert [(parcel.number, parcel.state) for parcel in after.parcels] == [(1, "EXPECTED"), (5, "DEPOSITED")]
    assert finding.kind is DiscrepancyKind.UNEXPECTED_FACT


def test_a_deposit_told_twice_changes_nothing() -> None:
    given = reservation(State.DEPOSITED)
    after, events, (finding,) = record(given, fact(parcels=(1,)), calendar=ALWAYS_OPEN)
    assert (after, events, finding.kind) == (given, (), DiscrepancyKind.UNEXPECTED_FACT)


@pytest.mark.parametrize("kind", [FactKind.PARCEL_COLLECTED, FactKind.PARCEL_RECALLED])
@pytest.mark.parametrize("state", [State.CONFIRMED, State.DEPOSITED, State.OVERDUE, State.CANCELLED])
def test_evd_8_what_nothing_proves_out_counts_as_inside(state: State, kind: FactKind) -> None:
    given = reservation(state)
    left_open = fact(kind, evidence=Evidence.NONE, door=DoorState.OPEN)
    after, events, (finding,) = record(given, left_open, calendar=ALWAYS_OPEN)
    assert (after, events, finding.kind) == (given, (), DiscrepancyKind.UNEXPECTED_FACT)


def test_evd_8_what_nothing_proves_in_counts_as_inside_too() -> None:
    left_open = fact(evidence=Evidence.NONE, door=DoorState.OPEN)
    after, (event,), findings = record(reservation(State.CONFIRMED), left_open, calendar=ALWAYS_OPEN)
    assert (after.state, after.evidence, event.evidence, findings) == (State.DEPOSITED, "NONE", Evidence.NONE, ())


def test_evd_8_a_parcel_seen_through_an_open_door_counts() -> None:
    after = record(reservation(State.CONFIRMED), fact(door=DoorState.OPEN), calendar=ALWAYS_OPEN).reservation
    assert after.state is State.DEPOSITED


@pytest.mark.parametrize("state", sorted(INSIDE))
def test_res_25_leave_it_here_stops_the_clock_and_asks_for_a_recall(state: State) -> None:
    refused = fact(FactKind.PARCEL_REFUSED, refusal_reason=RefusalReason.DAMAGED)
    after, (event,), findings = record(reservation(state), refused, calendar=ALWAYS_OPEN)
    assert (after.state, after.refusal_reason, after.recall_requested) == (State.DEPOSITED, "DAMAGED", True)
    assert (event.kind, findings) == ("REFUSED", ())


def test_a_refusal_of_what_is_not_there_is_for_people_alone() -> None:
    given = reservation(State.CONFIRMED)
    refused = fact(FactKind.PARCEL_REFUSED, refusal_reason=RefusalReason.NOT_MINE)
    after, events, (finding,) = record(given, refused, calendar=ALWAYS_OPEN)
    assert (after, events, finding.kind) == (given, (), DiscrepancyKind.UNEXPECTED_FACT)


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (CourierError.COMPARTMENT_EMPTY, DiscrepancyKind.FOUND_EMPTY),
        (CourierError.PARCEL_DAMAGED, DiscrepancyKind.PARCEL_DAMAGED),
        (CourierError.PARCEL_LEAKING, DiscrepancyKind.PARCEL_LEAKING),
        (CourierError.WRONG_PARCEL, DiscrepancyKind.WRONG_PARCEL),
        (CourierError.PARCEL_TOO_BIG, None),
        (CourierError.COMPARTMENT_BROKEN, None),
        (CourierError.COMPARTMENT_OCCUPIED, None),
        (CourierError.NO_SUITABLE_COMPARTMENT, None),
        (CourierError.BANK_INACCESSIBLE, None),
        (CourierError.BANK_BROKEN, None),
        (CourierError.WRONG_BANK, None),
        (CourierError.LABEL_UNREADABLE, None),
        (CourierError.PARCEL_MISSING, None),
    ],
)
def test_a_courier_error_is_for_people_where_it_contradicts_the_record(
    error: CourierError, raised: DiscrepancyKind | None
) -> None:
    given = reservation(State.DEPOSITED)
    report = fact(FactKind.COURIER_ERROR_REPORTED, courier_error=error)
    after, events, findings = record(given, report, calendar=ALWAYS_OPEN)
    assert (after, events) == (given, ())
    assert [(finding.kind, finding.courier_error) for finding in findings] == ([(raised, error)] if raised else [])


def test_a_moved_parcel_lies_behind_another_door() -> None:
    moved = fact(FactKind.PARCEL_MOVED, compartment="9")
    after, (event,), _ = record(reservation(State.DEPOSITED), moved, calendar=ALWAYS_OPEN)
    assert (after.compartment, event.kind) == ("9", "MOVED")


def test_a_parcel_without_label_is_identified_when_it_is_taken_out() -> None:
    tagged = fact(FactKind.PARCEL_IDENTIFIED, parcels=(2,))
    after, (event,), _ = record(reservation(State.COLLECTED, count=2), tagged, calendar=ALWAYS_OPEN)
    assert [parcel.identified_time for parcel in after.parcels] == [None, NOON + 6 * HOUR]
    assert event.kind == "IDENTIFIED"


def test_res_10_the_end_of_a_right_at_the_bank_is_noted_and_told_to_nobody() -> None:
    given = reservation(State.CANCELLED, rights=(right(Act.DEPOSIT, series=2), right(Act.COLLECT)))
    below = fact(FactKind.RIGHT_ENDED, act=Act.DEPOSIT, series=1, right_end=RightEnd.SUPERSEDED)
    assert record(given, below, calendar=ALWAYS_OPEN) == (given, (), ())
    ended = fact(FactKind.RIGHT_ENDED, act=Act.DEPOSIT, series=2, right_end=RightEnd.REVOKED)
    after, events, findings = record(given, ended, calendar=ALWAYS_OPEN)
    assert [each.ended_at_bank for each in after.rights] == [True, False]
    assert (after.revision, events, findings) == (given.revision, (), ())


def test_rcp_20_a_proof_waits_for_its_forerunner_until_it_is_recorded() -> None:
    collected = fact(FactKind.PARCEL_COLLECTED)
    waiting, (event,), findings = await_forerunner(reservation(State.CONFIRMED), collected)
    assert (waiting.state, waiting.pending_forerunner, event.kind) == (State.CONFIRMED, True, "FORERUNNER_AWAITED")
    assert findings == ()
    inside = record(waiting, fact(time=NOON + HOUR), calendar=ALWAYS_OPEN).reservation
    assert (inside.state, inside.pending_forerunner) == (State.DEPOSITED, False)


# --- The end of the stay -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uncertainty", "learnt_after", "begins"),
    [
        pytest.param(timedelta(0), timedelta(0), NOON + HOUR, id="from the time of the fact"),
        pytest.param(5 * MINUTE, timedelta(0), NOON + HOUR + 5 * MINUTE, id="an uncertain clock: the later bound"),
        pytest.param(timedelta(0), HOUR, NOON + HOUR, id="learnt an hour later: from the fact still"),
        pytest.param(timedelta(0), HOUR + MINUTE, NOON + 2 * HOUR + MINUTE, id="learnt later: from when it was learnt"),
    ],
)
def test_res_15_when_the_stay_begins(uncertainty: timedelta, learnt_after: timedelta, begins: object) -> None:
    came = replace(fact(time=NOON + HOUR, uncertainty=uncertainty), learnt_time=NOON + HOUR + learnt_after)
    after = record(reservation(State.CONFIRMED, collect_for=CollectFor(2)), came, calendar=ALWAYS_OPEN).reservation
    assert after.collect_end is not None
    assert after.collect_end - 2 * HOUR == begins


def test_res_30_a_stay_in_working_days_ends_at_close_of_day() -> None:
    given = reservation(State.CONFIRMED, collect_for=CollectFor(2, StayUnit.WORKING_DAYS))
    after = record(given, fact(time=NOON), calendar=ALWAYS_OPEN).reservation
    assert after.collect_end == NOON.replace(hour=0) + 3 * DAY


# --- Whatever comes ------------------------------------------------------------------------------------------------

CUSTODY = [FactKind.PARCEL_DEPOSITED, FactKind.PARCEL_COLLECTED, FactKind.PARCEL_RECALLED]
any_fact = st.builds(
    lambda kind, numbers, evidence, hours: fact(
        kind, parcels=tuple(sorted(numbers)), evidence=evidence, time=NOON + hours * HOUR
    ),
    st.sampled_from(CUSTODY + sorted(CONCERNS_RESERVATIONS)),
    st.sets(st.integers(1, 4), max_size=4),
    st.sampled_from(sorted(Evidence)),
    st.integers(0, 200),
)


@given(
    st.sampled_from(sorted(State)),
    st.integers(1, 3),
    st.lists(any_fact, max_size=12),
)
def test_res_6_whatever_comes_in_whatever_order_the_record_agrees_with_itself(
    state: State, count: int, story: list[Fact]
) -> None:
    now: Reservation = reservation(state, count=count)
    for came in story:
        before = now
        now, events, findings = record(before, came, calendar=ALWAYS_OPEN)
        assert bool(now.inside) == (now.state in INSIDE), "a parcel is inside exactly when the state says so"
        assert now.revision == before.revision + len(events)
        assert len(events) <= 1
        assert events or now == before or came.kind is FactKind.RIGHT_ENDED, "a change that nobody is told of"
        assert all(finding.reservation == NAME for finding in findings)
        if now.state is not before.state:
            assert events[0].kind in {now.state, "REFUSED"}
        if now.state in GONE:
            assert now.removal_time is not None
            assert not any(each.status is RightStatus.LIVE for each in now.rights)
        if now.state is State.DEPOSITED:
            assert now.collect_end is not None


def test_the_builders_agree_with_the_states() -> None:
    for state in State:
        assert bool(reservation(state).inside) == (state in INSIDE)
    assert parcels(2, ParcelState.LOST)[1].number == 2
