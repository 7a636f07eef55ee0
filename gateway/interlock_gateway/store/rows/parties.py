"""Parties, their keys, the codes by which keys are registered."""

from typing import Any, Final

from interlock_gateway.store.table import Table
from interlock_gateway.use_cases.aggregates import PARTIES, PARTY_KEYS, REGISTRATION_CODES

PARTY_TABLES: Final[tuple[Table[Any], ...]] = (
    Table(PARTIES),
    Table(PARTY_KEYS, {"party": lambda key: key.name.party, "thumbprint": lambda key: key.thumbprint}),
    Table(REGISTRATION_CODES, {"party": lambda code: code.party.party}),
)
