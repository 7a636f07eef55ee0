"""When to dial again: soon, then ever more rarely, and never all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock_edge.link.backoff import HEALTHY_S, Backoff


def after(failures: int) -> Backoff:
    backoff = Backoff()
    for _ in range(failures):
        backoff = backoff.after(0)
    return backoff


@pytest.mark.parametrize(("failures", "ceiling"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (10_000, 300)])
def test_the_wait_doubles_up_to_five_minutes(failures: int, ceiling: float) -> None:
    assert after(failures).wait_s(lambda: 1.0) == ceiling


@given(st.integers(1, 100), st.floats(0, 1))
def test_the_whole_span_is_drawn_from(failures: int, drawn: float) -> None:
    assert after(failures).wait_s(lambda: drawn) == after(failures).wait_s(lambda: 1.0) * drawn


def test_only_a_healthy_link_starts_the_row_anew() -> None:
    assert after(5).after(HEALTHY_S - 1).failures == 6
    assert after(5).after(HEALTHY_S).failures == 0
