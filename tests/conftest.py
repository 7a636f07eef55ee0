"""How the tests are run: which, how long, from which seed.

``--size small`` (the default) is for every change, ``--size full`` for the night. Tests marked ``server`` start
processes, a browser or a tool from outside; ``--server`` runs those and no others.
"""

import secrets
from random import Random

import hypothesis
import pytest

# Two cores shared with other work make any time limit for one example a coin toss; a found case is printed with the
# line that replays it.
hypothesis.settings.register_profile("small", deadline=None, print_blob=True)
hypothesis.settings.register_profile("full", deadline=None, print_blob=True, max_examples=1000)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choices that the module's text names."""
    parser.addoption("--size", choices=("small", "full"), default="small", help="how many cases a search tries")
    parser.addoption("--server", action="store_true", help="run the suites marked server, and no others")
    parser.addoption("--seed", type=int, help="repeat the random cases of an earlier run")


def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed once, unless one was given; let Hypothesis search for as long as ``--size`` says."""
    if config.option.seed is None:
        config.option.seed = secrets.randbelow(2**32)
    hypothesis.settings.load_profile(config.option.size)


def pytest_report_header(config: pytest.Config) -> str:
    """Name the seed, so that a failure can be repeated."""
    return f"size {config.option.size}, seed {config.option.seed} (repeat with --seed {config.option.seed})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep either the suites marked ``server`` or all others; pytest counts the rest as deselected."""
    wanted = bool(config.option.server)
    left_out = [item for item in items if (item.get_closest_marker("server") is not None) is not wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    config.stash[LEFT_OUT] = 0 if wanted else len(left_out)


LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, and how to run it."""
    if number := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{number} server tests left out; ./dev test --server runs them")
    if terminalreporter.stats.get("failed"):
        terminalreporter.write_line(f"random cases came from --seed {config.option.seed}")


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> str:
    """How long a search runs: ``small`` or ``full``."""
    return str(request.config.option.size)


@pytest.fixture(scope="session")
def full_size(size: str) -> bool:
    """Whether the searches are to run at full length."""
    return size == "full"


@pytest.fixture
def random_cases(request: pytest.FixtureRequest) -> Random:
    """A generator of this test's own: the run's seed and the test's name fix every case."""
    return Random(f"{request.config.option.seed} {request.node.nodeid}")
