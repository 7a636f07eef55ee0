"""The journal: one SQLite file in which a bank's memory survives a power cut at any moment (EVD-20..24).

Everything that one decision writes is one transaction under ``synchronous=FULL``; SQLite returns from COMMIT after the
write-ahead log was fsynced. A journal that cannot be trusted is refused with one sentence and left as it is.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from interlock import chain
from interlock_edge.custody.change import OPENINGS_KEPT_S, RESULTS_KEPT, Change, CommandResult, OpeningMade
from interlock_edge.custody.door import Door
from interlock_edge.custody.fact import Lane
from interlock_edge.custody.ledger import LedgerRow
from interlock_edge.custody.tenancy import Tenancy
from interlock_edge.journal import rows, schema
from interlock_edge.journal.database import Database, JournalUnreadableError, Seam, hold, sync_folder
from interlock_edge.journal.examine import examine
from interlock_edge.journal.lanes import Lanes
from interlock_edge.journal.written import Chained, Encode, Seal, Told

_MANIFEST = "manifest"


def _no_seam(_: str) -> None:
    """Let every write pass."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that the doors need to go on after a start."""

    ledger: tuple[LedgerRow, ...]
    tenancies: tuple[Tenancy, ...]
    doors: tuple[Door, ...]
    openings: tuple[OpeningMade, ...]
    results: tuple[CommandResult, ...]


class Journal:
    """An open journal.

    Attributes:
        journal_id: 16 base32 characters, random, made with the file.
        lanes: The facts.
    """

    def __init__(self, db: Database, *, encode: Encode, seal: Seal) -> None:
        """Take an open file; use ``create`` or ``open``."""
        self._db = db
        self.journal_id = str(db.one("SELECT journal_id FROM journal"))
        self.lanes = Lanes(db, self.journal_id, encode=encode, seal=seal)

    @classmethod
    def create(cls, path: Path, journal_id: str, *, encode: Encode, seal: Seal, seam: Seam = _no_seam) -> "Journal":
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
        lock = hold(path)
        # Made beside its place and moved there whole: a power cut leaves a journal or none.
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.executescript(f"PRAGMA application_id={schema.APPLICATION_ID}; PRAGMA user_version={schema.VERSION};")
            db.executescript(f"BEGIN; {schema.TABLES} COMMIT;")
            db.execute("INSERT INTO journal VALUES (1, ?)", (journal_id,))
            start = chain.start(journal_id)
            heads = [(lane.value, start if lane is Lane.CUSTODY else b"") for lane in Lane]
            db.executemany("INSERT INTO lane VALUES (?1, 0, 0, ?2, 0, ?2)", heads)
        fresh.rename(path)
        sync_folder(path)
        return cls(Database(path, lock, seam), encode=encode, seal=seal)

    @classmethod
    def open(cls, path: Path, *, encode: Encode, seal: Seal, seam: Seam = _no_seam) -> "Journal":
        """Open a journal, after it was read through without touching it.

        Raises:
            JournalUnreadableError: no such file, another kind of file, a damaged one, a broken chain, one of a newer
                kind, or one that another process holds. Nothing was changed.
        """
        if not path.exists():
            message = f"There is no journal at {path}."
            raise JournalUnreadableError(message)
        lock = hold(path)
        try:
            examine(path)
            return cls(Database(path, lock, seam), encode=encode, seal=seal)
        except (sqlite3.Error, ValueError, LookupError, TypeError) as error:
            lock.close()
            why = " ".join(str(error).split())  # some of SQLite's words come in several lines
            message = f"The journal at {path} is damaged ({why}); it was left as it is and no door will open."
            raise JournalUnreadableError(message) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def write(self, change: Change) -> tuple[Chained, ...]:
        """Write ``change`` in one transaction and return its facts as written, in order.

        Raises:
            JournalFullError: the disk is full or refuses; nothing was kept.
        """
        db = self._db
        with db.transaction():
            written = tuple(map(self.lanes.append, change.facts))
            db.put("ledger", map(rows.of_ledger, change.ledger))
            for right in change.forgotten:
                db.run("forget", "DELETE FROM ledger WHERE subject = ? AND act = ?", (right.subject, right.act.value))
            db.put("tenancy", map(rows.of_tenancy, change.tenancies))
            for reservation in change.ended_tenancies:
                db.run("tenancy ended", "DELETE FROM tenancy WHERE reservation = ?", (reservation,))
            db.put("door", map(rows.of_door, change.doors))
            for made in change.openings:
                db.run("opening", "INSERT INTO opening VALUES (?, ?)", (made.time, int(made.remote)))
                db.run("old openings", "DELETE FROM opening WHERE time <= ?", (made.time - OPENINGS_KEPT_S,))
            for result in change.results:
                self._put_result(result)
            db.put("kept", change.kept)
        return written

    def load(self) -> Kept:
        """Read back what the doors need."""
        read = self._db.rows
        results = read("SELECT command, outcome, reason, compartment FROM command_result ORDER BY position")
        openings = read("SELECT time, remote FROM opening ORDER BY rowid")
        return Kept(
            ledger=tuple(map(rows.to_ledger, read("SELECT * FROM ledger"))),
            tenancies=tuple(map(rows.to_tenancy, read("SELECT * FROM tenancy"))),
            doors=tuple(map(rows.to_door, read("SELECT * FROM door"))),
            openings=tuple(OpeningMade(time, bool(remote)) for time, remote in openings),
            results=tuple(map(rows.to_result, results)),
        )

    def kept(self, name: str) -> str | None:
        """Return the single value kept under a name, or nothing. ``Change.kept`` puts them."""
        value: str | None = self._db.one("SELECT value FROM kept WHERE name = ?", (name,))
        return value

    def tell(self, told: Told) -> None:
        """Write what the gateway told, in one transaction; only then may it be acknowledged.

        Raises:
            JournalFullError: it could not be written; what was told before still holds.
        """
        db = self._db
        with db.transaction():
            if told.snapshot:
                db.run("forget entries", "DELETE FROM manifest_entry")
            for reservation in told.removed:
                db.run("forget entry", "DELETE FROM manifest_entry WHERE reservation = ?", (reservation,))
            db.put("manifest_entry", told.entries.items())
            db.put("document", told.documents.items())
            db.put("kept", [(_MANIFEST, f"{told.era} {told.number}")])

    def told(self) -> Told:
        """Return everything that the gateway has told, as one snapshot."""
        era, number = (self.kept(_MANIFEST) or "0 0").split()
        return Told(
            era=int(era),
            number=int(number),
            snapshot=True,
            entries=dict(self._db.rows("SELECT reservation, bytes FROM manifest_entry")),
            documents=dict(self._db.rows("SELECT name, bytes FROM document")),
        )

    def _put_result(self, result: CommandResult) -> None:
        self._db.run(
            "result",
            "INSERT OR IGNORE INTO command_result (command, outcome, reason, compartment) VALUES (?, ?, ?, ?)",
            rows.of_result(result),
        )
        self._db.run(
            "old results",
            "DELETE FROM command_result WHERE position <= (SELECT max(position) FROM command_result) - ?",
            (RESULTS_KEPT,),
        )
