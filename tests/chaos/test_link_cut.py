"""A bank's link is cut at random through a day of traffic; afterwards gateway and bank agree on each parcel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from interlock.errors import NoCapacity
from interlock.v1.reservation_pb2 import ReservationState
from interlock_demo.auditor import audit
from interlock_demo.network import Network, Standing, running

pytestmark = pytest.mark.server

STEPS = {"small": 60, "full": 1500}
MINUTES = timedelta(minutes=1)


@dataclass
class Day:
    """One bank's day, as the people before it live it.

    Attributes:
        waiting: Deposit token and PIN of what was promised and has not come, by reservation.
        inside: PIN of what lies in the bank, by reservation.
        truth: What became of each reservation, by what people did with their hands.
        cuts: How often the cable was pulled.
        full: How often there was no room.
    """

    bank: Standing
    network: Network
    waiting: dict[str, tuple[str, str]] = field(default_factory=dict)
    inside: dict[str, str] = field(default_factory=dict)
    truth: dict[str, str] = field(default_factory=dict)
    cuts: int = 0
    full: int = 0
    is_cut: bool = False

    def step(self, random: Random) -> None:
        """Do one thing at random, of those that can be done now."""
        act = random.choice(
            (self.reserve, self.reserve, self.deposit, self.deposit, self.collect, self.collect, self.cable)
        )
        act(random)

    def reserve(self, random: Random) -> None:
        try:
            told = self.network.carrier.reserve(self.bank.name, ["P"], size=random.choice(("S", "M")))
        except NoCapacity:
            self.full += 1
            return
        self.waiting[told.name] = (told.deposit_token, told.pin)
        self.truth[told.name] = "CONFIRMED"

    def deposit(self, random: Random) -> None:
        if not self.waiting:
            return
        name = random.choice(sorted(self.waiting))
        token, pin = self.waiting.pop(name)
        self.bank.hands.put_in(self.bank.hands.scan(token), name[-4:])
        self.inside[name] = pin
        self.truth[name] = "DEPOSITED"

    def collect(self, random: Random) -> None:
        if not self.inside:
            return
        name = random.choice(sorted(self.inside))
        self.bank.hands.take_out(self.bank.hands.type(self.inside.pop(name)))
        self.truth[name] = "COLLECTED"

    def cable(self, _random: Random) -> None:
        self.is_cut = not self.is_cut
        self.cuts += self.is_cut
        self.bank.hands.cable(cut=self.is_cut)

    def recorded(self) -> dict[str, str]:
        """Return what the gateway says of each."""
        return {
            name: ReservationState.Name(self.network.carrier.get(name).state).removeprefix("RESERVATION_STATE_")
            for name in self.truth
        }


def test_afterwards_both_sides_agree(
    tmp_path: Path, size: str, random_cases: Random, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path) as network:
        day = Day(network.banks["lykovrysi"], network)
        for _ in range(STEPS[size]):
            day.step(random_cases)
            # A bank opens twelve doors a minute at the most; a day has more minutes than this test.
            day.bank.hands.let_pass(MINUTES)
        if day.is_cut:
            day.cable(random_cases)
        network.until(lambda: network.is_linked(day.bank), "the link")
        network.until(lambda: day.recorded() == day.truth, "the facts to drain")
        found = audit(tmp_path)
    ends = list(day.truth.values())
    with capsys.disabled():
        print(
            f"\n  size {size}: {STEPS[size]} steps, {day.cuts} cuts, {len(ends)} reservations, "
            f"{ends.count('DEPOSITED')} inside, {ends.count('COLLECTED')} collected, {day.full} times no room"
        )

    assert day.cuts
    assert "COLLECTED" in ends
    assert found.findings == []
