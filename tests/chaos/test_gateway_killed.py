"""The gateway is killed at random moments under load; nothing that a carrier was told is lost, nothing is doubled."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from interlock.client import Client
from interlock.client.terms import Terms
from interlock.errors import InterlockError, NoCapacity, ReservationUnknown, Unavailable
from interlock_demo.auditor import Trouble, audit
from interlock_demo.network import Network, running, serve

pytestmark = pytest.mark.server

KILLS = {"small": 5, "full": 50}
CLIENTS = 8


@dataclass
class Promises:
    """What the carriers were told.

    Attributes:
        told: Reservation's name and PIN, by the ``request_id`` and bank under which it was asked for.
        refused: Requests that were refused for want of room.
        troubles: What no carrier should ever see.
    """

    told: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    refused: int = 0
    troubles: list[str] = field(default_factory=list)


def _ask(client: Client, bank: str, request_id: str) -> tuple[str, str] | None:
    """Ask under one ``request_id`` until there is an answer; None: no room."""
    # Most only hold: a hold has no token out, so giving it back frees its room at once, and the load goes on.
    terms = Terms(size="S", request_id=request_id)
    if int(request_id[0], 16) < 12:
        terms["hold"] = timedelta(hours=1)
    while True:
        try:
            reserved = client.reserve(bank, [f"P-{request_id[:8]}"], **terms)
        except NoCapacity:
            return None
        except Unavailable:
            continue  # dead or coming back: what became of it is not known, and the same id will tell
        return reserved.name, reserved.pin


def _carry(client: Client, banks: list[str], random: Random, stop: threading.Event, promises: Promises) -> None:
    """Reserve and give back, until told to stop."""
    try:
        while not stop.is_set():
            bank, request_id = random.choice(banks), str(uuid.UUID(int=random.getrandbits(128), version=4))
            answer = _ask(client, bank, request_id)
            if answer is None:
                promises.refused += 1
                continue
            promises.told[request_id, bank] = answer
            if random.random() < 0.95:
                with contextlib.suppress(Unavailable):
                    client.cancel(answer[0])
    except InterlockError as error:
        promises.troubles.append(f"{type(error).__name__}: {error}")


def _answers(network: Network) -> bool:
    with contextlib.suppress(Unavailable):
        return bool(network.owner.network().network_id)
    return False


def _known(client: Client, name: str) -> bool:
    try:
        return client.get(name).name == name
    except ReservationUnknown:
        return False


def _start_load(network: Network, random: Random, stop: threading.Event, promises: Promises) -> list[threading.Thread]:
    banks = [standing.name for standing in network.banks.values()]
    carriers = [
        threading.Thread(target=_carry, args=(network.carrier, banks, Random(random.random()), stop, promises))
        for _ in range(CLIENTS)
    ]
    for carrier in carriers:
        carrier.start()
    return carriers


def test_what_a_carrier_was_told_outlives_every_kill(
    tmp_path: Path, size: str, random_cases: Random, capsys: pytest.CaptureFixture[str]
) -> None:
    promises, stop = Promises(), threading.Event()
    with running(tmp_path) as network:
        carriers = _start_load(network, random_cases, stop, promises)
        try:
            for _ in range(KILLS[size]):
                time.sleep(random_cases.uniform(0.05, 1.0))
                network.processes.kill("gateway")
                serve(tmp_path, network.processes, network.gateway)
                network.until(lambda: _answers(network), "the gateway after its kill")
        finally:
            stop.set()
            for carrier in carriers:
                carrier.join(timeout=60)
        told = dict(promises.told)
        lost = [name for name, _ in told.values() if not _known(network.carrier, name)]
        changed = [key for key, first in told.items() if _ask(network.carrier, key[1], key[0]) != first]
        for standing in network.banks.values():
            network.until(lambda bank=standing: network.is_linked(bank), f"{standing.name}'s link")
        found = audit(tmp_path)
    with capsys.disabled():
        print(
            f"\n  size {size}: {KILLS[size]} kills, {CLIENTS} clients, {len(told)} promises told, {promises.refused} "
            f"refused, {len(lost)} lost, {len(changed)} answered otherwise, {found.events} events, "
            f"{found.count(Trouble.LOST_EVENT)} lost, {found.count(Trouble.DOUBLE_BOOKING)} double bookings"
        )

    assert told
    assert promises.troubles == []
    assert lost == []
    assert changed == []
    assert found.findings == []
