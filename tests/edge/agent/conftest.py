"""A bank that enrolled with a small gateway, on a table whose clock stands still unless it is moved."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_gateway import FakeGateway
from line import Line, enrolled

from interlock_edge.layouts import layout_of
from interlock_edge.link.backoff import Backoff
from interlock_edge.simulate.table import Table


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway(now=1_790_000_000)


@pytest.fixture
async def table(gateway: FakeGateway, tmp_path: Path) -> AsyncIterator[Table]:
    enrolled(gateway, tmp_path)
    table = Table(tmp_path, layout_of("small"), backoff=Backoff(), still_at=gateway.now)
    await table.plug_in()
    yield table
    await table.pull_plug()


@pytest.fixture
def line(gateway: FakeGateway, table: Table) -> Line:
    return Line(gateway, table)
