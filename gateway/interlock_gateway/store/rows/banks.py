"""Banks, their doors, and the discrepancies that were found there."""

from typing import Any, Final

from interlock_gateway.store.table import Table
from interlock_gateway.use_cases.aggregates import BANKS, DISCREPANCIES, DOORS, EVACUATIONS

BANK_TABLES: Final[tuple[Table[Any], ...]] = (
    Table(
        BANKS,
        {
            "operator": lambda bank: bank.operator,
            "host": lambda bank: bank.host,
            "state": lambda bank: bank.state,
            "latitude": lambda bank: bank.latitude,
            "longitude": lambda bank: bank.longitude,
            "token_audience": lambda bank: bank.token_audience,
        },
    ),
    Table(DOORS),
    Table(EVACUATIONS, {"bank": lambda evacuation: str(evacuation.name.bank_name)}),
    Table(
        DISCREPANCIES,
        {
            "bank": lambda discrepancy: str(discrepancy.name.bank_name),
            "operator": lambda discrepancy: discrepancy.name.party,
            "carrier": lambda discrepancy: (
                None if discrepancy.finding.reservation is None else discrepancy.finding.reservation.party
            ),
            "reservation": lambda discrepancy: (
                None if discrepancy.finding.reservation is None else discrepancy.finding.reservation.reservation
            ),
            "open": lambda discrepancy: int(discrepancy.open),
        },
    ),
)
