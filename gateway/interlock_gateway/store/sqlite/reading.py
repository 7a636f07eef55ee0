"""Reading values for an answer: one by its key, or a page of those that a condition admits.

Every condition comes with the viewer in it, so that a value which the viewer must not see and one that is not there
take the same path to the same answer (PTY-5). Conditions are written in the files beside this one, never from what a
caller sends; what a caller sends is an argument.
"""

# ruff: noqa: S608 - names of tables are ours; every value is an argument

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from interlock_gateway.ports import Aggregate, Viewer
from interlock_gateway.store.rows import TABLE_OF

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must satisfy.

    Attributes:
        sql: Over the columns of the table, named ``t``; values as ``:name``.
        values: By name.
    """

    sql: str = "true"
    values: Mapping[str, str | int | float | None] | None = None

    def __and__(self, other: Condition) -> Condition:
        """Both."""
        return Condition(f"({self.sql}) AND ({other.sql})", {**(self.values or {}), **(other.values or {})})


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list.

    Attributes:
        values: In the list's order.
        next_row: Where the next page begins; ``None`` on the last.
    """

    values: list[T]
    next_row: int | None


def viewer_values(viewer: Viewer) -> dict[str, str | int]:
    """What conditions on a viewer name: ``:viewer``, its party id, and ``:network``, whether it sees everything."""
    return {"viewer": viewer.party, "network": int(viewer.network_owner)}


def get(connection: sqlite3.Connection, aggregate: Aggregate[T], key: str, condition: Condition) -> T | None:
    """Read the value under ``key`` if ``condition`` admits it."""
    table = TABLE_OF[aggregate]
    row = connection.execute(
        f'SELECT t.body FROM "{table.name}" AS t WHERE t.key = :key AND ({condition.sql})',
        {"key": key, **(condition.values or {})},
    ).fetchone()
    return None if row is None else table.decode(row[0])


def page(
    connection: sqlite3.Connection,
    aggregate: Aggregate[T],
    condition: Condition,
    *,
    size: int,
    start_row: int | None = None,
    newest_first: bool = True,
) -> Page[T]:
    """Read a page, in the order in which the values were made or against it.

    Args:
        connection: A reader's.
        aggregate: What is listed.
        condition: Which of them.
        size: At most so many.
        start_row: ``next_row`` of the page before; ``None`` for the first.
        newest_first: The order.
    """
    table = TABLE_OF[aggregate]
    follows, order = ("<=", "DESC") if newest_first else (">=", "ASC")
    start = "" if start_row is None else f"AND t.rowid {follows} :start_row"
    # One row more than the page has: it is where the next page begins.
    rows: list[tuple[int, Any]] = connection.execute(
        f'SELECT t.rowid, t.body FROM "{table.name}" AS t WHERE ({condition.sql}) {start} '
        f"ORDER BY t.rowid {order} LIMIT :size",
        {"size": size + 1, "start_row": start_row, **(condition.values or {})},
    ).fetchall()
    next_row = rows[size][0] if len(rows) > size else None
    return Page([table.decode(body) for _, body in rows[:size]], next_row)
