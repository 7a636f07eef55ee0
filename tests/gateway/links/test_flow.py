"""Which manifest change goes down next, and until when a command holds: pure."""

from __future__ import annotations

import pytest

from interlock_gateway.links.deadlines import Heard, deadline
from interlock_gateway.links.flow import Flow, Step, Version

HELD = Version(1, 4)
WANTED = Version(1, 7)


def test_a_bank_behind_is_sent_one_step() -> None:
    """LNK-30: and nothing more before it has answered."""
    flow = Flow(HELD)
    assert flow.next(WANTED) == Step(HELD)
    assert flow.sent(WANTED).next(Version(1, 8)) is None
    assert flow.sent(WANTED).applied(WANTED, WANTED).next(Version(1, 8)) == Step(WANTED)


def test_a_bank_that_holds_the_latest_is_sent_nothing() -> None:
    assert Flow(WANTED).next(WANTED) is None


@pytest.mark.parametrize("held", [Version(0, 0), Version(1, 0), Version(2, 7), Version(1, 9)])
def test_a_bank_that_holds_nothing_of_this_era_is_sent_everything(held: Version) -> None:
    """LNK-31, LNK-32: nothing yet, another era, or a number that was never given out."""
    assert Flow(held).next(WANTED) == Step(None)


def test_a_bank_that_asks_for_everything_gets_it() -> None:
    flow = Flow(HELD).sent(WANTED).needs_snapshot(WANTED, Version(1, 2))
    assert flow.next(WANTED) == Step(None)


def test_a_change_that_was_refused_is_not_sent_again() -> None:
    """LNK-34: but a later one is, and whole."""
    flow = Flow(HELD).sent(WANTED).was_refused(WANTED, HELD)
    assert flow.next(WANTED) is None
    assert flow.next(Version(1, 8)) == Step(None)


def test_an_answer_to_another_change_changes_nothing() -> None:
    flow = Flow(HELD).sent(WANTED)
    assert flow.applied(Version(1, 5), Version(1, 5)) == flow


def test_a_deadline_is_reckoned_from_the_last_reading() -> None:
    """LNK-43: two seconds after it, for five seconds more."""
    said = deadline(Heard("boot", 1_000, 50.0), now_s=52.0, timeout_s=5.0)
    assert (said.boot_id, said.monotonic_ms) == ("boot", 8_000)
