"""The command against a fake gateway, in this process: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from interlock import Client, PrivateKey, Profile, key_file
from interlock.cli.root import run
from tests.sdk.client.conftest import AT_ONCE
from tests.sdk.fake.gateway import FakeGateway


@dataclass(frozen=True)
class Ended:
    """How one command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        said = json.loads(self.out)
        assert isinstance(said, dict)
        return said


Interlock = Callable[..., Ended]


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration of its own for each test."""
    for name in ("PROFILE", "GATEWAY", "PARTY", "NETWORK", "KEY", "CA", "ROOT", "TRACE"):
        monkeypatch.delenv(f"INTERLOCK_{name}", raising=False)
    monkeypatch.setenv("INTERLOCK_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with FakeGateway() as gateway:
        yield gateway


@pytest.fixture
def interlock(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Interlock:
    """Run ``interlock`` with these words; ``stdin`` is what is piped in."""

    def interlock(*words: object, stdin: str = "") -> Ended:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Ended(int(code), said.out, said.err)

    return interlock


@pytest.fixture
def logged_in(gateway: FakeGateway, config: Path) -> FakeGateway:
    """The profiles ``default`` (a carrier) and ``operator``."""
    for name, party, key in (
        ("default", "parties/acme", gateway.world.key),
        ("operator", "parties/city", gateway.world.operator_key),
    ):
        _profile(config, name, party, key, gateway)
    return gateway


@pytest.fixture
def client(gateway: FakeGateway) -> Iterator[Client]:
    """The carrier's client, to prepare what a command is to find."""
    with Client(gateway.address, party="acme", key=gateway.world.key, network="demo", retry=AT_ONCE) as client:
        yield client


def _profile(config: Path, name: str, party: str, key: PrivateKey, gateway: FakeGateway) -> None:
    file = config / "keys" / f"{name}.pem"
    file.parent.mkdir(parents=True, exist_ok=True)
    key_file.save(key, file)
    Profile(gateway.address, party, "demo", key=str(file), root=gateway.world.root).save(name)
