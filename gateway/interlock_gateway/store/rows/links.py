"""Links of banks: codes, keys, journals, facts, receipts, commands."""

from typing import Any, Final

from interlock_gateway.domain.names import BankName
from interlock_gateway.store.table import Table
from interlock_gateway.use_cases.aggregates import (
    BANK_KEYS,
    BANK_LINKS,
    COMMANDS,
    ENROLMENT_CODES,
    FACTS,
    JOURNALS,
    PENDING_RECEIPTS,
    RECEIPTS,
    STATUS_LISTS,
)

LINK_TABLES: Final[tuple[Table[Any], ...]] = (
    Table(ENROLMENT_CODES, {"bank": lambda code: code.bank}),
    Table(BANK_KEYS, {"bank": lambda key: key.bank}),
    Table(BANK_LINKS),
    Table(JOURNALS),
    Table(
        FACTS,
        {
            "bank": lambda fact: fact.bank,
            "journal": lambda fact: fact.journal_id,
            "lane": lambda fact: fact.lane,
            "number": lambda fact: fact.number,
        },
    ),
    Table(
        RECEIPTS,
        {
            "bank": lambda receipt: receipt.bank,
            "operator": lambda receipt: BankName.parse(receipt.bank).party,
            "carrier": lambda receipt: receipt.carrier,
            "reservation": lambda receipt: receipt.reservation or None,
        },
    ),
    Table(PENDING_RECEIPTS),
    Table(COMMANDS, {"bank": lambda command: command.bank, "state": lambda command: command.state}),
    Table(STATUS_LISTS),
)
