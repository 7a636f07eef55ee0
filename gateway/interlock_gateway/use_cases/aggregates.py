"""What the network keeps: one line for each type of value, under the key by which desks ask for it.

To add one: a line here, a table in ``store/rows/`` that says which columns can be searched, and a migration.
"""

from __future__ import annotations

from typing import Final

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.discrepancy import Discrepancy
from interlock_gateway.domain.party import Party, PartyKey, RegistrationCode
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.ports import Aggregate
from interlock_gateway.use_cases.bank_link import (
    BankKey,
    BankLink,
    EnrolmentCode,
    IssuedStatusList,
    Journal,
    PendingReceipts,
    StoredCommand,
    StoredFact,
    StoredReceipt,
)
from interlock_gateway.use_cases.doors import Doors
from interlock_gateway.use_cases.evacuated import Evacuation
from interlock_gateway.use_cases.groups import CollectorGroup
from interlock_gateway.use_cases.personal import Personal

PARTIES: Final = Aggregate("parties", Party, lambda party: party.name.party)
"""By party id."""
PARTY_KEYS: Final = Aggregate("party_keys", PartyKey, lambda key: key.name.key)
"""By key id, the ``kid`` of call tokens."""
REGISTRATION_CODES: Final = Aggregate("registration_codes", RegistrationCode, lambda code: code.code_id)
"""By the public half of the code."""
BANKS: Final = Aggregate("banks", Bank, lambda bank: str(bank.name))
"""By name."""
DOORS: Final = Aggregate("doors", Doors, lambda doors: doors.bank)
"""By the bank's name."""
RESERVATIONS: Final = Aggregate("reservations", Reservation, lambda reservation: reservation.name.reservation)
"""By id, which is unique in the network; whoever looks one up by name compares the name."""
PERSONAL: Final = Aggregate("personal", Personal, lambda personal: personal.reservation)
"""By the reservation's id."""
COLLECTOR_GROUPS: Final = Aggregate("collector_groups", CollectorGroup, lambda group: group.key)
"""By ``groups.key``."""
DISCREPANCIES: Final = Aggregate("discrepancies", Discrepancy, lambda discrepancy: discrepancy.name.discrepancy)
"""By id, 80 random bits."""

# --- Links of banks ------------------------------------------------------------------------------------------------

ENROLMENT_CODES: Final = Aggregate("enrolment_codes", EnrolmentCode, lambda code: code.code_id)
"""By the public half of the code, hexadecimal."""
BANK_KEYS: Final = Aggregate("bank_keys", BankKey, lambda key: key.kid)
"""By thumbprint, the ``kid`` of receipts."""
BANK_LINKS: Final = Aggregate("bank_links", BankLink, lambda link: link.bank)
"""By the bank's name."""
JOURNALS: Final = Aggregate("journals", Journal, lambda journal: journal.key)
"""By ``bank_link.journal_key``."""
FACTS: Final = Aggregate("facts", StoredFact, lambda fact: fact.key)
"""By ``bank_link.fact_key``."""
RECEIPTS: Final = Aggregate("receipts", StoredReceipt, lambda receipt: receipt.name)
"""By name."""
PENDING_RECEIPTS: Final = Aggregate("pending_receipts", PendingReceipts, lambda pending: pending.reservation)
"""By the reservation's id."""
COMMANDS: Final = Aggregate("commands", StoredCommand, lambda command: command.id)
"""By id."""
EVACUATIONS: Final = Aggregate("evacuations", Evacuation, lambda evacuation: evacuation.name.evacuation)
"""By id."""
STATUS_LISTS: Final = Aggregate("status_lists", IssuedStatusList, lambda issued: issued.bank)
"""By the bank's name."""
