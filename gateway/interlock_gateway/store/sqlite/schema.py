"""Opening a database file: made when not there, brought up to date when old, left alone when broken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import alembic.command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool

from interlock_gateway.store.sqlite.connection import APPLICATION_ID, connect

_MAGIC: Final = b"SQLite format 3\x00"


class DatabaseUnusable(Exception):
    """The file cannot be used; the message is one plain sentence. Nothing was written to it."""


def prepare(path: Path) -> None:
    """Make or migrate the database at ``path``, so that connections can be opened.

    Raises:
        DatabaseUnusable: It is damaged, belongs to another program or a newer version, or cannot be opened.
    """
    fresh = not path.exists() or path.stat().st_size == 0
    if not fresh:
        _examine(path)
    try:
        if fresh:
            path.touch(mode=0o600)
        with closing(connect(path)) as connection:
            if fresh:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection, path)
    except (sqlite3.Error, OSError) as failure:
        message = f"{path} cannot be opened as a database: {failure}."
        raise DatabaseUnusable(message) from failure


def _examine(path: Path) -> None:
    """Look at an existing file without writing to it."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                message = f"{path} is not a database; it was left as it is."
                raise DatabaseUnusable(message)
        with closing(connect(path, read_only=True)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION_ID:
                message = f"{path} is a database of another program; it was left as it is."
                raise DatabaseUnusable(message)
            # A read-only connection: what it finds wrong it cannot make worse.
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, OSError) as failure:
        message = f"{path} is damaged ({failure}); restore it from a backup. It was left as it is."
        raise DatabaseUnusable(message) from failure
    if verdict != "ok":
        message = f"{path} is damaged ({verdict.splitlines()[-1]}); restore it from a backup. It was left as it is."
        raise DatabaseUnusable(message)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Run the steps that the database does not have yet, each in a transaction of its own.

    Raises:
        DatabaseUnusable: It has had a step that this version does not know.
    """
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    # pysqlite would commit before each CREATE by itself; with explicit transactions a step is made whole or not at all.
    event.listen(engine, "begin", lambda each: each.exec_driver_sql("BEGIN IMMEDIATE"))
    with as_file(files("interlock_gateway.store.migrations")) as folder, engine.connect() as wrapped:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        unknown = set(MigrationContext.configure(wrapped).get_current_heads()) - known
        if unknown:
            steps = ", ".join(sorted(unknown))
            message = f"{path} was written by a newer version of the gateway (step {steps}); install that version."
            raise DatabaseUnusable(message)
        config.attributes["connection"] = wrapped
        alembic.command.upgrade(config, "head")
        wrapped.commit()
