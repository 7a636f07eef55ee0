"""The beginning of a reservation (RES-1) and its claim on capacity to the end (CAP-7, CAP-11)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from domain_builders import BANK, DAY, HOUR, NAME, NOON, reservation, right

from interlock_gateway.domain.capacity.commitments import Commitment, Standing
from interlock_gateway.domain.capacity.kinds import Kind, Need
from interlock_gateway.domain.capacity.sizes import SizeClass
from interlock_gateway.domain.claims import commitment_of, door_rests_until, free, freed, replan
from interlock_gateway.domain.facts import Act, Evidence
from interlock_gateway.domain.life import Pin, Terms, promise
from interlock_gateway.domain.parcel import Parcel, ParcelState
from interlock_gateway.domain.reservation import ENDED_UNUSED, GONE, CollectorNeeds, RightStatus, State
from interlock_gateway.domain.terms import CollectFor, Window

TERMS = Terms(
    bank=BANK,
    host="mall",
    window=Window(NOON, NOON + 8 * HOUR),
    collect_for=CollectFor(72),
    recall_time=DAY,
    commitment_end=NOON + 104 * HOUR,
    need=Need(SizeClass.S),
    parcels=(Parcel(number=9, carrier_reference="A"), Parcel(number=9, state=ParcelState.LOST, carrier_reference="B")),
    collector=CollectorNeeds(pin_only=True),
    group="smith",
)


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ({}, State.CONFIRMED),
        ({"hold_end": NOON + HOUR}, State.HELD),
        ({"answered": False}, State.REQUESTED),
        ({"answered": False, "hold_end": NOON + HOUR}, State.REQUESTED),
    ],
)
def test_res_1_how_a_reservation_begins(how: dict[str, Any], state: State) -> None:
    made, (event,), findings = promise(TERMS, name=NAME, kind=Kind(SizeClass.M), pin=Pin(bytes(16), 3), now=NOON, **how)
    assert (made.state, made.revision, made.create_time, made.hold_end) == (state, 1, NOON, how.get("hold_end"))
    assert [(each.number, each.state, each.carrier_reference) for each in made.parcels] == [
        (1, "EXPECTED", "A"),
        (2, "EXPECTED", "B"),
    ]
    assert (made.pin_subject, made.pin_number, made.group) == (bytes(16), 3, "smith")
    assert (made.bank, made.host, made.collector) == (BANK, "mall", CollectorNeeds(pin_only=True))
    assert made.rights == ()
    assert (event.kind, event.sequence, event.reservation, findings) == (state, 1, made, ())


STANDING = {
    State.HELD: Standing.HELD,
    State.CONFIRMED: Standing.CONFIRMED,
    State.DEPOSITED: Standing.DEPOSITED,
    State.OVERDUE: Standing.DEPOSITED,
    State.EXPIRED: Standing.ENDING,
    State.CANCELLED: Standing.ENDING,
    State.BROKEN: Standing.ENDING,
    State.LOST: Standing.ENDING,
}
"""Of every other state nothing counts; of REJECTED no right was ever given."""


@pytest.mark.parametrize("state", State)
def test_cap_11_what_the_planner_counts(state: State) -> None:
    claim = commitment_of(reservation(state))
    assert (claim.standing if claim else None) == STANDING.get(state)


def test_cap_11_a_claim_is_the_whole_stay() -> None:
    assert commitment_of(reservation(State.CONFIRMED)) == Commitment(
        id="abcdefgh234567mn",
        need=Need(SizeClass.M),
        kind=Kind(SizeClass.M),
        start=int(NOON.timestamp()),
        end=int((NOON + 104 * HOUR).timestamp()),
        standing=Standing.CONFIRMED,
        token_out=True,
        since=int(NOON.timestamp()),
    )


def test_cap_11_a_claim_never_ends_before_its_own_end() -> None:
    end = NOON + 104 * HOUR + timedelta(microseconds=1)
    claim = commitment_of(reservation(State.CONFIRMED, commitment_end=end))
    assert claim is not None
    assert claim.end == int(NOON.timestamp()) + 104 * 3600 + 1


def test_cap_11_a_hold_has_no_token_out() -> None:
    claim = commitment_of(reservation(State.HELD))
    assert claim is not None
    assert claim.token_out is False


def test_cap_11_a_parcel_inside_claims_its_door() -> None:
    claim = commitment_of(reservation(State.OVERDUE, compartment="B-12"))
    assert claim is not None
    assert claim.door == "B-12"


def test_cap_11_an_ended_reservation_does_not_claim_the_door_of_old() -> None:
    claim = commitment_of(reservation(State.LOST))
    assert claim is not None
    assert claim.door is None


def test_in_a_carried_network_nothing_is_counted() -> None:
    assert commitment_of(reservation(State.CONFIRMED, kind=None)) is None


# --- Letting go ----------------------------------------------------------------------------------------------------

LIVE = (right(Act.DEPOSIT), right(Act.COLLECT))
LAST = NOON + 8 * HOUR + timedelta(seconds=900)
"""The end of the deposit token, and the most that a bank's clock may be behind."""


@pytest.mark.parametrize("state", sorted(ENDED_UNUSED))
@pytest.mark.parametrize(
    ("rights", "known", "let_go"),
    [
        pytest.param(LIVE, {}, False, id="time alone frees nothing"),
        pytest.param((), {}, True, id="no right was given"),
        pytest.param((right(Act.DEPOSIT, ended_at_bank=True),), {}, True, id="the bank acknowledged its end"),
        pytest.param((right(Act.DEPOSIT, status=RightStatus.SPENT),), {}, True, id="it was used to the full"),
        pytest.param((right(Act.DEPOSIT), right(Act.COLLECT, ended_at_bank=True)), {}, False, id="of another right"),
        pytest.param(LIVE, {"facts_until": LAST}, True, id="the bank told everything until long after"),
        pytest.param(LIVE, {"facts_until": LAST - timedelta(seconds=1)}, False, id="not until long enough after"),
        pytest.param(LIVE, {"written_off": True}, True, id="the bank was written off"),
    ],
)
def test_cap_11_when_the_capacity_of_an_ended_reservation_is_free(
    state: State, rights: tuple[Any, ...], known: dict[str, Any], let_go: bool
) -> None:
    given = reservation(state, rights=rights)
    outcome = free(given, now=NOON + 90 * DAY, **known)
    assert outcome.reservation.capacity_freed is let_go
    assert len(outcome.events) == let_go
    if let_go:
        assert commitment_of(outcome.reservation) is None
        assert free(outcome.reservation, now=NOON, **known).events == (), "once is enough"


@pytest.mark.parametrize("state", sorted(set(State) - ENDED_UNUSED))
def test_cap_11_only_what_has_ended_unused_lets_go(state: State) -> None:
    given = reservation(state)
    assert free(given, written_off=True, now=NOON) == (given, (), ())


def test_cap_11_a_parcel_that_turns_up_claims_again() -> None:
    assert freed(reservation(State.CANCELLED, capacity_freed=True))
    assert commitment_of(replace(reservation(State.DEPOSITED), capacity_freed=True)) is not None


# --- Moving --------------------------------------------------------------------------------------------------------


def test_cap_7_a_commitment_whose_token_is_out_counts_in_both_kinds_until_the_bank_knows() -> None:
    given = reservation(State.CONFIRMED)
    moving, (event,), _ = replan(given, Kind(SizeClass.L), acknowledged=False, now=NOON)
    claim = commitment_of(moving)
    assert claim is not None
    assert (claim.kind, claim.moving_to, event.kind) == (Kind(SizeClass.M), Kind(SizeClass.L), "REPLANNED")
    moved = replan(moving, Kind(SizeClass.L), acknowledged=True, now=NOON).reservation
    claim = commitment_of(moved)
    assert claim is not None
    assert (claim.kind, claim.moving_to) == (Kind(SizeClass.L), None)


@pytest.mark.parametrize(
    ("evidence", "rests"),
    [
        (Evidence.SENSED, None),
        (Evidence.ASSERTED, NOON + 5 * HOUR + DAY),
        (Evidence.INFERRED, NOON + 5 * HOUR + DAY),
    ],
)
def test_evd_9_the_door_rests_while_the_former_right_still_opens_it(evidence: Evidence, rests: object) -> None:
    for state in sorted(GONE):
        assert door_rests_until(reservation(state, evidence=evidence)) == rests
    assert door_rests_until(reservation(State.DEPOSITED, evidence=evidence)) is None
