"""What the steps of the story work with and what they have come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from interlock.client.results import Reserved
from interlock.client.words import word
from interlock.edge.v1.fact_pb2 import Fact
from interlock.testing.v1.hands_service_pb2 import Scene
from interlock.v1.access_refusal_pb2 import AccessRefusal
from interlock.v1.event_pb2 import Event
from interlock.v1.receipt_pb2 import Receipt
from interlock.v1.reservation_pb2 import ReservationState
from interlock_demo.auditor import files, journal
from interlock_demo.network import Network, Standing
from interlock_demo.processes import DemoFailed
from interlock_demo.story import events
from interlock_demo.story.telling import Teller


@dataclass(slots=True)
class World:
    """The network, and the story so far.

    Attributes:
        network: The network.
        teller: Tells the story.
        reserved: What was promised, by what the story calls it.
        offline_deposits: Parcels put into a bank that was cut off.
        offline_collections: Parcels taken from one.
        refused: Why each attempt was refused, by the attempt.
        phone: Receipts that a courier's phone has read and not brought home yet.
        event_count: Events told.
    """

    network: Network
    teller: Teller
    reserved: dict[str, Reserved] = field(default_factory=dict)
    offline_deposits: int = 0
    offline_collections: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    phone: list[str] = field(default_factory=list)
    event_count: int = 0
    _cursor: str = ""

    def at(self, place: str) -> Standing:
        """Return a bank by the name of its place."""
        return self.network.banks[place]

    def state(self, label: str) -> str:
        """Return the state of a reservation, as the gateway knows it."""
        found = self.network.carrier.get(self.reserved[label].name)
        return word(ReservationState.DESCRIPTOR, found.state)

    def wait_for(self, label: str, state: str) -> None:
        """Wait until the gateway knows that a reservation has come to a state."""
        self.network.until(lambda: self.state(label) == state, f"{label} to be {state}; it is {self.state(label)}")

    def settled(self, place: str) -> None:
        """Wait until the gateway has every fact of a bank."""
        hands = self.at(place).hands

        def drained() -> bool:
            scene = hands.look()
            return scene.linked and scene.unsent_fact_count == 0

        self.network.until(drained, f"the facts of {place}")

    def wait_for_event(self, place: str, what: str) -> None:
        """Wait until the gateway has told something about a bank, for example ``bank.disconnected``."""
        bank, wanted = self.at(place).name, f"interlock.{what}.v1"
        self.network.until(
            lambda: any(event.type == wanted and events.bank_of(event) == bank for event in self._news()),
            f"{what} of {place}",
        )

    def hear(self) -> None:
        """Tell the events that have come since the last time: bank by bank, in the order of each."""
        new = list(self._news())
        if new:
            self._cursor = new[-1].cursor
        self.event_count += len(new)
        places = {bank.name: bank.place.name.capitalize() for bank in self.network.banks.values()}
        labels = {reserved.name: label for label, reserved in self.reserved.items()}
        order = list(places)
        lines: list[tuple[str, str]] = []
        for event in sorted(new, key=lambda each: order.index(bank) if (bank := events.bank_of(each)) in order else -1):
            source, text = events.told(event, labels, places, self._receipt(event))
            opened = text.replace(" closed", " opened")
            if text.endswith(" closed") and lines and lines[-1] == (source, opened):
                lines[-1] = (source, f"{opened} and closed")
            else:
                lines.append((source, text))
        for source, text in lines:
            self.teller.event(source, text)

    def _news(self) -> Iterable[Event]:
        return self.network.owner.events(after=self._cursor, follow=False)

    def _receipt(self, event: Event) -> Receipt | None:
        """Fetch the receipt of the fact that an event tells of, where that has one."""
        if event.WhichOneof("data") != "custody" or not event.custody.HasField("receipt"):
            return None
        return self.network.owner.get_proof(event.subject).receipt

    def must_refuse(self, attempt: str, place: str, scene: Scene) -> None:
        """Keep why a bank has just refused something, as it stands in the bank's own journal.

        Raises:
            DemoFailed: It has not refused.
        """
        if any(each.door_open for each in scene.compartments):
            raise DemoFailed(f"{place} opened a door for a right that is {attempt}.")
        reason = last_refusal(self.at(place).directory)
        self.refused[attempt] = reason
        self.teller.act("stranger", f"is refused at {place.capitalize()}: {scene.screen.text} [{reason}]")


def last_refusal(directory: Path) -> str:
    """Return the reason of the last refusal in a bank's journal; the screen tells strangers less."""
    reasons = [AccessRefusal.ACCESS_REFUSAL_UNSPECIFIED]
    for file in files.journals(directory):
        with files.reading(file) as connection:
            for written in journal.facts(connection, "telemetry"):
                fact = Fact.FromString(written.content)
                if fact.WhichOneof("body") == "access_refused":
                    reasons.append(fact.access_refused.reason)
    return word(AccessRefusal.DESCRIPTOR, reasons[-1])
