"""Banks and their links: codes, keys, journals, facts, receipts, commands."""

from __future__ import annotations

from typing import Final

from alembic import op

from interlock_gateway.store.migrations.tables import value_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STEPS: Final = (
    value_table("enrolment_codes", {"bank": "TEXT NOT NULL"}),
    value_table("bank_keys", {"bank": "TEXT NOT NULL"}),
    "CREATE INDEX bank_keys_bank ON bank_keys (bank)",
    value_table("bank_links", {}),
    value_table("journals", {}),
    value_table(
        "facts",
        {
            "bank": "TEXT NOT NULL",
            "journal": "TEXT NOT NULL",
            "lane": "TEXT NOT NULL",
            "number": "INTEGER NOT NULL",
        },
    ),
    "CREATE INDEX facts_address ON facts (bank, journal, lane, number)",
    value_table(
        "receipts",
        {"bank": "TEXT NOT NULL", "operator": "TEXT NOT NULL", "carrier": "TEXT", "reservation": "TEXT"},
    ),
    "CREATE INDEX receipts_bank ON receipts (bank)",
    "CREATE INDEX receipts_reservation ON receipts (reservation) WHERE reservation IS NOT NULL",
    value_table("pending_receipts", {}),
    value_table("commands", {"bank": "TEXT NOT NULL", "state": "TEXT NOT NULL"}),
    "CREATE INDEX commands_bank ON commands (bank)",
    value_table("status_lists", {}),
)


def upgrade() -> None:
    """Make the tables."""
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    """Refuse: a database that has promised something is restored from a backup, not taken back a version."""
    raise NotImplementedError
