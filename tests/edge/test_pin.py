"""Eight digits: whose they are, and how slowly they can be guessed (ACC-67, ACC-68; F37, F38)."""

from typing import Any

import pytest
from network import AUDIENCE, GROUP, OTHER_AUDIENCE, SECRET, at, collects, holding, known, tenancy
from scene import NOON, R1, R2

from interlock import pin
from interlock.access_token import Act
from interlock_edge.access.grant import Granted
from interlock_edge.access.lockout import Lockout
from interlock_edge.access.pin import PinVerdict, pin_verdict
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.custody.fact import AccessRefused, KeypadLocked, Tampering, TamperSeen
from interlock_edge.custody.ledger import LedgerRow, LedgerState
from interlock_edge.custody.manifest import Manifest, ManifestEntry
from interlock_edge.custody.right import Form
from interlock_edge.custody.terms import PinVerifier

KEYS = {version: pin.key(SECRET, version) for version in (1, 2)}
GOOD, OTHER = "12345678", "87654321"


def verifier(
    subject: str = R1, digits: str = GOOD, *, series: int = 0, version: int = 1, **changes: Any
) -> PinVerifier:
    """Make the verifier of a PIN."""
    audience = changes.get("audience", AUDIENCE)
    digest = pin.verifier(KEYS[version], audience=audience, subject=subject, series=series, pin=digits)
    return PinVerifier(subject, version, series, digest)


def typed(digits: str, knows: Any, lockout: Lockout | None = None, time: int = NOON) -> PinVerdict:
    return pin_verdict(digits, knows, at(time), pin_keys=KEYS, lockout=lockout or Lockout())


@pytest.mark.parametrize(
    "knows",
    [
        pytest.param(holding(tenancy(pins=(verifier(),))), id="from a depositor's token"),
        pytest.param(
            holding(manifest=Manifest(entries={R1: ManifestEntry(reservation=R1, carrier="a", pins=(verifier(),))})),
            id="from the manifest",
        ),
        pytest.param(holding(tenancy(pins=(verifier(version=2),))), id="under a later key"),
        pytest.param(holding(tenancy(pins=(verifier(digits=OTHER), verifier()))), id="old and new both live"),
    ],
)
def test_a_pin_opens_for_its_parcel(knows: Any) -> None:
    said = typed(GOOD, knows).answer
    assert isinstance(said, Granted)
    assert (said.rights, said.form) == ((collects(),), Form.PIN)


@pytest.mark.parametrize(
    ("digits", "knows", "reason"),
    [
        pytest.param(OTHER, holding(tenancy(pins=(verifier(),))), Reason.WRONG_PIN, id="another PIN"),
        pytest.param("1234567", holding(tenancy(pins=(verifier(),))), Reason.WRONG_PIN, id="seven digits"),
        pytest.param("' OR 1=1", holding(tenancy(pins=(verifier(),))), Reason.WRONG_PIN, id="no digits"),
        pytest.param("١٢٣٤٥٦٧٨", holding(tenancy(pins=(verifier(),))), Reason.WRONG_PIN, id="other scripts' digits"),
        pytest.param(
            GOOD, holding(tenancy(pins=(verifier(audience=OTHER_AUDIENCE),))), Reason.WRONG_PIN, id="the other bank's"
        ),
        pytest.param(
            GOOD,
            known(manifest=Manifest(entries={R1: ManifestEntry(reservation=R1, carrier="a", pins=(verifier(),))})),
            Reason.NO_PARCEL,
            id="right, and nothing is here yet",
        ),
        pytest.param(
            GOOD, holding(tenancy(pins=(verifier(),), collect_series=1)), Reason.SUPERSEDED, id="a replaced one"
        ),
        pytest.param(
            GOOD,
            holding(
                tenancy(pins=(verifier(),), parcels=frozenset()),
                ledger={collects(): LedgerRow(right=collects(), state=LedgerState.SPENT)},
            ),
            Reason.USED,
            id="used up",
        ),
    ],
)
def test_a_pin_is_refused(digits: str, knows: Any, reason: Reason) -> None:
    said = typed(digits, knows)
    assert isinstance(said.answer, Refused)
    assert said.answer.reason is reason
    assert said.lockout.wrong == (reason is Reason.WRONG_PIN), "only a wrong PIN counts"


def test_a_groups_pin_opens_all_of_its_doors() -> None:
    pins = (verifier(GROUP),)
    said = typed(GOOD, holding(*(tenancy(reservation, group=GROUP, pins=pins) for reservation in (R1, R2)))).answer
    assert isinstance(said, Granted)
    assert said.rights == (collects(R1), collects(R2))


NOBODYS = holding(tenancy(pins=(verifier(),)))


def guesses(count: int, lockout: Lockout | None = None, time: int = NOON) -> tuple[Lockout, list[Any]]:
    """Type so many wrong PINs at once; return the lock-out and all facts."""
    lockout, facts = lockout or Lockout(), []
    for _ in range(count):
        said = typed(OTHER, NOBODYS, lockout, time)
        lockout, facts = said.lockout, [*facts, *said.facts]
    return lockout, facts


def test_five_wrong_pins_lock_the_keypad_ever_longer_over_restarts_too() -> None:
    lockout, time, waits = Lockout(), NOON, []
    for _ in range(5):
        lockout, _ = guesses(5, lockout, time)
        waits.append(lockout.locked_until - time)
        lockout = Lockout.of_text(lockout.to_text())
        for locked_at in (time, lockout.locked_until - 1):
            assert typed(GOOD, NOBODYS, lockout, locked_at).answer == Refused(Reason.LOCKED_OUT, Form.PIN)
        time = lockout.locked_until
        assert isinstance(typed(GOOD, NOBODYS, lockout, time).answer, Granted)
    assert waits == [60, 300, 900, 3_600, 3_600]


def test_a_wrong_pin_is_forgiven_after_ten_minutes_and_a_right_one_forgives_nothing() -> None:
    lockout, _ = guesses(4)
    assert typed(GOOD, NOBODYS, lockout).lockout == lockout
    lockout, _ = guesses(1, lockout, NOON + 1_200)
    assert lockout.wrong == 3
    assert not lockout.locked(NOON + 1_200)


def test_a_clock_set_back_does_not_lock_for_years() -> None:
    lockout, _ = guesses(5)
    assert lockout.locked(NOON + 59)
    assert not lockout.locked(NOON - 365 * 86_400)


def test_what_a_wrong_pin_leaves_behind() -> None:
    _, facts = guesses(5)
    assert facts[:5] == [AccessRefused("WRONG_PIN", Form.PIN)] * 5
    assert facts[5] == KeypadLocked(NOON + 60, 5)


def test_twenty_wrong_pins_an_hour_look_like_guessing() -> None:
    lockout, facts, time = Lockout(), [], NOON
    while TamperSeen(Tampering.PIN_GUESSING) not in facts:
        lockout, more = guesses(1, lockout, time)
        facts += more
        time = max(time + 5, lockout.locked_until)
    assert sum(fact == AccessRefused("WRONG_PIN", Form.PIN) for fact in facts) == 20
    assert time - NOON < 3_600 + 3_700


def test_the_act_of_a_pin_is_to_collect() -> None:
    said = typed(GOOD, NOBODYS).answer
    assert isinstance(said, Granted)
    assert {right.act for right in said.rights} == {Act.COLLECT}
