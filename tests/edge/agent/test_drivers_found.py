"""Which boards the production agent speaks to: the one driver that is installed, or it says so."""

from typing import Any

import pytest

from interlock_edge.main import NoDriverError, driver


def _board(directory: Any, layout: Any) -> Any:
    raise AssertionError


def test_an_agent_without_boards_says_so() -> None:
    with pytest.raises(NoDriverError, match="No driver for lock boards is installed"):
        driver({})


def test_two_drivers_are_one_too_many() -> None:
    with pytest.raises(NoDriverError, match="kerong, winnsen"):
        driver({"winnsen": lambda: _board, "kerong": lambda: _board})


def test_the_one_driver_is_taken() -> None:
    assert driver({"kerong": lambda: _board}) is _board
