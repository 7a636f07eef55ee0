"""A command is judged as every other form of a right is, under a tighter limit (ACC-70)."""

from typing import Any

import pytest
from network import at, collects, holding, known, tenancy
from scene import MEDIUM, NOON, R1, terms

from interlock.access_token import Act
from interlock_edge.access.command import command_verdict, operators_grant
from interlock_edge.access.grant import Granted
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.custody.change import OpeningMade
from interlock_edge.custody.ledger import LedgerRow, LedgerState
from interlock_edge.custody.manifest import Manifest, ManifestEntry
from interlock_edge.custody.right import Form, Right

THREE_REMOTE = tuple(OpeningMade(NOON - n, remote=True) for n in range(3))


def judged(knows: Any, right: Right = collects(), *, series: int = 0, presence: str = "", **reads: Any) -> Any:  # noqa: B008
    return command_verdict("k1", right, knows, at(**reads), series=series, presence=presence)


def test_a_command_opens_for_a_parcel_that_is_inside() -> None:
    said = judged(holding(), presence="STAFF_CALL")
    assert isinstance(said, Granted)
    assert (said.rights, said.form, said.command, said.presence) == ((collects(),), Form.REMOTE, "k1", "STAFF_CALL")


def test_a_command_for_a_deposit_goes_by_the_manifest() -> None:
    entry = ManifestEntry(reservation=R1, carrier="acme", terms=terms(MEDIUM))
    said = judged(known(manifest=Manifest(entries={R1: entry})), Right(R1, Act.DEPOSIT))
    assert isinstance(said, Granted)
    assert said.terms == terms(MEDIUM)


@pytest.mark.parametrize(
    ("knows", "changes", "reason"),
    [
        pytest.param(known(), {}, Reason.NO_PARCEL, id="nothing inside"),
        pytest.param(
            known(), {"right": Right(R1, Act.DEPOSIT)}, Reason.WRONG_ACT, id="a deposit that nobody described"
        ),
        pytest.param(holding(tenancy(collect_series=2)), {"series": 1}, Reason.SUPERSEDED, id="an older series"),
        pytest.param(
            known(ledger={collects(): LedgerRow(right=collects(), state=LedgerState.SPENT)}), {}, Reason.USED, id="used"
        ),
        pytest.param(holding(openings=THREE_REMOTE), {}, Reason.OPENING_LIMIT, id="the fourth in a minute"),
    ],
)
def test_a_command_is_refused(knows: Any, changes: dict[str, Any], reason: Reason) -> None:
    said = judged(knows, **changes)
    assert isinstance(said, Refused)
    assert (said.reason, said.form) == (reason, Form.REMOTE)


def test_presence_lifts_the_tighter_limit() -> None:
    assert isinstance(judged(holding(openings=THREE_REMOTE), presence="SCREEN_CODE"), Granted)


def test_an_operators_command_is_service_under_its_own_key() -> None:
    said = operators_grant("k1", "7", at())
    assert (said.rights, said.compartment, said.form) == ((Right("k1", Act.SERVICE),), "7", Form.REMOTE)
