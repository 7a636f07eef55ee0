"""The gateway killed under load, again and again: what a client was told is true, and stays what it was told."""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from interlock.client import Client
from interlock.client.terms import Terms
from interlock.errors import NoCapacity, Refused
from interlock_demo.auditor import audit
from interlock_demo.network import Network, running, serve

pytestmark = pytest.mark.server

KILLS = int(os.environ.get("INTERLOCK_TEST_KILLS", "8"))
CLIENTS = 4


class Load:
    """A client that reserves and cancels, and remembers all that it was told."""

    def __init__(self, network: Network) -> None:
        self.told: dict[str, str] = {}
        self._network = network
        self._client = Client(
            network.gateway, party="demo-carrier", key=network.directory / "keys" / "demo-carrier.pem", network="demo"
        )

    def run(self, stop: threading.Event) -> None:
        """Reserve and cancel; a call that gets no answer is asked again under the same ``request_id``."""
        bank = self._network.banks["lykovrysi"].name
        while not stop.is_set():
            request_id = str(uuid4())
            name = self._patiently(stop, lambda: self._reserve(bank, request_id))
            if name:
                self.told[request_id] = name
                self._patiently(stop, lambda: self._client.cancel(name, request_id=str(uuid4())).reservation.name)

    def again(self, request_id: str) -> str:
        return self._reserve(self._network.banks["lykovrysi"].name, request_id)

    def close(self) -> None:
        self._client.close()

    def _reserve(self, bank: str, request_id: str) -> str:
        return self._client.reserve(bank, [f"P-{request_id[:8]}"], size="S", request_id=request_id).name

    def _patiently(self, stop: threading.Event, call: object) -> str:
        while not stop.is_set():
            try:
                return call()
            except NoCapacity:
                return ""
            except Refused as refused:
                if refused.code not in {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"}:
                    return ""
        return ""


@contextmanager
def under_load(network: Network) -> Iterator[list[Load]]:
    stop = threading.Event()
    loads = [Load(network) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=load.run, args=(stop,)) for load in loads]
    for thread in threads:
        thread.start()
    try:
        yield loads
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_what_a_client_was_told_outlives_the_gateway(tmp_path: Path) -> None:
    rng = random.Random(20_260_101)
    with running(tmp_path) as network:
        with under_load(network) as loads:
            for _ in range(KILLS):
                time.sleep(rng.uniform(0.05, 0.6))
                network.processes.kill("gateway")
                serve(tmp_path, network.processes, network.gateway)
            network.until(lambda: network.is_linked(network.banks["lykovrysi"]), "the bank's link")
            before = sum(len(load.told) for load in loads)
            network.until(lambda: sum(len(load.told) for load in loads) > before, "a reservation after the last kill")
        for load in loads:
            for request_id, name in load.told.items():
                assert network.carrier.get(name).name == name
                assert load.again(request_id) == name
            load.close()
        told = sum(len(load.told) for load in loads)

    assert told > KILLS
    found = audit(tmp_path)
    assert found.findings == []
    assert found.gateways == 1
