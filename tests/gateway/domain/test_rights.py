"""Rights: which can be given from which state, in which series, until when, and how they end (RES-26 to RES-29)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from domain_builders import DAY, HOUR, NOON, reservation, right

from interlock_gateway.domain.errors import SeriesExhausted, SuspendReasonRequired, WrongState
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.parcel import ParcelState
from interlock_gateway.domain.reservation import Reservation, Right, RightStatus, State
from interlock_gateway.domain.rights import (
    SERVICE_LASTS,
    SESSION_LASTS,
    Effect,
    Form,
    Seeds,
    acknowledged,
    effect_of_ending,
    effect_of_giving,
    expiry,
    give,
    may_be_given,
    revoked,
    spent,
    withdraw,
)

SEEDS = Seeds(jti="AAAAAAAAAAAAAAAA", status_index=41)
DEPOSIT, COLLECT, RECALL = Act.DEPOSIT, Act.COLLECT, Act.RECALL

GIVEN_FROM = {
    State.CONFIRMED: {DEPOSIT, COLLECT},
    State.DEPOSITED: {COLLECT},
    State.OVERDUE: {COLLECT, RECALL},
}
"""From every other state nothing is given: a hold gives no right, and an end gives none any more."""


def live(given: Reservation, act: Act) -> Right:
    """The right to ``act``, which must be there."""
    found = given.right(act)
    assert found is not None
    return found


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", State)
def test_res_27_which_right_is_given_from_which_state(state: State, act: Act) -> None:
    given = reservation(state)
    assert may_be_given(given, act) is (act in GIVEN_FROM.get(state, set()))
    if not may_be_given(given, act):
        with pytest.raises(WrongState) as refusal:
            give(given, act, seeds=SEEDS, now=NOON)
        assert refusal.value.facts["command"] == f"ISSUE_{act}"


def test_res_27_a_recall_right_is_given_once_it_was_asked_for() -> None:
    assert may_be_given(reservation(State.DEPOSITED, recall_requested=True), RECALL)
    assert not may_be_given(reservation(State.CONFIRMED, recall_requested=True), RECALL)


def test_res_27_a_deposit_right_is_given_while_a_further_parcel_is_awaited() -> None:
    inside = reservation(State.DEPOSITED, count=2)
    waiting = replace(inside, parcels=(inside.parcels[0], replace(inside.parcels[1], state=ParcelState.EXPECTED)))
    assert may_be_given(waiting, DEPOSIT)
    assert not may_be_given(inside, DEPOSIT)


def test_res_26_the_first_right_is_of_series_0() -> None:
    after, given = give(reservation(rights=()), COLLECT, seeds=SEEDS, now=NOON)
    assert (given.series, given.jti, given.status_index, given.issue_time) == (0, SEEDS.jti, 41, NOON)
    assert after.rights == (given,)


def test_res_26_the_same_right_in_another_form_is_the_same_right() -> None:
    before = reservation(State.CONFIRMED)
    after, given = give(before, COLLECT, seeds=SEEDS, now=NOON + HOUR)
    assert (after, given) == (before, before.right(COLLECT))


def test_res_28_replacing_raises_the_series() -> None:
    before = reservation(State.CONFIRMED)
    after, given = give(before, COLLECT, seeds=SEEDS, now=NOON + HOUR, anew=True)
    assert (given.series, given.jti) == (live(before, COLLECT).series + 1, SEEDS.jti)
    assert after.rights == (live(before, DEPOSIT), given)


@pytest.mark.parametrize("status", [RightStatus.REVOKED, RightStatus.SUSPENDED, RightStatus.SPENT])
def test_res_28_what_has_ended_is_given_anew(status: RightStatus) -> None:
    before = reservation(State.DEPOSITED, rights=(right(COLLECT, series=6, status=status),))
    _, given = give(before, COLLECT, seeds=SEEDS, now=NOON)
    assert (given.series, given.status) == (7, RightStatus.LIVE)


@pytest.mark.parametrize("series", [65_534, 65_535])
def test_res_28_a_token_counts_as_far_as_65535(series: int) -> None:
    before = reservation(State.DEPOSITED, rights=(right(COLLECT, series=series),))
    if series == 65_534:
        assert give(before, COLLECT, seeds=SEEDS, now=NOON, anew=True)[1].series == 65_535
        return
    with pytest.raises(SeriesExhausted):
        give(before, COLLECT, seeds=SEEDS, now=NOON, anew=True)


@pytest.mark.parametrize(
    ("act", "expires"),
    [
        pytest.param(DEPOSIT, NOON + 8 * HOUR, id="with the deposit window"),
        pytest.param(COLLECT, NOON + 104 * HOUR + 90 * DAY, id="90 days after the commitment"),
        pytest.param(RECALL, NOON + 104 * HOUR + 90 * DAY, id="90 days after the commitment"),
    ],
)
def test_res_35_when_a_token_expires(act: Act, expires: object) -> None:
    assert expiry(reservation(State.CONFIRMED), act) == expires


# --- How rights end ------------------------------------------------------------------------------------------------


def test_res_29_before_the_deposit_a_right_is_simply_revoked() -> None:
    after, anew = withdraw(reservation(), DEPOSIT, suspend=False, reason="", seeds=SEEDS, now=NOON)
    assert anew is None
    assert [each.status for each in after.rights] == [RightStatus.REVOKED, RightStatus.LIVE]


@pytest.mark.parametrize("state", [State.DEPOSITED, State.OVERDUE])
def test_res_29_the_right_to_a_deposited_parcel_is_revoked_only_by_a_new_one(state: State) -> None:
    after, anew = withdraw(reservation(state), COLLECT, suspend=False, reason="", seeds=SEEDS, now=NOON)
    assert anew is not None
    assert (anew.series, anew.status, after.right(COLLECT)) == (1, RightStatus.LIVE, anew)


@pytest.mark.parametrize("act", [DEPOSIT, RECALL])
def test_res_29_other_rights_to_a_deposited_parcel_simply_end(act: Act) -> None:
    inside = reservation(State.DEPOSITED, rights=(right(act), right(COLLECT)))
    after, anew = withdraw(inside, act, suspend=False, reason="", seeds=SEEDS, now=NOON)
    assert (anew, live(after, act).status) == (None, RightStatus.REVOKED)
    assert live(after, COLLECT).status is RightStatus.LIVE


def test_res_35_a_session_lasts_a_shift_and_a_service_right_a_visit() -> None:
    assert (timedelta(hours=12), timedelta(minutes=15)) == (SESSION_LASTS, SERVICE_LASTS)


def test_res_29_or_it_is_suspended_for_a_reason() -> None:
    inside = reservation(State.DEPOSITED)
    after, anew = withdraw(inside, COLLECT, suspend=True, reason="customs", seeds=SEEDS, now=NOON)
    assert (anew, live(after, COLLECT).status) == (None, RightStatus.SUSPENDED)
    for nothing in ("", "  "):
        with pytest.raises(SuspendReasonRequired):
            withdraw(inside, COLLECT, suspend=True, reason=nothing, seeds=SEEDS, now=NOON)


@pytest.mark.parametrize("rights", [(), (right(COLLECT, status=RightStatus.SPENT),)], ids=["never given", "spent"])
def test_res_29_what_is_not_there_is_not_revoked(rights: tuple[Right, ...]) -> None:
    with pytest.raises(WrongState):
        withdraw(reservation(rights=rights), COLLECT, suspend=False, reason="", seeds=SEEDS, now=NOON)


def test_a_right_that_has_ended_does_not_end_again() -> None:
    rights = (right(DEPOSIT, status=RightStatus.SPENT), right(COLLECT), right(RECALL, status=RightStatus.SUSPENDED))
    given = reservation(State.DEPOSITED, rights=rights)
    assert [each.status for each in revoked(given, set(Act)).rights] == ["SPENT", "REVOKED", "REVOKED"]
    assert [each.status for each in spent(given, by=COLLECT).rights] == ["SPENT", "SPENT", "REVOKED"]


def test_res_10_the_bank_acknowledges_the_end_of_a_series_and_all_below() -> None:
    given = reservation(rights=(right(COLLECT, series=4),))
    assert not live(acknowledged(given, COLLECT, 3), COLLECT).ended_at_bank
    assert live(acknowledged(given, COLLECT, 4), COLLECT).ended_at_bank
    assert live(acknowledged(given, COLLECT, 9), COLLECT).ended_at_bank
    assert not live(acknowledged(given, DEPOSIT, 9), COLLECT).ended_at_bank


@pytest.mark.parametrize(
    ("form", "replaced", "known", "effect"),
    [
        (Form.TOKEN, False, False, Effect.ON_PRESENTATION),
        (Form.TOKEN, True, False, Effect.ON_PRESENTATION),
        (Form.PIN, False, False, Effect.ON_PRESENTATION),
        (Form.PIN, True, False, Effect.PENDING),
        (Form.TOKEN, True, True, Effect.AT_BANK),
        (Form.PIN, True, True, Effect.AT_BANK),
    ],
)
def test_res_36_when_the_bank_honours_what_was_given(form: Form, replaced: bool, known: bool, effect: Effect) -> None:
    assert effect_of_giving(form=form, replaced=replaced, acknowledged=known) is effect


def test_res_36_an_end_is_honoured_when_the_bank_has_heard_of_it() -> None:
    assert effect_of_ending(acknowledged=True) is Effect.AT_BANK
    assert effect_of_ending(acknowledged=False) is Effect.PENDING


def test_res_28_a_replaced_token_outlives_the_longer_stay() -> None:
    longer = reservation(State.DEPOSITED, commitment_end=NOON + 30 * DAY)
    assert give(longer, COLLECT, seeds=SEEDS, now=NOON, anew=True)[1].expire_time == NOON + timedelta(days=120)
