"""Every table of values; a file for each area says what of a value can be searched.

To add an aggregate: its line in ``use_cases/aggregates.py``, its ``Table`` in a file here and in ``TABLES``, and a
migration that makes the table (``store/migrations/tables.py`` writes the DDL that all of them share). Desks can then
``get`` and ``put`` it, and ``store.sqlite.reading`` can ``get`` and ``list_where`` it.
"""

from typing import Any, Final

from interlock_gateway.store.rows.banks import BANK_TABLES
from interlock_gateway.store.rows.links import LINK_TABLES
from interlock_gateway.store.rows.parties import PARTY_TABLES
from interlock_gateway.store.rows.reservations import RESERVATION_TABLES
from interlock_gateway.store.table import Table

TABLES: Final[tuple[Table[Any], ...]] = (*PARTY_TABLES, *BANK_TABLES, *RESERVATION_TABLES, *LINK_TABLES)
"""In the order in which a batch writes them."""

TABLE_OF: Final = {table.aggregate: table for table in TABLES}
