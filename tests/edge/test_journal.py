"""The journal: lanes, acknowledgement, retention, and files that must not be trusted (EVD-20..24, EVD-25..27)."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from network import tenancy
from scene import JOURNAL, MEDIUM, NOON, R1, SMALL, MakeBank, collect, deposit, encoded, unsealed

from interlock import chain
from interlock.access_token import Act
from interlock.keys import PrivateKey
from interlock.receipt import read, verify_chain
from interlock_edge.clock import Instant
from interlock_edge.custody.change import Change, CommandResult, OpeningMade, Outcome
from interlock_edge.custody.door import Door, Withdrawal
from interlock_edge.custody.fact import AccessRefused, CompartmentRestored, Fact, Lane
from interlock_edge.custody.kind import SizeClass
from interlock_edge.custody.ledger import HeadroomSpend, LedgerRow, LedgerState
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.terms import PinVerifier, StayTerms
from interlock_edge.journal.database import JournalFullError, JournalUnreadableError
from interlock_edge.journal.encoding import encoder
from interlock_edge.journal.journal import Journal, Kept
from interlock_edge.journal.sealing import sealer
from interlock_edge.journal.written import Told

DAY = 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    made = Journal.create(path, JOURNAL, encode=encoded, seal=unsealed)
    yield made
    made.close()


def reopened(path: Path) -> Journal:
    return Journal.open(path, encode=encoded, seal=unsealed)


def custody(number: int, time: int = NOON) -> Fact:
    return Fact(CompartmentRestored(str(number)), Instant(time, 0))


def telemetry(time: int = NOON) -> Fact:
    return Fact(AccessRefused("WRONG_PIN", Form.PIN), Instant(time, 0))


def numbers(journal: Journal, lane: Lane = Lane.CUSTODY) -> list[int]:
    return [fact.number for fact in journal.lanes.facts(lane, after=0)]


def test_each_lane_has_its_own_gapless_numbers(journal: Journal) -> None:
    journal.write(Change(facts=(custody(1), telemetry(), custody(2))))
    journal.write(Change(facts=(telemetry(),)))
    assert numbers(journal) == numbers(journal, Lane.TELEMETRY) == [1, 2]
    assert numbers(journal, Lane.CLIMATE) == []
    assert journal.lanes.unacknowledged() == 4


def test_the_custody_lane_is_a_chain_from_the_journals_own_start(journal: Journal) -> None:
    journal.write(Change(facts=tuple(custody(n) for n in range(5))))
    facts = journal.lanes.facts(Lane.CUSTODY, after=0)
    assert [fact.hash for fact in facts] == list(chain.walk(chain.start(JOURNAL), (fact.body for fact in facts)))
    assert journal.lanes.last(Lane.CUSTODY) == (5, facts[-1].hash)


def test_everything_that_the_doors_need_comes_back(journal: Journal, path: Path) -> None:
    pins = (PinVerifier(R1, 2, 3, b"12345678"),)
    row = LedgerRow(
        right=Right(R1, Act.DEPOSIT),
        state=LedgerState.OPENED,
        series=4,
        compartment="7",
        parcels=frozenset({2}),
        reopening=True,
        pulses=2,
        first_pulse_time=NOON,
        opened_time=NOON + 1,
        closed_time=NOON + 2,
        grace_until=NOON + 3,
        recovered_time=NOON + 4,
        form=Form.PIN,
        jti="J" * 16,
        session="S" * 16,
        command="k",
        presence="POSITION",
        from_token_alone=True,
        terms=StayTerms(kind=MEDIUM, parcels=3, pins=pins, group="gggggggggg", hand_over="I"),
        headroom=HeadroomSpend(SizeClass.L, 9),
        keep_until=NOON + 5,
    )
    stay = tenancy(pins=pins, recall_requested=True, collect_until=NOON, grace_until=5, group="g", collect_series=2)
    door = Door("7", Withdrawal.JAMMED, 12)
    made = OpeningMade(NOON, remote=True)
    result = CommandResult("k", Outcome.REFUSED, "DOOR_OPEN", "7")
    journal.write(
        Change(ledger=(row,), tenancies=(stay,), doors=(door,), openings=(made,), results=(result,), kept=(("a", "b"),))
    )
    journal.close()
    again = reopened(path)
    assert again.load() == Kept((row,), (stay,), (door,), (made,), (result,))
    assert again.kept("a") == "b"
    again.write(Change(forgotten=(row.right,), ended_tenancies=(R1,)))
    assert again.load() == Kept((), (), (door,), (made,), (result,))
    again.close()


def test_the_last_thousand_results_are_kept(journal: Journal) -> None:
    for n in range(1_010):
        journal.write(Change(results=(CommandResult(f"k{n}", Outcome.DONE),)))
    kept = journal.load().results
    assert (len(kept), kept[0].command, kept[-1].command) == (1_000, "k10", "k1009")


def test_acknowledgements_are_cumulative_and_never_go_back(journal: Journal) -> None:
    journal.write(Change(facts=tuple(custody(n) for n in range(5))))
    for number, holds in ((3, 3), (2, 3), (9, 3), (5, 5)):
        journal.lanes.acknowledge(Lane.CUSTODY, number)
        assert journal.lanes.acknowledged(Lane.CUSTODY) == holds
    assert journal.lanes.unacknowledged() == 0
    assert numbers(journal) == [1, 2, 3, 4, 5], "kept for a gateway that was restored from a backup"


def test_old_acknowledged_facts_go_and_numbers_and_chain_go_on(journal: Journal, path: Path) -> None:
    journal.write(Change(facts=tuple(custody(n, NOON + n * DAY) for n in range(10))))
    assert journal.lanes.prune(before=NOON + 99 * DAY) == 0, "nothing was acknowledged"
    journal.lanes.acknowledge(Lane.CUSTODY, 8)
    assert journal.lanes.prune(before=NOON + 5 * DAY) == 5
    journal.write(Change(facts=(custody(10),)))
    assert numbers(journal) == [6, 7, 8, 9, 10, 11]
    journal.close()
    again = reopened(path)
    assert again.lanes.last(Lane.CUSTODY)[0] == 11
    again.close()


async def test_the_deposit_of_a_parcel_that_is_inside_is_never_pruned(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    last, _ = bank.journal.lanes.last(Lane.CUSTODY)
    bank.journal.lanes.acknowledge(Lane.CUSTODY, last)
    assert bank.journal.lanes.prune(before=NOON + 99 * DAY) == last - 1, "all before its hand-over"
    assert numbers(bank.journal) == [last]


def test_telemetry_makes_room_and_says_what_is_gone(journal: Journal, path: Path) -> None:
    journal.write(Change(facts=tuple(telemetry() for _ in range(10))))
    journal.lanes.acknowledge(Lane.TELEMETRY, 2)
    assert journal.lanes.make_room(Lane.TELEMETRY, keep=4, at=Instant(NOON, 0)) == 4
    facts = journal.lanes.facts(Lane.TELEMETRY, after=2)
    assert [fact.number for fact in facts] == [6, 7, 8, 9, 10]
    assert b'"first": 3, "last": 6' in facts[0].body
    journal.close()
    again = reopened(path)
    again.write(Change(facts=(telemetry(),)))
    assert numbers(again, Lane.TELEMETRY)[-1] == 11
    with pytest.raises(ValueError, match="never dropped"):
        again.lanes.make_room(Lane.CUSTODY, keep=0, at=Instant(NOON, 0))
    again.close()


def test_what_the_gateway_told_is_kept_as_it_came(journal: Journal, path: Path) -> None:
    journal.tell(Told(era=1, number=1, snapshot=True, entries={"a": b"1", "b": b"2"}, documents={"key_set": b"k"}))
    journal.tell(Told(era=1, number=2, snapshot=False, entries={"b": b"3"}, removed=("a",), documents={"x": b"y"}))
    journal.close()
    again = reopened(path)
    expected = Told(era=1, number=2, snapshot=True, entries={"b": b"3"}, documents={"key_set": b"k", "x": b"y"})
    assert again.told() == expected
    again.tell(Told(era=2, number=1, snapshot=True))
    assert again.told().entries == {}
    assert again.told().documents == expected.documents, "a snapshot names every entry, not every document"
    again.close()


def test_a_journal_is_never_made_over_another(journal: Journal, path: Path) -> None:
    with pytest.raises(JournalUnreadableError, match="already"):
        Journal.create(path, JOURNAL, encode=encoded, seal=unsealed)
    assert journal.lanes.last(Lane.CUSTODY)[0] == 0


def test_two_agents_never_share_a_journal(journal: Journal, path: Path) -> None:
    with pytest.raises(JournalUnreadableError, match="in use by another process"):
        reopened(path)
    assert journal.journal_id == JOURNAL


def scribble(at: int) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        body = bytearray(path.read_bytes())
        body[at : at + 64] = bytes(64)
        path.write_bytes(body)

    return spoil


def execute(statement: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute(statement)

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b"not a database at all" * 999), id="another kind of file"),
        pytest.param(lambda path: path.write_bytes(b""), id="an empty file"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-8_192]), id="cut short"),
        pytest.param(scribble(4_096 * 4), id="a page of zeroes"),
        pytest.param(execute("UPDATE fact SET bytes = x'00' WHERE number = 2"), id="a fact was changed"),
        pytest.param(execute("DELETE FROM fact WHERE number = 2"), id="a fact is missing"),
        pytest.param(execute("DELETE FROM fact WHERE number = 5"), id="the last fact is missing"),
        pytest.param(execute("UPDATE lane SET last = 9 WHERE lane = 'custody'"), id="a number skipped"),
        pytest.param(execute("UPDATE ledger SET state = 'LOST'"), id="a state that does not exist"),
        pytest.param(execute("PRAGMA user_version = 99"), id="a newer agent's"),
        pytest.param(execute("PRAGMA application_id = 7"), id="somebody else's database"),
        pytest.param(execute("DROP TABLE tenancy"), id="a table is gone"),
    ],
)
def test_a_journal_that_cannot_be_trusted_is_refused_and_left_as_it_is(
    journal: Journal, path: Path, spoil: Callable[[Path], None]
) -> None:
    row = LedgerRow(right=Right(R1, Act.DEPOSIT))
    journal.write(Change(facts=tuple(custody(n) for n in range(5)), ledger=(row,)))
    journal.close()
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(JournalUnreadableError) as refusal:
        reopened(path)
    assert str(refusal.value).endswith("it was left as it is and no door will open.")
    assert "\n" not in str(refusal.value)
    assert path.read_bytes() == before


def test_no_journal_is_no_journal(path: Path) -> None:
    with pytest.raises(JournalUnreadableError, match="There is no journal"):
        reopened(path)
    assert not path.exists()


@pytest.fixture
def small_files() -> Iterator[Callable[[int], None]]:
    """Let no file of this process grow beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_f25_a_full_disk_opens_no_door_and_loses_nothing(
    a_bank: MakeBank, small_files: Callable[[int], None]
) -> None:
    bank = a_bank(SMALL, SMALL)
    await bank.deposited()
    facts = bank.journal.lanes.facts(Lane.CUSTODY, after=0)
    pulses = bank.doors.doors["1"].pulses
    small_files(bank.path.with_name("journal-wal").stat().st_size)
    await bank.show(collect())
    assert bank.screen.value == "OUT_OF_ORDER"
    assert bank.doors.doors["1"].pulses == pulses
    await bank.open_remotely(collect(), "k1")
    assert bank.heard.results[-1].reason == "STORAGE_FULL"
    assert bank.journal.lanes.facts(Lane.CUSTODY, after=0) == facts
    small_files(resource.RLIM_INFINITY)
    await bank.show(collect())
    await bank.empty("1")
    assert bank.hand_overs()[-1] == ("c", R1, 1, "SENSED")


async def test_a_disk_that_fills_while_a_door_is_open_forgets_nothing(
    a_bank: MakeBank, small_files: Callable[[int], None]
) -> None:
    bank = a_bank(SMALL)
    await bank.show(deposit())
    small_files(bank.path.with_name("journal-wal").stat().st_size)
    await bank.put("1")
    assert bank.hand_overs() == []
    small_files(resource.RLIM_INFINITY)
    await bank.wait()
    assert bank.hand_overs() == [("d", R1, 1, "SENSED")]


def test_a_write_that_fails_leaves_nothing_behind(
    journal: Journal, small_files: Callable[[int], None], path: Path
) -> None:
    journal.write(Change(facts=(custody(1),)))
    small_files(path.with_name("journal-wal").stat().st_size)
    with pytest.raises(JournalFullError):
        journal.write(Change(facts=tuple(custody(n) for n in range(500)), kept=(("a", "b"),)))
    small_files(resource.RLIM_INFINITY)
    assert numbers(journal) == [1]
    assert journal.kept("a") is None
    journal.write(Change(facts=(custody(2),)))
    assert numbers(journal) == [1, 2]


async def test_receipts_are_sealed_with_their_facts_and_verify(a_bank: MakeBank) -> None:
    """EVD-28: every hand-over has its receipt, the receipts thread a reservation, the chain holds them all."""
    key = PrivateKey.generate()
    bank = a_bank(SMALL, encode=encoder("b" * 16), seal=sealer("a" * 12, key))
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    facts = bank.journal.lanes.facts(Lane.CUSTODY, after=0)
    receipts = [read(fact.receipt, {key.public.kid: key.public}, bank="a" * 12) for fact in facts if fact.receipt]
    assert [(receipt.act, receipt.earlier_number) for receipt in receipts] == [
        (Act.DEPOSIT, None),
        (Act.COLLECT, receipts[0].number),
    ]
    verify_chain(chain.start(JOURNAL), ((fact.number, fact.body) for fact in facts), receipts)
