"""The journal: one SQLite file in which a bank's memory survives a power cut at any moment (EVD-20..24).

Everything that one decision writes is one transaction under ``synchronous=FULL``; SQLite returns from COMMIT after the
write-ahead log was fsynced. A journal that cannot be trusted is refused with one sentence and left as it is.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from interlock import chain
from interlock_edge.clock import Instant
from interlock_edge.custody.change import Change, CommandResult, OpeningMade
from interlock_edge.custody.door import Door
from interlock_edge.custody.fact import Fact, Gap, Lane
from interlock_edge.custody.ledger import LedgerRow
from interlock_edge.custody.tenancy import Tenancy
from interlock_edge.journal import rows, schema
from interlock_edge.journal.examine import examine
from interlock_edge.journal.written import Address, Chained, Encode, Seal, Sealed, Told

Seam = Callable[[str], None]
"""Called at every point at which a power cut could strike between two writes. A crash test raises or kills here."""

HOUR_S = 3_600
RESULTS_KEPT = 1_000
_MANIFEST = "manifest"


class JournalUnreadableError(Exception):
    """The journal cannot be trusted. The message is one plain sentence for whoever stands before the bank."""


class JournalFullError(Exception):
    """The journal could not be written: no door opens before it can. Nothing of the change was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that the doors need to go on after a start."""

    ledger: tuple[LedgerRow, ...]
    tenancies: tuple[Tenancy, ...]
    doors: tuple[Door, ...]
    openings: tuple[OpeningMade, ...]
    results: tuple[CommandResult, ...]


class Journal:
    """An open journal. One process holds it at a time."""

    def __init__(
        self, path: Path, db: sqlite3.Connection, lock: IO[str], encode: Encode, seal: Seal, seam: Seam
    ) -> None:
        """Take an open connection; use ``create`` and ``open_``."""
        self.path = path
        self._db, self._lock = db, lock
        self._encode, self._seal, self._seam = encode, seal, seam
        self.journal_id: str = db.execute("SELECT journal_id FROM journal").fetchone()[0]

    @classmethod
    def create(
        cls, path: Path, journal_id: str, *, encode: Encode, seal: Seal, seam: Seam = lambda _: None
    ) -> "Journal":
        """Make a new journal.

        Args:
            path: Of a file that does not exist yet.
            journal_id: 16 base32 characters, random.
            encode: Serializes facts.
            seal: Signs receipts.
            seam: For crash tests.

        Raises:
            JournalUnreadableError: there is a file already; a journal is never overwritten.
        """
        if path.exists():
            message = f"There is a journal at {path} already; it was left as it is."
            raise JournalUnreadableError(message)
        lock = _locked(path)
        # Made beside its place and moved there whole: a power cut leaves a journal or none.
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            db.executescript(f"PRAGMA application_id={schema.APPLICATION_ID}; PRAGMA user_version={schema.VERSION};")
            db.executescript(f"BEGIN; {schema.TABLES} COMMIT;")
            start = chain.start(journal_id)
            with db:
                db.execute("INSERT INTO journal VALUES (1, ?)", (journal_id,))
                for lane in Lane:
                    head = start if lane is Lane.CUSTODY else b""
                    db.execute("INSERT INTO lane VALUES (?, 0, 0, ?, 0, ?)", (lane.value, head, head))
        fresh.rename(path)
        _sync_folder(path)
        return cls(path, _connect(path), lock, encode, seal, seam)

    @classmethod
    def open_(cls, path: Path, *, encode: Encode, seal: Seal, seam: Seam = lambda _: None) -> "Journal":
        """Open a journal, after it was read through without touching it.

        Raises:
            JournalUnreadableError: no such file, another kind of file, a damaged one, a broken chain, one of a newer
                kind, or one that another process holds. Nothing was changed.
        """
        if not path.exists():
            message = f"There is no journal at {path}."
            raise JournalUnreadableError(message)
        lock = _locked(path)
        try:
            examine(path)
            return cls(path, _connect(path), lock, encode, seal, seam)
        except (sqlite3.Error, ValueError, LookupError, TypeError) as error:
            lock.close()
            why = " ".join(str(error).split())  # some of SQLite's words come in several lines
            message = f"The journal at {path} is damaged ({why}); it was left as it is and no door will open."
            raise JournalUnreadableError(message) from error
        except JournalUnreadableError:
            lock.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        self._lock.close()

    def write(self, change: Change) -> tuple[Chained, ...]:
        """Write ``change`` in one transaction and return its facts as written, in order.

        Raises:
            JournalFullError: the disk is full or refuses; nothing was kept.
        """
        with self._transaction():
            written = tuple(self._append(fact) for fact in change.facts)
            self._put("ledger", map(rows.of_ledger, change.ledger))
            for right in change.forgotten:
                self._run(
                    "forget", "DELETE FROM ledger WHERE subject = ? AND act = ?", (right.subject, right.act.value)
                )
            self._put("tenancy", map(rows.of_tenancy, change.tenancies))
            for reservation in change.ended_tenancies:
                self._run("tenancy ended", "DELETE FROM tenancy WHERE reservation = ?", (reservation,))
            self._put("door", map(rows.of_door, change.doors))
            for made in change.openings:
                self._run("opening", "INSERT INTO opening VALUES (?, ?)", (made.time, int(made.remote)))
                self._run("old openings", "DELETE FROM opening WHERE time <= ?", (made.time - HOUR_S,))
            for result in change.results:
                self._keep_result(result)
            self._put("kept", change.kept)
        return written

    def load(self) -> Kept:
        """Read back what the doors need."""
        return Kept(
            ledger=tuple(map(rows.to_ledger, self._db.execute("SELECT * FROM ledger"))),
            tenancies=tuple(map(rows.to_tenancy, self._db.execute("SELECT * FROM tenancy"))),
            doors=tuple(map(rows.to_door, self._db.execute("SELECT * FROM door"))),
            openings=tuple(
                OpeningMade(time, bool(remote))
                for time, remote in self._db.execute("SELECT time, remote FROM opening ORDER BY rowid")
            ),
            results=tuple(
                map(
                    rows.to_result,
                    self._db.execute(
                        "SELECT command, outcome, reason, compartment FROM command_result ORDER BY position"
                    ),
                )
            ),
        )

    # Facts on their way.

    def last(self, lane: Lane) -> tuple[int, bytes]:
        """Return the last number given in a lane and the chain hash after it."""
        row: tuple[int, bytes] = self._db.execute(
            "SELECT last, head FROM lane WHERE lane = ?", (lane.value,)
        ).fetchone()
        return row

    def acknowledged(self, lane: Lane) -> int:
        """Return the last number that the gateway has acknowledged."""
        row: tuple[int] = self._db.execute("SELECT acknowledged FROM lane WHERE lane = ?", (lane.value,)).fetchone()
        return row[0]

    def facts(self, lane: Lane, *, after: int, limit: int = 500) -> tuple[Sealed, ...]:
        """Return facts of a lane in order, those with a number above ``after``."""
        found = self._db.execute(
            "SELECT number, bytes, receipt, hash FROM fact WHERE lane = ? AND number > ? ORDER BY number LIMIT ?",
            (lane.value, after, limit),
        )
        return tuple(Sealed(number, body, receipt, head) for number, body, receipt, head in found)

    def acknowledge(self, lane: Lane, number: int) -> None:
        """Take in that the gateway has committed every fact of a lane up to ``number``; a lower one changes nothing.

        Raises:
            JournalFullError: it could not be written.
        """
        with self._transaction():
            self._run(
                "acknowledge",
                "UPDATE lane SET acknowledged = ?2 WHERE lane = ?1 AND acknowledged < ?2 AND last >= ?2",
                (lane.value, number),
            )

    def unacknowledged(self) -> int:
        """Count the facts of all lanes that the gateway has not acknowledged."""
        row: tuple[int] = self._db.execute("SELECT sum(last - max(acknowledged, pruned)) FROM lane").fetchone()
        return row[0]

    def prune(self, *, before: int) -> int:
        """Delete acknowledged facts recorded before a time, so that the file does not grow for ever.

        A lane is cut from its beginning only, and custody never past a hand-over whose parcel is still inside: a later
        receipt has to name it.

        Args:
            before: Unix seconds; 30 days ago (LNK-12).

        Returns:
            How many facts were deleted.
        """
        deleted = 0
        with self._transaction():
            for lane in Lane:
                deleted += self._prune(lane, before)
        return deleted

    def make_room(self, lane: Lane, *, keep: int, at: Instant) -> int:
        """Drop the oldest unacknowledged facts of a lane beyond ``keep``, and leave a ``Gap`` in the last one's place.

        Returns:
            How many facts were dropped.

        Raises:
            ValueError: ``lane`` is custody, which drops nothing.
        """
        if lane is Lane.CUSTODY:
            message = "custody facts are never dropped"
            raise ValueError(message)
        first, last = self.acknowledged(lane) + 1, self.last(lane)[0] - keep
        if last <= first:
            return 0
        gap = Fact(Gap(first, last), at)
        body = self._encode(gap, Address(self.journal_id, lane, last), 0)
        with self._transaction():
            self._run("gap", "DELETE FROM fact WHERE lane = ? AND number BETWEEN ? AND ?", (lane.value, first, last))
            self._insert(lane, last, gap, body, b"", "")
        return last - first + 1

    # What the gateway told.

    def tell(self, told: Told) -> None:
        """Write what the gateway told, in one transaction; only then may it be acknowledged.

        Raises:
            JournalFullError: it could not be written; what was told before still holds.
        """
        with self._transaction():
            if told.snapshot:
                self._run("forget entries", "DELETE FROM manifest_entry", ())
            for reservation in told.removed:
                self._run("forget entry", "DELETE FROM manifest_entry WHERE reservation = ?", (reservation,))
            self._put("manifest_entry", told.entries.items())
            self._put("document", told.documents.items())
            self._put("kept", [(_MANIFEST, f"{told.era} {told.number}")])

    def told(self) -> Told:
        """Return everything that the gateway has told, as one snapshot."""
        era, number = (self.kept(_MANIFEST) or "0 0").split()
        return Told(
            era=int(era),
            number=int(number),
            snapshot=True,
            entries=dict(self._db.execute("SELECT reservation, bytes FROM manifest_entry")),
            documents=dict(self._db.execute("SELECT name, bytes FROM document")),
        )

    # Single values.

    def kept(self, name: str) -> str | None:
        """Return the value kept under a name, or nothing."""
        row = self._db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    # Within a transaction.

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._seam("begin")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._seam("commit")
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            message = f"The journal at {self.path} could not be written ({error})."
            raise JournalFullError(message) from error
        self._seam("committed")

    def _run(self, point: str, statement: str, values: rows.Row) -> None:
        self._seam(point)
        self._db.execute(statement, values)

    def _put(self, table: str, values: Iterable[rows.Row]) -> None:
        for row in values:
            marks = ", ".join("?" * len(row))
            self._run(table, f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608  our own names

    def _append(self, fact: Fact) -> Chained:
        lane = fact.lane
        last, head = self.last(lane)
        address = Address(self.journal_id, lane, last + 1)
        earlier = self._earlier(fact)
        body = self._encode(fact, address, earlier)
        following = chain.follow(head, body) if lane is Lane.CUSTODY else b""
        written = Chained(fact, address, body, head, following, earlier)
        receipt = self._seal(written)
        self._insert(lane, address.number, fact, body, following, receipt)
        self._run("lane", "UPDATE lane SET last = ?, head = ? WHERE lane = ?", (address.number, following, lane.value))
        return written

    def _insert(self, lane: Lane, number: int, fact: Fact, body: bytes, head: bytes, receipt: str) -> None:
        kind = type(fact.body).__name__
        self._run(
            "fact",
            "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (lane.value, number, fact.at.time, kind, fact.reservation, body, head, receipt),
        )

    def _earlier(self, fact: Fact) -> int:
        subject = fact.subject
        if not subject:
            return 0
        row = self._db.execute("SELECT max(number) FROM fact WHERE reservation = ?", (subject,)).fetchone()
        return row[0] or 0

    def _keep_result(self, result: CommandResult) -> None:
        self._run(
            "result",
            "INSERT OR IGNORE INTO command_result (command, outcome, reason, compartment) VALUES (?, ?, ?, ?)",
            rows.of_result(result),
        )
        self._run(
            "old results",
            "DELETE FROM command_result WHERE position <= (SELECT max(position) FROM command_result) - ?",
            (RESULTS_KEPT,),
        )

    def _prune(self, lane: Lane, before: int) -> int:
        row = self._db.execute(
            """
            SELECT max(number) FROM fact
            WHERE lane = ?1 AND number <= (SELECT acknowledged FROM lane WHERE lane = ?1)
              AND number < coalesce((SELECT min(number) FROM fact WHERE lane = ?1 AND time >= ?2), 1 << 62)
              AND number < coalesce((SELECT min(number) FROM fact WHERE lane = ?1
                                     AND reservation IN (SELECT reservation FROM tenancy)), 1 << 62)
            """,
            (lane.value, before),
        ).fetchone()
        if row[0] is None:
            return 0
        head = self._db.execute("SELECT hash FROM fact WHERE lane = ? AND number = ?", (lane.value, row[0])).fetchone()[
            0
        ]
        self._run("pruned", "UPDATE lane SET pruned = ?, pruned_head = ? WHERE lane = ?", (row[0], head, lane.value))
        self._seam("prune")
        return self._db.execute("DELETE FROM fact WHERE lane = ? AND number <= ?", (lane.value, row[0])).rowcount


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    try:
        # WAL keeps one fsync a commit; FULL makes it happen before COMMIT returns. Both are the connection's to ask for.
        mode = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        db.execute("PRAGMA synchronous=FULL")
        if mode != "wal" or db.execute("PRAGMA synchronous").fetchone()[0] != 2:  # noqa: PLR2004  2 is FULL
            message = "the file system cannot keep a write-ahead log"
            raise ValueError(message)
    except BaseException:
        db.close()
        raise
    return db


def _locked(path: Path) -> IO[str]:
    """Hold the journal against every other process, for as long as the returned file is open."""
    lock = path.with_name(path.name + ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        message = f"The journal at {path} is in use by another process."
        raise JournalUnreadableError(message) from error
    return lock


def _sync_folder(path: Path) -> None:
    """Have the new name itself survive a power cut."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
