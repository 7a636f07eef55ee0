"""A bank's journal as it lies on its disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from interlock.edge.v1.fact_pb2 import Fact


@dataclass(frozen=True, slots=True)
class Written:
    """One fact.

    Attributes:
        number: Its number in its lane, from 1.
        content: The bytes in which it was written, once.
        hash: The chain hash after it, as the bank wrote it; empty in a lane that is not chained.
        receipt: Its receipt, a compact JWS; empty where it has none.
    """

    number: int
    content: bytes
    hash: bytes
    receipt: str

    @property
    def fact(self) -> Fact:
        """What it says; nothing where it was changed so that it says nothing any more, which breaks the chain too."""
        try:
            return Fact.FromString(self.content)
        except DecodeError:
            return Fact()


@dataclass(frozen=True, slots=True)
class Lane:
    """The state of a lane.

    Attributes:
        last: The last number given.
        head: The chain hash after it.
        pruned: The last number that was deleted, being old and acknowledged.
        pruned_head: The chain hash after that one.
    """

    last: int
    head: bytes
    pruned: int
    pruned_head: bytes


def journal_id(connection: sqlite3.Connection) -> str:
    """Return the journal's id, 16 base32 characters."""
    (found,) = connection.execute("SELECT journal_id FROM journal").fetchone()
    return str(found)


def lane(connection: sqlite3.Connection, name: str) -> Lane | None:
    """Return the state of a lane, or nothing while it is empty."""
    row = connection.execute(
        "SELECT last, head, pruned, pruned_head FROM lane WHERE lower(lane) = ?", (name.lower(),)
    ).fetchone()
    return None if row is None else Lane(int(row[0]), bytes(row[1]), int(row[2]), bytes(row[3]))


def facts(connection: sqlite3.Connection, name: str) -> Iterator[Written]:
    """Read the facts of a lane in their order."""
    rows = connection.execute(
        "SELECT number, bytes, hash, receipt FROM fact WHERE lower(lane) = ? ORDER BY number", (name.lower(),)
    )
    for number, content, hash_, receipt in rows:
        yield Written(int(number), bytes(content), bytes(hash_), str(receipt))
