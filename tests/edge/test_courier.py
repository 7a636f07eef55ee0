"""A courier's session: barcodes, menu lines, and only what the manifest grants the courier's carrier (ACC-69)."""

from dataclasses import replace
from typing import Any

import pytest
from network import SECRET, at, holding, known, tenancy
from scene import NOON, R1, terms

from interlock import barcode
from interlock.access_token import Act
from interlock_edge.access.courier import MenuLine, barcode_verdict, menu, menu_verdict
from interlock_edge.access.grant import Granted
from interlock_edge.access.known import Known
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.access.verdict import Admitted
from interlock_edge.custody.ledger import LedgerRow, LedgerState
from interlock_edge.custody.manifest import Manifest, ManifestEntry
from interlock_edge.custody.right import Form, Right

KEYS = {1: barcode.key(SECRET, 1)}
LABEL = b"00340434161094000006"
SESSION = Admitted("S" * 16, "acme", frozenset({Act.DEPOSIT, Act.RECALL}), NOON - 60, NOON + 3_600)


def entry(**changes: Any) -> ManifestEntry:
    """Make an entry that grants a deposit and a recall of two parcels."""
    return replace(
        ManifestEntry(
            reservation=R1,
            carrier="acme",
            series={Act.DEPOSIT: 0, Act.COLLECT: 0, Act.RECALL: 0},
            terms=terms(parcels=2),
            barcodes={barcode.entry(KEYS[1], LABEL): 2},
        ),
        **changes,
    )


def told(*, inside: bool = False, changes: dict[str, Any] | None = None, **known_changes: Any) -> Known:
    """Make what the bank knows of that entry."""
    manifest = Manifest(entries={R1: entry(**(changes or {}))})
    if inside:
        return holding(tenancy(parcels=frozenset({1, 2}), expected=2), manifest=manifest, **known_changes)
    return known(manifest=manifest, **known_changes)


@pytest.mark.parametrize(
    "scan",
    [
        pytest.param(LABEL, id="plain"),
        pytest.param(b"]C1" + LABEL, id="with its symbology in front"),
        pytest.param(b"\x1d" + LABEL, id="with FNC1 in front"),
    ],
)
def test_a_parcels_barcode_grants_its_deposit(scan: bytes) -> None:
    said = barcode_verdict(scan, SESSION, told(), at(), barcode_keys=KEYS)
    assert isinstance(said, Granted)
    assert (said.rights, said.form, said.parcels) == ((Right(R1, Act.DEPOSIT),), Form.BARCODE, {2})
    assert (said.session, said.from_token_alone) == ("S" * 16, False)


def test_the_barcode_of_a_parcel_that_is_inside_grants_its_recall() -> None:
    said = barcode_verdict(LABEL, SESSION, told(inside=True), at(), barcode_keys=KEYS)
    assert isinstance(said, Granted)
    assert said.rights == (Right(R1, Act.RECALL),)


@pytest.mark.parametrize(
    ("scan", "session", "knows", "reason"),
    [
        pytest.param(b"unheard of", SESSION, told(), Reason.MALFORMED, id="a bank that was never told"),
        pytest.param(LABEL, replace(SESSION, carrier="rival"), told(), Reason.MALFORMED, id="another carrier's parcel"),
        pytest.param(
            LABEL, replace(SESSION, acts=frozenset({Act.RECALL})), told(), Reason.WRONG_ACT, id="not this session's act"
        ),
        pytest.param(
            LABEL,
            SESSION,
            told(inside=True, changes={"series": {Act.DEPOSIT: 0}}),
            Reason.WRONG_ACT,
            id="no recall given",
        ),
        pytest.param(
            LABEL, SESSION, told(changes={"deposit_until": NOON - 60}), Reason.EXPIRED, id="after the deposit window"
        ),
        pytest.param(
            LABEL, SESSION, told(changes={"deposit_from": NOON + 3_600}), Reason.NOT_YET, id="before the deposit window"
        ),
        pytest.param(LABEL, SESSION, told(changes={"revoked": frozenset({Act.DEPOSIT})}), Reason.REVOKED, id="revoked"),
        pytest.param(LABEL, SESSION, told(changes={"terms": None}), Reason.WRONG_ACT, id="nothing said of its stay"),
        pytest.param(
            LABEL,
            SESSION,
            told(ledger={(right := Right(R1, Act.DEPOSIT)): LedgerRow(right=right, state=LedgerState.SPENT)}),
            Reason.NO_PARCEL,
            id="in and out again",
        ),
    ],
)
def test_a_barcode_is_refused(scan: bytes, session: Admitted, knows: Known, reason: Reason) -> None:
    said = barcode_verdict(scan, session, knows, at(), barcode_keys=KEYS)
    assert isinstance(said, Refused)
    assert said.reason is reason


def test_a_doubtful_clock_takes_nothing_in_by_barcode_either() -> None:
    said = barcode_verdict(LABEL, SESSION, told(), at(suspect=True), barcode_keys=KEYS)
    assert said == Refused(Reason.CLOCK_SUSPECT, Form.BARCODE, R1)


def test_the_menu_lists_what_the_courier_can_take_out_and_opens_it() -> None:
    knows = told(inside=True)
    line = MenuLine(Right(R1, Act.RECALL), "1", 2)
    assert list(menu(SESSION, knows)) == [line]
    assert isinstance(menu_verdict(line, SESSION, knows, at()), Granted)
    assert list(menu(replace(SESSION, carrier="rival"), knows)) == []
    assert menu_verdict(line, SESSION, told(), at()) == Refused(Reason.NO_PARCEL, Form.BARCODE, R1)
