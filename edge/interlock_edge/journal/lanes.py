"""The three lanes: facts in order, their numbers, the chain, and what the gateway has acknowledged (EVD-25..27)."""

from interlock import chain
from interlock_edge.clock import Instant
from interlock_edge.custody.fact import Fact, Gap, Lane
from interlock_edge.journal.database import Database
from interlock_edge.journal.written import Address, Chained, Encode, Seal, Sealed


class Lanes:
    """The facts of one journal."""

    def __init__(self, db: Database, journal_id: str, *, encode: Encode, seal: Seal) -> None:
        """Take the lanes of an open journal."""
        self._db, self._journal_id = db, journal_id
        self._encode, self._seal = encode, seal

    def append(self, fact: Fact) -> Chained:
        """Write a fact under the next number of its lane, with its receipt; within a transaction."""
        lane = fact.lane
        last, head = self.last(lane)
        address = Address(self._journal_id, lane, last + 1)
        earlier = self._db.one("SELECT max(number) FROM fact WHERE reservation = ?", (fact.subject,))
        earlier = (earlier or 0) if fact.subject else 0
        body = self._encode(fact, address, earlier)
        following = chain.follow(head, body) if lane is Lane.CUSTODY else b""
        written = Chained(fact, address, body, head, following, earlier)
        self._insert(written, self._seal(written))
        self._db.run("lane", "UPDATE lane SET last = ?, head = ? WHERE lane = ?", (last + 1, following, lane.value))
        return written

    def last(self, lane: Lane) -> tuple[int, bytes]:
        """Return the last number given in a lane and the chain hash after it."""
        ((number, head),) = self._db.rows("SELECT last, head FROM lane WHERE lane = ?", (lane.value,))
        return number, head

    def acknowledged(self, lane: Lane) -> int:
        """Return the last number that the gateway has acknowledged."""
        return int(self._db.one("SELECT acknowledged FROM lane WHERE lane = ?", (lane.value,)))

    def unacknowledged(self) -> int:
        """Count the facts of all lanes that the gateway has not acknowledged."""
        return int(self._db.one("SELECT sum(last - acknowledged) FROM lane"))

    def facts(self, lane: Lane, *, after: int, limit: int = 500) -> tuple[Sealed, ...]:
        """Return facts of a lane in order, those with a number above ``after``; acknowledged ones too while kept."""
        found = self._db.rows(
            "SELECT number, bytes, receipt, hash FROM fact WHERE lane = ? AND number > ? ORDER BY number LIMIT ?",
            (lane.value, after, limit),
        )
        return tuple(Sealed(number, body, receipt, head) for number, body, receipt, head in found)

    def acknowledge(self, lane: Lane, number: int) -> None:
        """Take in that the gateway has committed every fact of a lane up to ``number``.

        A lower number than before changes nothing, nor does one that was never given.

        Raises:
            JournalFullError: it could not be written.
        """
        with self._db.transaction():
            self._db.run(
                "acknowledge",
                "UPDATE lane SET acknowledged = ?2 WHERE lane = ?1 AND acknowledged < ?2 AND last >= ?2",
                (lane.value, number),
            )

    def prune(self, *, before: int) -> int:
        """Delete acknowledged facts recorded before a time, so that the file does not grow for ever.

        A lane is cut from its beginning only, and custody never past a hand-over whose parcel is still inside: a later
        receipt has to name it.

        Args:
            before: Unix seconds; 30 days ago (EVD-26).

        Returns:
            How many facts were deleted.

        Raises:
            JournalFullError: it could not be written.
        """
        with self._db.transaction():
            return sum(self._prune(lane, before) for lane in Lane)

    def make_room(self, lane: Lane, *, keep: int, at: Instant) -> int:
        """Drop the oldest unacknowledged facts of a lane beyond ``keep``, and leave a ``Gap`` in the last one's place.

        Returns:
            How many facts were dropped.

        Raises:
            ValueError: ``lane`` is custody, which drops nothing.
            JournalFullError: it could not be written.
        """
        if lane is Lane.CUSTODY:
            message = "custody facts are never dropped"
            raise ValueError(message)
        first, last = self.acknowledged(lane) + 1, self.last(lane)[0] - keep
        if last <= first:
            return 0
        gap, address = Fact(Gap(first, last), at), Address(self._journal_id, lane, last)
        with self._db.transaction():
            range_ = (lane.value, first, last)
            self._db.run("gap", "DELETE FROM fact WHERE lane = ? AND number BETWEEN ? AND ?", range_)
            self._insert(Chained(gap, address, self._encode(gap, address, 0), b"", b"", 0), "")
        return last - first + 1

    def _insert(self, written: Chained, receipt: str) -> None:
        fact, address = written.fact, written.address
        kind = type(fact.body).__name__
        row = (
            address.lane.value,
            address.number,
            fact.at.time,
            kind,
            fact.reservation,
            written.body,
            written.hash,
            receipt,
        )
        self._db.run("fact", "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _prune(self, lane: Lane, before: int) -> int:
        last = self._db.one(
            """
            SELECT max(number) FROM fact
            WHERE lane = ?1 AND number <= (SELECT acknowledged FROM lane WHERE lane = ?1)
              AND number < coalesce((SELECT min(number) FROM fact WHERE lane = ?1 AND time >= ?2), 1 << 62)
              AND number < coalesce((SELECT min(number) FROM fact WHERE lane = ?1
                                     AND reservation IN (SELECT reservation FROM tenancy)), 1 << 62)
            """,
            (lane.value, before),
        )
        if last is None:
            return 0
        head = self._db.one("SELECT hash FROM fact WHERE lane = ? AND number = ?", (lane.value, last))
        self._db.run("pruned", "UPDATE lane SET pruned = ?, pruned_head = ? WHERE lane = ?", (last, head, lane.value))
        return self._db.run("prune", "DELETE FROM fact WHERE lane = ? AND number <= ?", (lane.value, last))
