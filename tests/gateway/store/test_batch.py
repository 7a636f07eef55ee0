"""The one statement that writes a batch: complete, and never slower because the tables have grown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from interlock_gateway.domain.capacity import Commitment, Kind, Need, SizeClass
from interlock_gateway.ports import Batch, BookChange, NotAccepted, Stale, Wanted
from interlock_gateway.store.sqlite.batch import statements
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.schema import prepare
from interlock_gateway.store.sqlite.shelf import SqliteShelf

BANK = "parties/oko/banks/hbf-1"
M = Commitment("m", Need(SizeClass.M), Kind(SizeClass.L), 10, 20, moving_to=Kind(SizeClass.M), door="7")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[SqliteShelf]:
    path = tmp_path / "gateway.db"
    prepare(path)
    readers = Readers(path, threads=1)
    made = SqliteShelf(path, readers)
    yield made
    made.close()
    readers.close()


def book(before: int, version: int, **changes: object) -> BookChange:
    plain = {
        "manifest_number": 0,
        "next_status_index": 0,
        "commitments": {},
        "pins": {},
        "freed": (),
        "manifest": (),
    }
    return BookChange(bank=BANK, before=before, version=version, **(plain | changes))  # type: ignore[arg-type]


def batch(*books: BookChange) -> Batch:
    return Batch({}, books, (), ())


def test_no_step_of_it_reads_a_whole_table(tmp_path: Path) -> None:
    """A scan would be unseen while tables are small, and cost seconds a commit when they are not."""
    path = tmp_path / "gateway.db"
    prepare(path)
    with closing(connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for statement in statements():
            lines = re.sub(r'NEW\."?\w+"?', "'[]'", statement).replace("RAISE(ABORT, 'stale')", "1")
            for _, _, _, step in connection.execute(f"EXPLAIN QUERY PLAN {lines}"):
                scanned = step.split()[1] if step.startswith("SCAN") else ""
                assert scanned not in tables - {"log_head"}, f"{statement}: {step}"


async def test_what_is_written_under_a_banks_lock_is_read_back(shelf: SqliteShelf) -> None:
    pins = {5: "subject", (1 << 63) - 1: "other"}
    written = book(0, 3, manifest_number=2, next_status_index=9, commitments={"m": M}, pins=pins, manifest=[(1, "m")])
    await shelf.write(batch(written))
    found = (await shelf.load(Wanted(books={BANK}))).books[BANK]
    assert (found.version, found.manifest_number, found.next_status_index) == (3, 2, 9)
    assert list(found.commitments) == [M]
    assert dict(found.pins) == pins


async def test_the_lock_is_the_version(shelf: SqliteShelf) -> None:
    """CAP-15: what follows an old version is not written, and nothing of its batch is."""
    await shelf.write(batch(book(0, 1)))
    other = book(0, 1, commitments={"m": M})
    other.bank = "parties/oko/banks/other"
    with pytest.raises(Stale):
        await shelf.write(batch(other, book(0, 1)))
    assert (await shelf.load(Wanted(books={other.bank}))).books == {}
    await shelf.write(batch(other, book(1, 2)))


async def test_a_commitment_is_replaced_and_ended(shelf: SqliteShelf) -> None:
    await shelf.write(batch(book(0, 1, commitments={"m": M})))
    settled = Commitment("m", M.need, Kind(SizeClass.M), 10, 1 << 62, token_out=False)
    await shelf.write(batch(book(1, 2, commitments={"m": settled})))
    assert list((await shelf.load(Wanted(books={BANK}))).books[BANK].commitments) == [settled]
    await shelf.write(batch(book(2, 3, commitments={"m": None})))
    assert list((await shelf.load(Wanted(books={BANK}))).books[BANK].commitments) == []


async def test_the_schema_has_a_live_pin_once(shelf: SqliteShelf) -> None:
    """RES-32: should the decision ever be wrong, the database says no."""
    await shelf.write(batch(book(0, 1, pins={5: "subject"})))
    with pytest.raises(NotAccepted, match="pins"):
        await shelf.write(batch(book(1, 2, pins={5: "other"})))


async def test_a_pin_changes_hands_in_one_batch(shelf: SqliteShelf) -> None:
    await shelf.write(batch(book(0, 1, pins={5: "subject"})))
    await shelf.write(batch(book(1, 2, pins={5: "other"}, freed={5})))
    assert dict((await shelf.load(Wanted(books={BANK}))).books[BANK].pins) == {5: "other"}
