"""Opening a database file: a broken one is named in a sentence and left as it is."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from interlock_gateway.store.rows import TABLES
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.store.sqlite.schema import DatabaseUnusable, prepare


def pragma(path: Path, name: str) -> object:
    with closing(connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    prepare(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert pragma(path, "journal_mode") == "wal"


def test_every_connection_waits_for_the_disk(tmp_path: Path) -> None:
    """REQ-9: 2 is FULL; with NORMAL, the last commits do not survive a power cut."""
    path = tmp_path / "gateway.db"
    prepare(path)
    for read_only in (False, True):
        with closing(connect(path, read_only=read_only)) as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_readers_connection_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    prepare(path)
    with closing(connect(path, read_only=True)) as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM parties")


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    prepare(path)
    before = path.read_bytes()
    prepare(path)
    assert path.read_bytes() == before


def test_the_schema_has_the_columns_that_the_rows_name(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    prepare(path)
    with closing(connect(path)) as connection:
        for table in TABLES:
            found = [row[1] for row in connection.execute(f'PRAGMA table_info("{table.name}")')]
            assert found == ["key", "version", *table.columns, "body"], table.name


def filled(path: Path) -> bytes:
    """A database with some hundred pages of reservations, closed and checkpointed."""
    prepare(path)
    with closing(connect(path)) as connection:
        rows = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
            "INSERT INTO parties (key, version, body) SELECT 'party-' || i, 1, hex(randomblob(400)) FROM n"
        )
        connection.execute(rows)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def refused(path: Path, *words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(DatabaseUnusable) as failure:
        prepare(path)
    sentence = str(failure.value)
    assert str(path) in sentence
    assert sentence.endswith(".")
    for word in words:
        assert word in sentence
    assert path.read_bytes() == before, "it was written to"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"hello", id="a text"),
        pytest.param(bytes(8192), id="nothing but zeros"),
        pytest.param(b"SQLite format 3\x00" + bytes(4080), id="a header and nothing more"),
    ],
)
def test_what_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gateway.db"
    path.write_bytes(content)
    refused(path)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    refused(path, "another program")


def test_a_damaged_file_is_left_alone(tmp_path: Path, random_cases: Random) -> None:
    path = tmp_path / "gateway.db"
    content = bytearray(filled(path))
    page = random_cases.randrange(len(content) // 4096 - 40, len(content) // 4096) * 4096
    content[page : page + 100] = random_cases.randbytes(100)
    path.write_bytes(content)
    refused(path, "damaged", "backup")


def test_a_file_that_was_cut_short_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    content = filled(path)
    path.write_bytes(content[: len(content) // 2])
    refused(path, "damaged")


def test_a_newer_versions_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    filled(path)
    with closing(connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(DatabaseUnusable, match="newer version"):
        prepare(path)
    with closing(connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM parties").fetchone() == (500,)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_file_that_may_not_be_opened_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    prepare(path)
    path.chmod(0)
    with pytest.raises(DatabaseUnusable):
        prepare(path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="cannot be opened"):
        prepare(tmp_path / "nowhere" / "gateway.db")
