"""The verdict as a table: what was shown, what the bank knew, what it said (ACC-62..66)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from network import (
    DAY,
    DISTRUSTED,
    FOREIGN,
    GROUP,
    OTHER_AUDIENCE,
    SIGNING,
    at,
    collects,
    dep,
    entry,
    holding,
    keys,
    known,
    session,
    statuses,
    tenancy,
    token,
)
from scene import NOON, R1, R2, R3

from interlock.access_token import Act
from interlock_edge.access.grant import Doubt, Granted
from interlock_edge.access.limits import OpeningLimits
from interlock_edge.access.refusal import Reason, Refused, Told
from interlock_edge.access.verdict import Admitted, verdict
from interlock_edge.custody.change import OpeningMade
from interlock_edge.custody.ledger import LedgerRow, LedgerState
from interlock_edge.custody.manifest import Manifest, ManifestEntry
from interlock_edge.custody.right import Form, Right

SUSPECT = at(suspect=True, uncertainty_s=9_999)
COLLECTS = collects()
STALE = statuses(exp=NOON - 2 * DAY, iat=NOON - 3 * DAY)


def row(right: Right = COLLECTS, **changes: Any) -> dict[Right, LedgerRow]:
    """Make a ledger of one row."""
    return {right: LedgerRow(right=right, **changes)}


def manifest(**changes: Any) -> Manifest:
    """Make a manifest that names R1."""
    return Manifest(entries={R1: ManifestEntry(reservation=R1, carrier="acme", **changes)})


@pytest.mark.parametrize(
    ("shown", "knows", "reads", "reason"),
    [
        pytest.param("x", known(), at(), Reason.MALFORMED, id="1 not a token at all"),
        pytest.param(token() + "\n", holding(), at(), Reason.MALFORMED, id="1 a line feed behind it"),
        pytest.param(token() + "=", holding(), at(), Reason.MALFORMED, id="1 padding"),
        pytest.param("A" * 5_000, known(), at(), Reason.MALFORMED, id="1 five thousand characters"),
        pytest.param(token(kid="k9"), holding(), at(), Reason.UNKNOWN_KEY, id="3 a key that nobody published"),
        pytest.param(token(key=DISTRUSTED, kid="k2"), holding(), at(), Reason.UNKNOWN_KEY, id="3 a distrusted key"),
        pytest.param(token(key=FOREIGN), holding(), at(), Reason.BAD_SIGNATURE, id="4 forged"),
        pytest.param(token(iss="othernet"), holding(), at(), Reason.BAD_CLAIMS, id="6 another network"),
        pytest.param(token(aud=OTHER_AUDIENCE), holding(), at(), Reason.WRONG_BANK, id="6 the other bank"),
        pytest.param(
            token(),
            holding(key_set=keys(keys={"k1": entry("k1", SIGNING, exp=NOON - 7_200)})),
            at(),
            Reason.BAD_CLAIMS,
            id="6 signed after its key's end",
        ),
        pytest.param(token(nbf=NOON + 3_600), holding(), at(), Reason.NOT_YET, id="6 the customer is early"),
        pytest.param(
            token(Act.DEPOSIT, exp=NOON - 60), known(), at(), Reason.EXPIRED, id="6 a deposit after its window"
        ),
        pytest.param(token(exp=NOON - 60), known(), at(), Reason.EXPIRED, id="6 a collection, nothing inside"),
        pytest.param(
            token(exp=NOON - 60),
            holding(manifest=Manifest(refuse_overdue=True)),
            at(),
            Reason.EXPIRED,
            id="6 a collection at a bank that refuses the overdue",
        ),
        pytest.param(
            token(Act.SERVICE, exp=NOON - 30, iat=NOON - 900, nbf=NOON - 900),
            known(),
            at(NOON + 40),
            Reason.EXPIRED,
            id="6 a service visit that is over",
        ),
        pytest.param(token(), known(), at(), Reason.NO_PARCEL, id="7 not deposited yet"),
        pytest.param(token(ser=1), holding(tenancy(collect_series=2)), at(), Reason.SUPERSEDED, id="7 an older issue"),
        pytest.param(
            token(ser=1), holding(ledger=row(series=2)), at(), Reason.SUPERSEDED, id="7 a newer issue was shown here"
        ),
        pytest.param(
            token(ser=1),
            holding(manifest=manifest(series={Act.COLLECT: 2})),
            at(),
            Reason.SUPERSEDED,
            id="7 the manifest tells of a newer issue",
        ),
        pytest.param(token(ser=1_001), holding(), at(), Reason.SERIES_JUMP, id="7 a jump that no honest issuer makes"),
        pytest.param(
            token(),
            holding(manifest=manifest(revoked=frozenset({Act.COLLECT}))),
            at(),
            Reason.REVOKED,
            id="7 revoked by the manifest",
        ),
        pytest.param(
            token(),
            holding(manifest=manifest(suspended=frozenset({Act.COLLECT}))),
            at(),
            Reason.SUSPENDED,
            id="7 suspended by the manifest",
        ),
        pytest.param(
            token(Act.DEPOSIT, dep=dep(hand_over="I")),
            known(),
            at(),
            Reason.BAD_CLAIMS,
            id="7 a hand-over that this bank cannot check",
        ),
        pytest.param(
            token(Act.DEPOSIT),
            known(manifest=Manifest(emptying=True)),
            at(),
            Reason.EMPTYING,
            id="7 the bank is emptying",
        ),
        pytest.param(token(), holding(status=statuses({7: 1})), at(), Reason.REVOKED, id="8 revoked"),
        pytest.param(token(), holding(status=statuses({7: 2})), at(), Reason.SUSPENDED, id="8 suspended"),
        pytest.param(token(sl=64), holding(), at(), Reason.BAD_CLAIMS, id="8 beyond the list"),
        pytest.param(token(Act.DEPOSIT), known(status=STALE), at(), Reason.STATUS_STALE, id="8 a deposit, list stale"),
        pytest.param(token(Act.SERVICE), known(status=None), at(), Reason.STATUS_STALE, id="8 no list ever came"),
        pytest.param(token(Act.DEPOSIT), known(), SUSPECT, Reason.CLOCK_SUSPECT, id="8 a deposit, clock suspect"),
        pytest.param(token(Act.SERVICE), known(), SUSPECT, Reason.CLOCK_SUSPECT, id="8 service, clock suspect"),
        pytest.param(
            token(Act.DEPOSIT),
            known(key_set=keys(exp=NOON - DAY)),
            at(),
            Reason.KEY_SET_EXPIRED,
            id="8 a deposit, key set lapsed",
        ),
        pytest.param(
            token(),
            known(ledger=row(state=LedgerState.SPENT, opened_time=NOON - 90)),
            at(),
            Reason.USED,
            id="9 used up",
        ),
        pytest.param(
            token(), holding(ledger=row(state=LedgerState.RETIRED)), at(), Reason.REVOKED, id="9 the recall has opened"
        ),
        pytest.param(
            token(Act.DEPOSIT),
            known(openings=(OpeningMade(NOON - 5, remote=False),), limits=OpeningLimits(a_minute=1)),
            at(),
            Reason.OPENING_LIMIT,
            id="9 too many openings",
        ),
    ],
)
def test_a_bank_refuses(shown: str, knows: Any, reads: Any, reason: Reason) -> None:
    said = verdict(shown, knows, reads)
    assert isinstance(said, Refused)
    assert said.reason is reason


@pytest.mark.parametrize(
    ("shown", "knows", "reads"),
    [
        pytest.param(token(), holding(), at(), id="a parcel is collected"),
        pytest.param(token(Act.RECALL), holding(), at(), id="a parcel is recalled"),
        pytest.param(token(Act.DEPOSIT), known(), at(), id="a parcel that the bank was never told of is deposited"),
        pytest.param(token(Act.SERVICE), known(), at(), id="a technician opens one door"),
        pytest.param(token(exp=NOON - 60), holding(), at(), id="an ended token, the parcel inside"),
        pytest.param(token(Act.RECALL, exp=NOON - 60), holding(), at(), id="an ended recall, the parcel inside"),
        pytest.param(token(Act.DEPOSIT, exp=NOON - 30), known(), at(), id="a window that ended within the leeway"),
        pytest.param(
            token(Act.DEPOSIT, exp=NOON - 600), known(), at(uncertainty_s=700), id="a clock that may be 700 s fast"
        ),
        pytest.param(token(nbf=NOON + 30), holding(), at(), id="a collection within the leeway"),
        pytest.param(token(), holding(), SUSPECT, id="clock suspect, the parcel known here"),
        pytest.param(token(), holding(status=STALE), at(), id="list stale, the parcel known here"),
        pytest.param(token(), holding(status=None), at(), id="no list, the parcel known here"),
        pytest.param(token(), holding(key_set=keys(exp=NOON - DAY)), at(), id="key set lapsed, the parcel known here"),
        pytest.param(
            token(),
            holding(key_set=keys(keys={"k1": entry("k1", SIGNING, exp=NOON - 50)})),
            at(),
            id="the key has ended since it signed",
        ),
        pytest.param(token(ser=1_000), holding(), at(), id="a series a thousand further"),
        pytest.param(token(ser=3), holding(tenancy(collect_series=2)), at(), id="a newer issue"),
        pytest.param(
            token(),
            known(
                ledger=row(state=LedgerState.SPENT, grace_until=NOON + 5), tenancies={R1: tenancy(parcels=frozenset())}
            ),
            at(),
            id="a look again within the grace",
        ),
        pytest.param(token(), holding(ledger=row(state=LedgerState.READY)), at(), id="tried before, and jammed"),
    ],
)
def test_a_bank_opens(shown: str, knows: Any, reads: Any) -> None:
    assert isinstance(verdict(shown, knows, reads), Granted)


def test_a_deposit_token_alone_tells_the_whole_stay() -> None:
    said = verdict(token(Act.DEPOSIT, dep=dep(size_class="L", parcels=3, group=GROUP)), known(), at())
    assert isinstance(said, Granted)
    assert said.terms is not None
    assert (said.terms.kind.size_class.name, said.terms.parcels, said.terms.group) == ("L", 3, GROUP)
    assert said.terms.pins[0].subject == GROUP
    assert said.from_token_alone


def test_a_verified_issue_time_is_time_that_has_come() -> None:
    """ACC-60: the clock says 2019; the token was signed in 2026, so the clock is wrong and becomes suspect."""
    in_2019 = at(1_550_000_000)
    held = verdict(token(), holding(), in_2019)
    assert isinstance(held, Granted)
    assert Doubt.CLOCK_SUSPECT in held.doubts
    refused = verdict(token(Act.DEPOSIT), known(), in_2019)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.CLOCK_SUSPECT


def test_under_a_suspect_clock_an_end_is_held_to_the_last_known_good_time() -> None:
    """A replay of what had ended before the battery died stays dead, without any leeway (F29)."""
    ended, not_ended = token(exp=NOON - 1), token(exp=NOON)
    assert verdict(ended, known(), SUSPECT) == Refused(Reason.EXPIRED, Form.QR, R1)
    assert verdict(not_ended, known(), SUSPECT) == Refused(Reason.NO_PARCEL, Form.QR, R1)


def test_a_group_opens_those_of_its_doors_that_still_hold_parcels() -> None:
    inside = [tenancy(reservation, group=GROUP) for reservation in (R1, R2)]
    elsewhere = tenancy(R3)
    used = row(collects(R1), state=LedgerState.SPENT)
    said = verdict(token(sub=GROUP), holding(*inside, elsewhere, ledger=used), at())
    assert isinstance(said, Granted)
    assert said.rights == (collects(R2),)


def test_what_was_doubtful_is_recorded_with_the_yes() -> None:
    said = verdict(token(), holding(status=STALE), SUSPECT)
    assert isinstance(said, Granted)
    assert said.doubts == {Doubt.CLOCK_SUSPECT, Doubt.STATUS_STALE}


def test_a_used_right_says_when_it_was_used() -> None:
    said = verdict(token(), known(ledger=row(state=LedgerState.SPENT, opened_time=NOON - 90)), at())
    assert isinstance(said, Refused)
    assert (said.reservation, said.first_use_time) == (R1, NOON - 90)


@pytest.mark.parametrize(
    ("shown", "knows", "reason"),
    [
        pytest.param(session(), known(status=statuses({8: 1})), Reason.REVOKED, id="revoked"),
        pytest.param(session(sl=64), known(), Reason.BAD_CLAIMS, id="ACC-49: beyond the list's end"),
        pytest.param(session(), known(status=STALE), Reason.STATUS_STALE, id="list stale"),
        pytest.param(session(exp=NOON - 60), known(), Reason.EXPIRED, id="over"),
        pytest.param(session(aud=OTHER_AUDIENCE), known(), Reason.WRONG_BANK, id="the other bank"),
        pytest.param(session(), known(key_set=keys(exp=NOON - DAY)), Reason.KEY_SET_EXPIRED, id="key set lapsed"),
    ],
)
def test_a_courier_is_refused_the_menu(shown: str, knows: Any, reason: Reason) -> None:
    said = verdict(shown, knows, at())
    assert isinstance(said, Refused)
    assert said.reason is reason


def test_a_courier_is_let_to_the_menu() -> None:
    said = verdict(session(), known(), at())
    assert said == Admitted("S" * 16, "acme", frozenset({Act.DEPOSIT, Act.RECALL}), NOON - 7_200, NOON + 3_600)


FORGED = (token() + "=", token(kid="k9"), token(key=FOREIGN), token(iss="othernet"), "x")


def test_whoever_forges_learns_nothing_from_the_screen() -> None:
    told = set()
    for shown in FORGED:
        said = verdict(shown, holding(), at())
        assert isinstance(said, Refused)
        told.add(said.told)
    assert told == {Told.NOT_ACCEPTED}


@given(
    st.one_of(st.text(max_size=300), st.from_regex(r"\A[A-Za-z0-9_-]{10,80}\.[A-Za-z0-9_-]{2,80}\.[A-Za-z0-9_-]{86}\Z"))
)
def test_whatever_is_scanned_gets_an_answer(scanned: str) -> None:
    """ACC-62 (F33, F40): a verdict raises nothing."""
    assert isinstance(verdict(scanned, holding(), at()), Refused)


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=255))
def test_a_token_with_one_byte_changed_is_no_token(position: int, byte: int) -> None:
    good = token()
    position %= len(good)
    changed = good[:position] + chr(byte) + good[position + 1 :]
    if changed != good:
        assert isinstance(verdict(changed, holding(), at()), Refused)
