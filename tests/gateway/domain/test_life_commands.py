"""Commands on a reservation: every state and every command, against the table as people read it (RES-2 to RES-5)."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from domain_builders import DAY, HOUR, MINUTE, NAME, NOON, reservation, right

from interlock_gateway.domain.capacity.kinds import Kind, Need
from interlock_gateway.domain.capacity.sizes import SizeClass
from interlock_gateway.domain.discrepancy import DiscrepancyKind
from interlock_gateway.domain.errors import (
    ClassWouldChange,
    CorrectionNotPossible,
    LimitExceeded,
    Refusal,
    TooEarly,
    WindowPast,
    WrongState,
)
from interlock_gateway.domain.facts import Act, RefusalReason
from interlock_gateway.domain.life import (
    COMMANDS,
    Accept,
    AddParcel,
    Break,
    Cancel,
    Command,
    CommandKind,
    Confirm,
    Correct,
    Extend,
    Hold,
    LapseCollect,
    LapseDeposit,
    LapseHold,
    Recall,
    Reject,
    decide,
)
from interlock_gateway.domain.parcel import Parcel, ParcelState
from interlock_gateway.domain.reservation import GONE, INSIDE, BrokenReason, Reservation, RightStatus, State
from interlock_gateway.domain.viewers import Audience, View

# One column a state, one row a command. A cell names the state after it, ".." where it stays; empty "--" is refused.
TABLE = """
                      REQUESTED  HELD  CONFIRMED  DEPOSITED  OVERDUE  COLLECTED  RECALLED  EXPIRED  CANCELLED  REJECTED  BROKEN  LOST
HOLD                  HELD       --    --         --         --       --         --        --       --         --        --      --
ACCEPT                CONFIRMED  --    --         --         --       --         --        --       --         --        --      --
REJECT                REJECTED   --    --         --         --       --         --        --       --         --        --      --
CONFIRM               --         CONFIRMED --     --         --       --         --        --       --         --        --      --
CANCEL                CANCELLED  CANCELLED CANCELLED --      --       --         --        --       --         --        --      --
ADD_PARCEL            --         ..    ..         --         --       --         --        --       --         --        --      --
EXTEND                --         --    --         ..         DEPOSITED --        --        --       --         --        --      --
RECALL                --         --    --         ..         ..       --         --        --       --         --        --      --
LAPSE_HOLD            --         EXPIRED --       --         --       --         --        --       --         --        --      --
LAPSE_DEPOSIT         --         --    EXPIRED    ..         ..       ..         ..        --       --         --        --      --
LAPSE_COLLECT         --         --    --         OVERDUE    --       --         --        --       --         --        --      --
BREAK                 --         BROKEN BROKEN    --         --       --         --        --       --         --        --      --
CORRECT_TO_DEPOSITED  --         --    --         --         --       DEPOSITED  DEPOSITED --       --         --        --      --
CORRECT_TO_COLLECTED  --         --    --         COLLECTED  COLLECTED --        COLLECTED --       --         --        --      --
CORRECT_TO_RECALLED   --         --    --         RECALLED   RECALLED RECALLED   --        --       --         --        --      --
CORRECT_TO_LOST       --         --    --         LOST       LOST     LOST       LOST      --       --         --        --      --
"""  # noqa: E501 - a table is read in one piece


def _cells() -> list[tuple[State, CommandKind, State | None]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    cells: list[tuple[State, CommandKind, State | None]] = []
    for name, *row in rows:
        for column, cell in zip(head, row, strict=True):
            state = State(column)
            after = {"--": None, "..": state}.get(cell) if cell in {"--", ".."} else State(cell)
            cells.append((state, CommandKind(name), after))
    return cells


LATE = NOON + 30 * DAY
"""When every clock has run out."""
SMALL = Parcel(number=0, state=ParcelState.LOST, carrier_reference="A9")
EXAMPLES: dict[CommandKind, tuple[Command, datetime]] = {
    CommandKind.HOLD: (Hold(NOON + 10 * MINUTE), NOON),
    CommandKind.ACCEPT: (Accept(), NOON),
    CommandKind.REJECT: (Reject(), NOON),
    CommandKind.CONFIRM: (Confirm(), NOON),
    CommandKind.CANCEL: (Cancel(), NOON),
    CommandKind.ADD_PARCEL: (AddParcel(SMALL, SizeClass.M), NOON),
    CommandKind.EXTEND: (Extend(LATE + DAY), LATE),
    CommandKind.RECALL: (Recall(), NOON),
    CommandKind.LAPSE_HOLD: (LapseHold(), LATE),
    CommandKind.LAPSE_DEPOSIT: (LapseDeposit(), LATE),
    CommandKind.LAPSE_COLLECT: (LapseCollect(), LATE),
    CommandKind.BREAK: (Break(BrokenReason.CAPACITY_LOST), NOON),
    CommandKind.CORRECT_TO_DEPOSITED: (Correct(State.DEPOSITED), LATE),
    CommandKind.CORRECT_TO_COLLECTED: (Correct(State.COLLECTED), LATE),
    CommandKind.CORRECT_TO_RECALLED: (Correct(State.RECALLED), LATE),
    CommandKind.CORRECT_TO_LOST: (Correct(State.LOST, claim="C-1"), LATE),
}


def _short(state: State, kind: CommandKind, **changes: object) -> Reservation:
    """A reservation from which ``kind`` has something to do: for a lapsed window, with one parcel still missing."""
    given = reservation(state, count=2, **changes)
    if kind is CommandKind.LAPSE_DEPOSIT and state in INSIDE | GONE:
        return replace(given, parcels=(given.parcels[0], replace(given.parcels[1], state=ParcelState.EXPECTED)))
    return given


@pytest.mark.parametrize(("state", "kind", "after"), _cells(), ids=str)
def test_res_2_every_command_in_every_state(state: State, kind: CommandKind, after: State | None) -> None:
    assert COMMANDS.get((state, kind)) == after
    command, now = EXAMPLES[kind]
    given = _short(state, kind)
    if after is None:
        with pytest.raises((WrongState, CorrectionNotPossible)) as refusal:
            decide(given, command, now=now)
        assert refusal.value.facts["reservation"] == str(NAME)
        assert refusal.value.facts["state"] == state
        return
    outcome = decide(given, command, now=now)
    assert outcome.reservation.state is after
    (event,) = outcome.events
    assert (event.sequence, event.recorded_time) == (given.revision + 1, now)
    assert event.reservation is outcome.reservation


def test_res_2_the_protocol_has_the_same_table() -> None:
    assert TABLE in (Path(__file__).parents[3] / "docs/protocol/03-reservations.md").read_text("utf-8")


def test_res_2_the_table_above_is_whole() -> None:
    assert {(state, kind) for state, kind, _ in _cells()} == {(state, kind) for state in State for kind in CommandKind}
    assert {type(command) for command, _ in EXAMPLES.values()} == set(get_args(Command))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (CommandKind.CONFIRM, "interlock.reservation.confirmed.v1"),
        (CommandKind.CANCEL, "interlock.reservation.cancelled.v1"),
        (CommandKind.LAPSE_HOLD, "interlock.reservation.expired.v1"),
        (CommandKind.ADD_PARCEL, "interlock.reservation.parcel_added.v1"),
    ],
)
def test_evt_1_what_is_told_of_a_hold(kind: CommandKind, told: str) -> None:
    command, now = EXAMPLES[kind]
    assert decide(reservation(State.HELD), command, now=now).events[0].kind.type == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (CommandKind.EXTEND, "EXTENDED"),
        (CommandKind.RECALL, "RECALL_REQUESTED"),
        (CommandKind.LAPSE_COLLECT, "OVERDUE"),
        (CommandKind.LAPSE_DEPOSIT, "SHORT_DEPOSIT"),
        (CommandKind.CORRECT_TO_LOST, "CORRECTED"),
    ],
)
def test_evt_1_what_is_told_of_a_parcel_inside(kind: CommandKind, told: str) -> None:
    command, now = EXAMPLES[kind]
    assert decide(_short(State.DEPOSITED, kind), command, now=now).events[0].kind == told


def test_evt_6_everybody_who_may_see_it_is_told() -> None:
    (event,) = decide(reservation(State.CONFIRMED, host="mall"), Cancel(), now=NOON).events
    assert event.audience == (
        Audience("acme", View.CARRIER),
        Audience("oko", View.OPERATOR),
        Audience("mall", View.HOST),
        Audience("*", View.NETWORK),
    )


def test_what_was_asked_for_already_is_neither_counted_nor_told() -> None:
    given = reservation(State.DEPOSITED, recall_requested=True)
    assert decide(given, Recall(), now=NOON) == (given, (), ())


def test_time_in_the_record_never_runs_back() -> None:
    given = reservation(State.DEPOSITED, update_time=NOON + HOUR)
    assert decide(given, Recall(), now=NOON).reservation.update_time == NOON + HOUR


# --- Confirming ----------------------------------------------------------------------------------------------------


def test_a_confirmed_hold_has_no_end_of_its_own() -> None:
    assert decide(reservation(State.HELD), Confirm(), now=NOON).reservation.hold_end is None


def test_res_5_a_hold_that_has_run_out_cannot_be_confirmed_although_nobody_has_swept_it_up() -> None:
    decide(reservation(State.HELD), Confirm(), now=NOON + 10 * MINUTE - timedelta(microseconds=1))
    with pytest.raises(WrongState) as refusal:
        decide(reservation(State.HELD), Confirm(), now=NOON + 10 * MINUTE)
    assert refusal.value.facts["state"] == "EXPIRED"


def test_a_hold_is_not_confirmed_for_a_window_that_is_over() -> None:
    given = reservation(State.HELD, hold_end=NOON + 9 * HOUR)
    with pytest.raises(WindowPast):
        decide(given, Confirm(), now=NOON + 8 * HOUR)


# --- Giving back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [Cancel(), LapseDeposit(), Break(BrokenReason.BANK_WRITTEN_OFF)], ids=repr)
def test_res_10_the_end_of_a_promise_revokes_its_rights_and_does_not_presume_that_the_bank_knows(
    command: Command,
) -> None:
    after = decide(reservation(State.CONFIRMED), command, now=LATE).reservation
    assert [(each.status, each.ended_at_bank) for each in after.rights] == [(RightStatus.REVOKED, False)] * 2
    assert after.capacity_freed is False


def test_a_broken_promise_says_why() -> None:
    after = decide(reservation(State.HELD), Break(BrokenReason.CAPACITY_LOST), now=NOON).reservation
    assert after.broken_reason is BrokenReason.CAPACITY_LOST


# --- Lapses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "command", "due"),
    [
        (State.HELD, LapseHold(), NOON + 10 * MINUTE),
        (State.CONFIRMED, LapseDeposit(), NOON + 8 * HOUR),
        (State.DEPOSITED, LapseCollect(), NOON + 73 * HOUR),
    ],
    ids=repr,
)
def test_res_5_a_lapse_waits_for_its_clock(state: State, command: Command, due: datetime) -> None:
    with pytest.raises(TooEarly) as refusal:
        decide(reservation(state), command, now=due - timedelta(microseconds=1))
    assert refusal.value.due_time == due
    assert decide(reservation(state), command, now=due).reservation.state is not state


def test_res_25_a_refused_parcel_is_never_overdue() -> None:
    given = reservation(State.DEPOSITED, refusal_reason=RefusalReason.UNWANTED, recall_requested=True)
    with pytest.raises(TooEarly) as refusal:
        decide(given, LapseCollect(), now=LATE)
    assert "due_time" not in refusal.value.facts


@pytest.mark.parametrize("state", sorted(INSIDE | GONE))
def test_res_19_what_is_missing_at_the_windows_end_is_short(state: State) -> None:
    given = _short(state, CommandKind.LAPSE_DEPOSIT)
    after, (event,), (finding,) = decide(given, LapseDeposit(), now=NOON + 8 * HOUR)
    assert (after.state, after.parcels[1].state, event.kind) == (state, ParcelState.MISSING, "SHORT_DEPOSIT")
    assert after.parcels[0] == given.parcels[0]
    assert (finding.kind, finding.parcels, finding.state) == (DiscrepancyKind.SHORT_DEPOSIT, (2,), state)
    with pytest.raises(WrongState):  # once is enough
        decide(after, LapseDeposit(), now=NOON + 8 * HOUR)


def test_res_19_a_short_deposit_leaves_the_collectors_right() -> None:
    given = _short(State.DEPOSITED, CommandKind.LAPSE_DEPOSIT, rights=(right(Act.DEPOSIT), right(Act.COLLECT)))
    after = decide(given, LapseDeposit(), now=NOON + 8 * HOUR).reservation
    assert [each.status for each in after.rights] == [RightStatus.REVOKED, RightStatus.LIVE]


# --- More time, more parcels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(INSIDE))
def test_res_17_more_time_is_kept_free_for_the_recall_too(state: State) -> None:
    after = decide(reservation(state), Extend(NOON + 100 * HOUR), now=NOON + 80 * HOUR).reservation
    assert (after.state, after.collect_end) == (State.DEPOSITED, NOON + 100 * HOUR)
    assert after.commitment_end == NOON + 100 * HOUR + DAY


@pytest.mark.parametrize(
    ("end", "now"),
    [
        pytest.param(NOON + 73 * HOUR, NOON, id="no later than before"),
        pytest.param(NOON + 80 * HOUR, NOON + 80 * HOUR, id="over already"),
    ],
)
def test_res_17_more_time_is_later_than_before_and_not_over(end: datetime, now: datetime) -> None:
    with pytest.raises(WindowPast):
        decide(reservation(State.OVERDUE), Extend(end), now=now)


def test_res_33_a_further_parcel_gets_the_next_number() -> None:
    after = decide(reservation(State.HELD, count=2), AddParcel(SMALL, SizeClass.S), now=NOON).reservation
    added = after.parcels[2]
    assert (added.number, added.state, added.carrier_reference) == (3, ParcelState.EXPECTED, "A9")


@pytest.mark.parametrize("count", [7, 8])
def test_res_33_at_most_eight_parcels(count: int) -> None:
    given, command = reservation(State.CONFIRMED, count=count), AddParcel(SMALL, SizeClass.M)
    if count == 7:
        assert len(decide(given, command, now=NOON).reservation.parcels) == 8
        return
    with pytest.raises(LimitExceeded):
        decide(given, command, now=NOON)


def test_res_33_never_to_a_larger_class_even_where_the_door_would_take_it() -> None:
    given = reservation(State.CONFIRMED, need=Need(SizeClass.M), kind=Kind(SizeClass.XL))
    with pytest.raises(ClassWouldChange) as refusal:
        decide(given, AddParcel(SMALL, SizeClass.L), now=NOON)
    assert refusal.value.facts == {"planned": "M", "needed": "L"}


def test_res_33_not_after_the_window() -> None:
    with pytest.raises(WindowPast):
        decide(reservation(State.CONFIRMED), AddParcel(SMALL, SizeClass.M), now=NOON + 8 * HOUR)


# --- Recalls and corrections ---------------------------------------------------------------------------------------


def test_res_18_the_collectors_right_outlives_the_wish_for_a_recall() -> None:
    after = decide(reservation(State.OVERDUE), Recall(), now=NOON).reservation
    assert after.recall_requested
    assert after.right(Act.COLLECT).status is RightStatus.LIVE  # type: ignore[union-attr]


def test_evd_13_a_collection_that_was_none_puts_the_parcel_back() -> None:
    after = decide(reservation(State.COLLECTED), Correct(State.DEPOSITED), now=LATE).reservation
    assert (after.parcels[0].state, after.removal_time) == (ParcelState.DEPOSITED, None)


@pytest.mark.parametrize("to", [State.COLLECTED, State.RECALLED, State.LOST])
def test_evd_13_a_parcel_that_was_gone_all_the_time_leaves_no_right_behind(to: State) -> None:
    after = decide(reservation(State.OVERDUE, count=2), Correct(to, claim="C-7"), now=LATE).reservation
    assert [parcel.state for parcel in after.parcels] == [to, to]
    assert (after.removal_time, after.claim) == (LATE, "C-7")
    assert not any(each.status is RightStatus.LIVE for each in after.rights)


def test_evd_13_only_what_was_inside_is_corrected() -> None:
    given = reservation(State.DEPOSITED, count=2)
    given = replace(given, parcels=(replace(given.parcels[0], state=ParcelState.COLLECTED), given.parcels[1]))
    after = decide(given, Correct(State.LOST), now=LATE).reservation
    assert [parcel.state for parcel in after.parcels] == ["COLLECTED", "LOST"]


def test_evd_13_nothing_is_corrected_to_what_cannot_be() -> None:
    with pytest.raises(CorrectionNotPossible) as refusal:
        decide(reservation(State.EXPIRED), Correct(State.LOST), now=NOON)
    assert refusal.value.facts == {"reservation": str(NAME), "state": "EXPIRED", "corrected": "LOST"}


def test_a_refusal_changes_nothing() -> None:
    given = reservation(State.COLLECTED)
    with pytest.raises(Refusal):
        decide(given, Cancel(), now=NOON)
    assert given == reservation(State.COLLECTED)
