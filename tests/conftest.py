"""How long the searches run: ``--size small`` (the default) on every change, ``--size full`` in the night."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--size``."""
    parser.addoption("--size", choices=("small", "full"), default="small", help="how many cases a search tries")


@pytest.fixture(scope="session")
def full_size(request: pytest.FixtureRequest) -> bool:
    """Say whether the searches are to run at full length."""
    return bool(request.config.getoption("--size") == "full")
