"""Opening a bank's book: its rows, counted on the doors that it has now."""

from __future__ import annotations

from interlock_gateway.domain.capacity import Layout
from interlock_gateway.ports import At, BookRow
from interlock_gateway.use_cases.aggregates import DOORS
from interlock_gateway.use_cases.book import Book
from interlock_gateway.use_cases.desk import Below
from interlock_gateway.use_cases.doors import Doors


def open_book(row: BookRow, below: Below, now: int) -> Book:
    """Open the book of a bank; one whose doors are not known yet has none.

    Args:
        row: As it is kept.
        below: Where the doors are read.
        now: Unix seconds.
    """
    doors: Doors | None = below.value(At(DOORS, row.bank))
    return Book.opened(row, Layout(()) if doors is None else doors.layout, now=now)
