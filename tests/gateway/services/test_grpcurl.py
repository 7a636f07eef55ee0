"""A client that is not ours finds, describes and calls every method by reflection alone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from interlock.v1 import options_pb2
from interlock_gateway.main import LINK_SERVICE, SERVICES
from interlock_gateway.network_init import make
from tests.gateway.services.test_running import serving

pytestmark = pytest.mark.server

METHODS = [method for service in (*SERVICES, LINK_SERVICE) for method in service.methods]
OPEN = [
    method.full_name
    for method in METHODS
    if method.GetOptions().Extensions[options_pb2.access].callers == options_pb2.CALLERS_ANYONE
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a gateway of a new network listens."""
    directory = tmp_path_factory.mktemp("network") / "net"
    make(directory, network_id="demo", owner="net", now=datetime.now(UTC))
    with serving(directory) as (_, address):
        yield address


def grpcurl(*words: str) -> subprocess.CompletedProcess[str]:
    command = ["grpcurl", "-plaintext", "-max-time", "10", "-format-error", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


def test_every_service_is_listed_with_its_methods(address: str) -> None:
    for service in (*SERVICES, LINK_SERVICE):
        listed = grpcurl(address, "list", service.full_name).stdout.split()
        assert sorted(listed) == sorted(method.full_name for method in service.methods)


def test_every_method_is_described(address: str) -> None:
    for method in METHODS:
        assert f"rpc {method.name} (" in grpcurl(address, "describe", method.full_name).stdout


def test_every_method_answers_and_asks_who_calls(address: str) -> None:
    """REQ-12, CAL-2, CAL-6."""
    unguarded = []
    for method in METHODS:
        done = grpcurl("-d", "{}", address, method.full_name.replace(f".{method.name}", f"/{method.name}"))
        said = json.loads(done.stderr) if done.stderr else {"details": []}
        reasons = [each["reason"] for each in said["details"] if "reason" in each]
        assert done.returncode == 0 or reasons, f"{method.full_name}: {done.stderr}"
        if reasons != ["CALL_TOKEN_MISSING"]:
            unguarded.append(method.full_name)
    assert unguarded == OPEN
