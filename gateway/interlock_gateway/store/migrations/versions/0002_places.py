"""Where banks stand, and how much room each has: what a search looks up instead of reading every bank.

Triggers keep it current, in the transaction that changes a bank or its doors, whoever does so.
"""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _point(row: str) -> str:
    """The rectangle of no extent at which a row of ``banks`` stands, in 1e-7 degrees: 1 cm, and exact in 32 bits."""
    latitude = f"CAST(round({row}.latitude * 10000000) AS INTEGER)"
    longitude = f"CAST(round({row}.longitude * 10000000) AS INTEGER)"
    return f"{latitude}, {latitude}, {longitude}, {longitude}"


def _spread(number: str) -> str:
    """Space out the 20 bits of a number, a zero between each two. Source: Morton, 1966; the usual masks."""
    spread = f"SELECT {number} AS x"
    for shift, mask in ((16, 0xFFFF0000FFFF), (8, 0xFF00FF00FF00FF), (4, 0xF0F0F0F0F0F0F0F), (2, 0x3333333333333333)):
        spread = f"SELECT (x | (x << {shift})) & {mask} AS x FROM ({spread})"  # noqa: S608 - our own words
    return f"(SELECT (x | (x << 1)) & {0x5555555555555555} FROM ({spread}))"  # noqa: S608 - our own words


def _id(row: str) -> str:
    """The next free id of the cell in which a row of ``banks`` stands: 40 bits of the cell, 20 of a count within it.

    Cells are numbered along a Z-order curve, so that what is near on the map is near in the table: a search reads some
    dozen neighbouring pages, however large the table is, and not one page a bank.
    """
    east = _spread(f"CAST(({row}.longitude + 180) / 360 * 1048575 AS INTEGER)")
    north = _spread(f"CAST(({row}.latitude + 90) / 180 * 1048575 AS INTEGER)")
    first = f"((({north} << 1) | {east}) << 20)"
    return f"(SELECT coalesce(max(id) + 1, {first}) FROM places WHERE id BETWEEN {first} AND {first} + 1048575)"  # noqa: S608 - our own words


_PLACE: Final = (
    f"INSERT INTO places (id, bank, body) SELECT {_id('NEW')}, NEW.key, NEW.body; "  # noqa: S608 - our own words
    f"INSERT INTO positions SELECT id, {_point('NEW')} FROM places WHERE bank = NEW.key;"
)

STEPS: Final = (
    # All that a search reads of a bank, in one row: "body" repeats that of its row in banks; "summary" is
    # capacity.summary of its plan, NULL where its commitments have to be counted.
    """
    CREATE TABLE places (
      id INTEGER PRIMARY KEY,
      bank TEXT NOT NULL UNIQUE,
      body TEXT NOT NULL,
      summary BLOB
    )
    """,
    "CREATE VIRTUAL TABLE positions USING rtree_i32 (id, south, north, west, east)",
    f"CREATE TRIGGER bank_placed AFTER INSERT ON banks BEGIN {_PLACE} END",
    # Banks that are there already are put in their places as if they were new.
    "CREATE TEMP TABLE moving AS SELECT * FROM banks ORDER BY rowid",
    "DELETE FROM banks",
    "INSERT INTO banks SELECT * FROM moving",
    "DROP TABLE moving",
    """
    CREATE TRIGGER bank_changed AFTER UPDATE OF body ON banks BEGIN
      UPDATE places SET body = NEW.body WHERE bank = NEW.key;
    END
    """,
    f"""
    CREATE TRIGGER bank_moved AFTER UPDATE OF latitude, longitude ON banks
    WHEN (OLD.latitude, OLD.longitude) IS NOT (NEW.latitude, NEW.longitude) BEGIN
      DELETE FROM positions WHERE id = (SELECT id FROM places WHERE bank = NEW.key);
      UPDATE places SET id = {_id("NEW")} WHERE bank = NEW.key;
      INSERT INTO positions SELECT id, {_point("NEW")} FROM places WHERE bank = NEW.key;
    END
    """,  # noqa: S608 - our own words
    """
    CREATE TRIGGER bank_gone AFTER DELETE ON banks BEGIN
      DELETE FROM positions WHERE id = (SELECT id FROM places WHERE bank = OLD.key);
      DELETE FROM places WHERE bank = OLD.key;
    END
    """,
    # Other doors, other room: what the last plan said holds no longer. A batch that plans anew says so after this.
    *(
        f"CREATE TRIGGER doors_{word} AFTER {change} ON doors BEGIN "  # noqa: S608 - our own words
        "UPDATE places SET summary = NULL WHERE bank = NEW.key; END"
        for word, change in (("added", "INSERT"), ("changed", "UPDATE"))
    ),
)


def upgrade() -> None:
    """Make the tables and what keeps them current."""
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    """Refuse: a database that has promised something is restored from a backup, not taken back a version."""
    raise NotImplementedError
