"""Evacuations."""

from __future__ import annotations

from typing import Final

from alembic import op

from interlock_gateway.store.migrations.tables import value_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STEPS: Final = (
    value_table("evacuations", {"bank": "TEXT NOT NULL"}),
    "CREATE INDEX evacuations_bank ON evacuations (bank)",
)


def upgrade() -> None:
    """Make the table."""
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    """Refuse: a database that has promised something is restored from a backup, not taken back a version."""
    raise NotImplementedError
