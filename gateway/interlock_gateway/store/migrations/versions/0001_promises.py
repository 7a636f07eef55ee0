"""Parties, banks, reservations, the books of banks, remembered requests and the event log."""

from __future__ import annotations

from typing import Final

from alembic import op

from interlock_gateway.store.migrations.tables import value_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STEPS: Final = (
    # --- Values ----------------------------------------------------------------------------------------------------
    value_table("parties", {}),
    value_table("party_keys", {"party": "TEXT NOT NULL", "thumbprint": "TEXT NOT NULL UNIQUE"}),
    "CREATE INDEX party_keys_party ON party_keys (party)",
    value_table("registration_codes", {"party": "TEXT NOT NULL"}),
    value_table(
        "banks",
        {
            "operator": "TEXT NOT NULL",
            "host": "TEXT",
            "state": "TEXT NOT NULL",
            "latitude": "REAL NOT NULL",
            "longitude": "REAL NOT NULL",
            "token_audience": "TEXT NOT NULL UNIQUE",
        },
    ),
    "CREATE INDEX banks_operator ON banks (operator)",
    "CREATE INDEX banks_host ON banks (host) WHERE host IS NOT NULL",
    value_table("doors", {}),
    value_table(
        "discrepancies",
        {
            "bank": "TEXT NOT NULL",
            "operator": "TEXT NOT NULL",
            "carrier": "TEXT",
            "reservation": "TEXT",
            "open": "INTEGER NOT NULL",
        },
    ),
    "CREATE INDEX discrepancies_bank ON discrepancies (bank)",
    "CREATE INDEX discrepancies_carrier ON discrepancies (carrier) WHERE carrier IS NOT NULL",
    "CREATE INDEX discrepancies_reservation ON discrepancies (reservation) WHERE reservation IS NOT NULL",
    value_table(
        "reservations",
        {
            "carrier": "TEXT NOT NULL",
            "bank": "TEXT NOT NULL",
            "operator": "TEXT NOT NULL",
            "host": "TEXT",
            "state": "TEXT NOT NULL",
            "due": "REAL",  # unix seconds
        },
    ),
    "CREATE INDEX reservations_carrier ON reservations (carrier)",
    "CREATE INDEX reservations_bank ON reservations (bank, carrier)",
    "CREATE INDEX reservations_due ON reservations (due) WHERE due IS NOT NULL",
    value_table("personal", {"party": "TEXT NOT NULL"}),
    value_table("collector_groups", {}),
    # --- The books of banks: what is decided under the lock of a bank, which is the version of its row -------------
    """
    CREATE TABLE books (
      bank TEXT NOT NULL PRIMARY KEY,
      version INTEGER NOT NULL,
      manifest_number INTEGER NOT NULL,
      next_status_index INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    # Instants in unix seconds; "end" is NULL where there is none. Kinds and needs as in capacity.kinds.
    """
    CREATE TABLE commitments (
      bank TEXT NOT NULL,
      id TEXT NOT NULL,
      need INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      "start" INTEGER NOT NULL,
      "end" INTEGER,
      standing INTEGER NOT NULL,
      token_out INTEGER NOT NULL,
      moving_to INTEGER,
      door TEXT,
      since INTEGER NOT NULL,
      floored INTEGER NOT NULL,
      PRIMARY KEY (bank, id)
    ) WITHOUT ROWID
    """,
    # The PIN itself is never kept: the tag is a keyed hash of it, so the key says that live PINs are unique at a bank.
    """
    CREATE TABLE pins (
      bank TEXT NOT NULL,
      tag INTEGER NOT NULL,
      subject TEXT NOT NULL,
      PRIMARY KEY (bank, tag)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE manifest_log (
      bank TEXT NOT NULL,
      number INTEGER NOT NULL,
      subject TEXT NOT NULL,
      PRIMARY KEY (bank, number)
    ) WITHOUT ROWID
    """,
    # --- Requests and the log --------------------------------------------------------------------------------------
    # With a rowid, which grows with time: what is too old is found without an index of its own.
    """
    CREATE TABLE requests (
      party TEXT NOT NULL,
      method TEXT NOT NULL,
      request_id TEXT NOT NULL,
      digest TEXT NOT NULL,
      time REAL NOT NULL,
      answer TEXT NOT NULL,
      UNIQUE (party, method, request_id)
    )
    """,
    # The last position ever given: none is given twice, also after the log was shortened.
    "CREATE TABLE log_head (position INTEGER NOT NULL)",
    "INSERT INTO log_head (position) VALUES (0)",
    """
    CREATE TABLE events (
      position INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      type TEXT NOT NULL,
      time REAL NOT NULL,
      recorded_time REAL NOT NULL,
      body TEXT NOT NULL,
      UNIQUE (key, sequence)
    )
    """,
    """
    CREATE TABLE event_audience (
      party TEXT NOT NULL,
      position INTEGER NOT NULL,
      view TEXT NOT NULL,
      PRIMARY KEY (party, position, view)
    ) WITHOUT ROWID
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    """Refuse: a database that has promised something is restored from a backup, not taken back a version."""
    raise NotImplementedError
