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


STEPS: Final = (
    # An id of its own: the rowid of a bank's row may change when the file is vacuumed, and the R*Tree has numbers.
    # "summary" is capacity.summary of the bank's plan; NULL: its commitments have to be counted.
    """
    CREATE TABLE places (
      id INTEGER PRIMARY KEY,
      bank TEXT NOT NULL UNIQUE,
      summary BLOB
    )
    """,
    "CREATE VIRTUAL TABLE positions USING rtree_i32 (id, south, north, west, east)",
    # Banks that are there already.
    "INSERT INTO places (bank) SELECT key FROM banks",
    f"INSERT INTO positions SELECT places.id, {_point('banks')} FROM places JOIN banks ON banks.key = places.bank",  # noqa: S608 - our own words
    f"""
    CREATE TRIGGER bank_placed AFTER INSERT ON banks BEGIN
      INSERT INTO places (bank) VALUES (NEW.key);
      INSERT INTO positions SELECT id, {_point("NEW")} FROM places WHERE bank = NEW.key;
    END
    """,  # noqa: S608 - our own words
    f"""
    CREATE TRIGGER bank_moved AFTER UPDATE OF latitude, longitude ON banks
    WHEN (OLD.latitude, OLD.longitude) IS NOT (NEW.latitude, NEW.longitude) BEGIN
      UPDATE positions SET (south, north, west, east) = (SELECT {_point("NEW")})
      WHERE id = (SELECT id FROM places WHERE bank = NEW.key);
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
