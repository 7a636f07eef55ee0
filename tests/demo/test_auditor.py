# ruff: noqa: S608  the statements plant faults in files of our own
"""The auditor counts one of each thing that went wrong, and nothing in a network where nothing did."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from interlock import chain
from interlock.access_token import Act
from interlock.edge.v1.fact_pb2 import DoorOpened, Fact, ParcelCollected, ParcelDeposited
from interlock.keys import PrivateKey
from interlock.receipt import DoorState, Evidence, Receipt, sign
from interlock_demo.auditor import Audit, Trouble, audit
from interlock_demo.auditor.chains import Signer
from interlock_edge.journal.schema import TABLES
from interlock_gateway.store.sqlite.schema import prepare

BANK = "parties/city/banks/altona"
JOURNAL = "jjjjjjjjjjjjjjjj"
AUDIENCE = "abcdefghijkl"
ONE, OTHER = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"
NOW = 1_790_000_000
KEY = PrivateKey.generate()
REVISED = '{"revision": 1}'
SMALL = 1 << 4 | 2
"""The kind S, ambient, as ``commitments.kind`` writes it."""


@dataclass
class Planted:
    """The files of a network, to plant faults in."""

    directory: Path

    def gateway(self, *statements: str) -> None:
        self._run("gateway.db", statements)

    def journal(self, *statements: str) -> None:
        self._run("journal.db", statements)

    def audit(self, *, signed: bool = True) -> Audit:
        signer = Signer(AUDIENCE, {KEY.public.kid: KEY.public}) if signed else None
        return audit(self.directory, signer_of=lambda _file: signer, now=NOW)

    def _run(self, file: str, statements: tuple[str, ...]) -> None:
        with closing(sqlite3.connect(self.directory / file)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()


def deposited(reservation: str = ONE, compartment: str = "1") -> Fact:
    return Fact(parcel_deposited=ParcelDeposited(reservation=reservation, compartment=compartment, parcel_number=1))


def collected(reservation: str = ONE, compartment: str = "1") -> Fact:
    return Fact(parcel_collected=ParcelCollected(reservation=reservation, compartment=compartment, parcel_number=1))


def write_journal(file: Path, *facts: Fact) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(TABLES)
        connection.execute("INSERT INTO journal VALUES (1, ?)", (JOURNAL,))
        previous = chain.start(JOURNAL)
        for number, fact in enumerate(facts, start=1):
            fact.address.number = number
            content = fact.SerializeToString()
            head = chain.follow(previous, content)
            receipt = "" if fact.HasField("door_opened") else receipt_of(fact, number, previous, head)
            connection.execute(
                "INSERT INTO fact VALUES ('custody', ?, ?, '', '', ?, ?, ?)", (number, NOW, content, head, receipt)
            )
            previous = head
        connection.execute("INSERT INTO lane VALUES ('custody', ?, 0, ?, 0, x'')", (len(facts), previous))
        connection.commit()


def receipt_of(fact: Fact, number: int, previous: bytes, head: bytes) -> str:
    receipt = Receipt(
        bank=AUDIENCE,
        journal_id=JOURNAL,
        number=number,
        recorded_unix_s=NOW,
        clock_uncertainty_s=1,
        act=Act.DEPOSIT if fact.HasField("parcel_deposited") else Act.COLLECT,
        compartment="1",
        size_class="S",
        parcels=(1,),
        evidence=Evidence.SENSED,
        door=DoorState.CLOSED,
        opened_unix_s=NOW,
        closed_unix_s=NOW,
        previous_hash=previous,
        hash=head,
    )
    return sign(receipt, KEY)


def event(position: int, key: str, sequence: int) -> str:
    return f"INSERT INTO events VALUES ({position}, '{key}', {sequence}, 'bank.OPENED', 0, 0, '{{}}')"


def promise(id_: str, start: int, end: int, *, standing: int = 2, door: str = "NULL") -> str:
    return (
        f"INSERT INTO commitments VALUES ('{BANK}', '{id_}', {SMALL}, {SMALL}, {NOW + start}, {NOW + end}, {standing},"
        f" 1, NULL, {door}, {NOW}, 0)"
    )


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """A gateway that told three events and promised two doors, and a bank that two parcels crossed."""
    prepare(tmp_path / "gateway.db")
    kind = {"size_class": 2, "climate": 1, "features": 0}
    doors = json.dumps({"bank": BANK, "doors": [{"label": each, "kind": kind, "out_until": 0} for each in "12"]})
    world = Planted(tmp_path)
    world.gateway(
        f"INSERT INTO doors VALUES ('{BANK}', 1, '{doors}')",
        event(1, "a", 1),
        event(2, "b", 1),
        event(3, "a", 2),
        "UPDATE log_head SET position = 3",
        promise("one", 0, 100),
        promise("two", 0, 100),
        promise("three", 100, 200),
    )
    write_journal(
        tmp_path / "journal.db",
        Fact(door_opened=DoorOpened(compartment="1")),
        deposited(),
        collected(),
        deposited(OTHER),
        collected(OTHER),
    )
    return world


def test_a_good_network_has_no_findings(planted: Planted) -> None:
    found = planted.audit()

    assert found.findings == []
    assert (found.gateways, found.journals, found.events, found.receipts, found.verified) == (1, 1, 3, 4, 4)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        pytest.param(promise("four", 50, 150), BANK, id="more promises than doors at a time"),
        pytest.param(
            "UPDATE commitments SET standing = 3, door = '1' WHERE id IN ('one', 'three')", BANK, id="one door for two"
        ),
    ],
)
def test_a_double_booking_in_the_books_is_counted(planted: Planted, statement: str, where: str) -> None:
    planted.gateway(statement)

    (finding,) = planted.audit().findings

    assert (finding.trouble, finding.where) == (Trouble.DOUBLE_BOOKING, where)


def test_what_should_have_ended_and_stands_has_no_end(planted: Planted) -> None:
    planted.gateway(
        f"UPDATE commitments SET start = {NOW - 100}, \"end\" = {NOW - 1} WHERE id = 'one'", promise("four", 100, 200)
    )

    assert planted.audit().count(Trouble.DOUBLE_BOOKING) == 1


def test_two_parcels_behind_one_door_are_counted(planted: Planted) -> None:
    (planted.directory / "journal.db").unlink()
    write_journal(planted.directory / "journal.db", deposited(), deposited(OTHER))

    (finding,) = planted.audit().findings

    assert (finding.trouble, finding.where) == (Trouble.DOUBLE_BOOKING, JOURNAL)


LOSSES: dict[str, tuple[str, ...]] = {
    "a position": ("UPDATE events SET position = 4 WHERE position = 3", "UPDATE log_head SET position = 4"),
    "the last event": ("UPDATE log_head SET position = 4",),
    "a sequence": ("UPDATE events SET sequence = 3 WHERE position = 3",),
    "a revision": (
        f"INSERT INTO reservations VALUES ('{ONE}', 1, 'acme', '{BANK}', 'city', NULL, 'CONFIRMED', NULL, '{REVISED}')",
    ),
}


@pytest.mark.parametrize("statements", LOSSES.values(), ids=LOSSES)
def test_a_lost_event_is_counted(planted: Planted, statements: tuple[str, ...]) -> None:
    planted.gateway(*statements)

    assert [finding.trouble for finding in planted.audit().findings] == [Trouble.LOST_EVENT]


def test_a_log_that_was_shortened_at_its_beginning_has_lost_nothing(planted: Planted) -> None:
    planted.gateway("DELETE FROM events WHERE position = 1")

    assert planted.audit().findings == []


BREAKS: dict[str, str] = {
    "a fact changed": "UPDATE fact SET bytes = CAST(bytes || x'0000' AS BLOB) WHERE number = 1",
    "a fact cut out": "DELETE FROM fact WHERE number = 1",
    "the end cut off": "DELETE FROM fact WHERE number = 5",
    "a receipt taken away": "UPDATE fact SET receipt = '' WHERE number = 2",
    "a receipt of another fact": (
        "UPDATE fact SET receipt = (SELECT receipt FROM fact WHERE number = 2) WHERE number = 3"
    ),
    "a receipt that nobody signed": "UPDATE fact SET receipt = replace(receipt, '.', '.A') WHERE number = 2",
}


@pytest.mark.parametrize("statement", BREAKS.values(), ids=BREAKS)
def test_a_broken_receipt_is_counted(planted: Planted, statement: str) -> None:
    planted.journal(statement)

    assert [finding.trouble for finding in planted.audit().findings] == [Trouble.BROKEN_RECEIPT]


def test_a_changed_fact_shows_without_knowing_the_banks_keys(planted: Planted) -> None:
    planted.journal("UPDATE fact SET bytes = CAST(bytes || x'0000' AS BLOB) WHERE number = 1")

    assert planted.audit(signed=False).count(Trouble.BROKEN_RECEIPT) == 1


def test_a_receipt_of_a_stranger_is_broken(planted: Planted) -> None:
    stranger: Callable[[Path], Signer] = lambda _file: Signer(AUDIENCE, {})  # noqa: E731

    found = audit(planted.directory, signer_of=stranger, now=NOW)

    assert (found.count(Trouble.BROKEN_RECEIPT), found.verified) == (4, 0)
