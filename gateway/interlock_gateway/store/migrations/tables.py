"""The DDL that tables of values share."""

from __future__ import annotations

from collections.abc import Mapping


def value_table(name: str, columns: Mapping[str, str]) -> str:
    """Write the table of an aggregate: key, version, searched columns, body (``store.table``).

    A table with a rowid: the bodies are large, and the keys mostly random, so they stand in an index of their own;
    and the rowid is the order of creation.

    Args:
        name: Of the table.
        columns: Type and constraints by column, in the order of ``Table.columns``.
    """
    searched = "".join(f'  "{column}" {kind},\n' for column, kind in columns.items())
    return (
        f'CREATE TABLE "{name}" (\n'
        "  key TEXT NOT NULL UNIQUE,\n"
        "  version INTEGER NOT NULL,\n"
        f"{searched}"
        "  body TEXT NOT NULL\n"
        ")"
    )
