"""Finding and opening the databases of a network below one folder. Nothing is ever written to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

_HEADER: Final = b"SQLite format 3\x00"
"""How every SQLite database begins (SQLite file format, section 1.3)."""
_GATEWAY: Final = frozenset({"books", "commitments", "doors", "events", "log_head", "reservations"})
_JOURNAL: Final = frozenset({"journal", "lane", "fact"})


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a database to read from, at one moment, also while its owner is writing.

    Args:
        file: The database.

    Raises:
        sqlite3.Error: It is damaged.
    """
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield connection


def gateways(directory: Path) -> list[Path]:
    """Find the databases of gateways in ``directory`` and below, by their tables."""
    return _with_tables(directory, _GATEWAY)


def journals(directory: Path) -> list[Path]:
    """Find the journals of banks in ``directory`` and below, by their tables."""
    return _with_tables(directory, _JOURNAL)


def _with_tables(directory: Path, wanted: frozenset[str]) -> list[Path]:
    return [file for file in sorted(directory.rglob("*")) if file.is_file() and _is_sqlite(file) and _has(file, wanted)]


def _is_sqlite(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(len(_HEADER)) == _HEADER


def _has(file: Path, wanted: frozenset[str]) -> bool:
    with reading(file) as connection:
        return wanted <= {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
