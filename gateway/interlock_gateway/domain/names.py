"""Resource names: what each looks like, read strictly and written one way only.

A name carries its owner, so whether the caller owns it is decided on the text alone, without a look at any store
(PTY-3). The grammar is ASCII and lower case; there is exactly one spelling of each name (PTY-2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import ClassVar, Self

from interlock_gateway.domain.errors import InvalidName

PARTY_ID = r"[a-z][a-z0-9-]{1,30}"
BANK_ID = r"[a-z0-9][a-z0-9-]{1,62}"
RANDOM_ID = r"[a-z2-7]{16}"
"""80 random bits in the lower-case alphabet of RFC 4648 section 6, without padding."""
LABEL = r"[A-Za-z0-9][A-Za-z0-9-]{0,11}"
"""What is written on a door, for example ``7`` or ``B-12``."""
RECEIPT_ID = rf"{RANDOM_ID}-[1-9][0-9]{{0,17}}"
TOKEN_AUDIENCE = r"[a-z2-7]{12}"  # noqa: S105 - a grammar, not a secret

_LONGEST_NAME = 256
"""Characters; the longest legal name has 160, so what is longer is refused before the pattern is tried."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of one resource type; ``str()`` writes it."""

    pattern: ClassVar[str]
    """The form for people, with the parts in braces, as in the contract's ``google.api.resource``."""
    grammar: ClassVar[re.Pattern[str]]

    @classmethod
    def parse(cls, text: str, *, field: str = "name") -> Self:
        """Read a name.

        Args:
            text: The name as it came.
            field: Path of the field that held it, for the refusal, for example ``requests[3].reservation.bank``.

        Raises:
            InvalidName: ``text`` is not such a name, to the letter.
        """
        match = cls.grammar.fullmatch(text) if len(text) <= _LONGEST_NAME else None
        if match is None:
            raise InvalidName(field=field, pattern=cls.pattern)
        return cls(**match.groupdict())

    def __str__(self) -> str:
        """Write the name in its one spelling."""
        return self.pattern.format(**{each.name: getattr(self, each.name) for each in fields(self)})


@dataclass(frozen=True, slots=True)
class PartyName(Name):
    """``parties/acme``: who holds a key and owns rows."""

    pattern = "parties/{party}"
    grammar = re.compile(rf"parties/(?P<party>{PARTY_ID})", re.ASCII)
    party: str


@dataclass(frozen=True, slots=True)
class PartyKeyName(Name):
    """``parties/acme/keys/3hk2...``: a public key of a party; the id is 16 characters drawn at registration."""

    pattern = "parties/{party}/keys/{key}"
    grammar = re.compile(rf"parties/(?P<party>{PARTY_ID})/keys/(?P<key>{RANDOM_ID})", re.ASCII)
    party: str
    key: str


@dataclass(frozen=True, slots=True)
class AccountName(Name):
    """``parties/acme/accounts/omniva``: a party's own account with a carried network, by that network's party id."""

    pattern = "parties/{party}/accounts/{network}"
    grammar = re.compile(rf"parties/(?P<party>{PARTY_ID})/accounts/(?P<network>{PARTY_ID})", re.ASCII)
    party: str
    network: str


@dataclass(frozen=True, slots=True)
class WebhookName(Name):
    """``parties/acme/webhooks/...``: an address to which a party's events are posted."""

    pattern = "parties/{party}/webhooks/{webhook}"
    grammar = re.compile(rf"parties/(?P<party>{PARTY_ID})/webhooks/(?P<webhook>{RANDOM_ID})", re.ASCII)
    party: str
    webhook: str


@dataclass(frozen=True, slots=True)
class BankName(Name):
    """``parties/oko/banks/hbf-1``: one installation; its party is the operator."""

    pattern = "parties/{party}/banks/{bank}"
    grammar = re.compile(rf"parties/(?P<party>{PARTY_ID})/banks/(?P<bank>{BANK_ID})", re.ASCII)
    party: str
    bank: str

    def __str__(self) -> str:
        """Write the name. Spelled out: every decision writes it several times, and this is five times as fast."""
        return f"parties/{self.party}/banks/{self.bank}"


@dataclass(frozen=True, slots=True)
class _PartOfBank(Name):
    """A resource that lies under a bank."""

    party: str
    bank: str

    @property
    def bank_name(self) -> BankName:
        """The bank that it lies under."""
        return BankName(self.party, self.bank)


_BANK = rf"parties/(?P<party>{PARTY_ID})/banks/(?P<bank>{BANK_ID})"


@dataclass(frozen=True, slots=True)
class CompartmentName(_PartOfBank):
    """``.../compartments/B-12``: one space behind one door, by its label."""

    pattern = "parties/{party}/banks/{bank}/compartments/{compartment}"
    grammar = re.compile(rf"{_BANK}/compartments/(?P<compartment>{LABEL})", re.ASCII)
    compartment: str


@dataclass(frozen=True, slots=True)
class DiscrepancyName(_PartOfBank):
    """``.../discrepancies/...``: a contradiction between record and facts, kept where the fact was."""

    pattern = "parties/{party}/banks/{bank}/discrepancies/{discrepancy}"
    grammar = re.compile(rf"{_BANK}/discrepancies/(?P<discrepancy>{RANDOM_ID})", re.ASCII)
    discrepancy: str


@dataclass(frozen=True, slots=True)
class ReceiptName(_PartOfBank):
    """``.../receipts/{journal_id}-{number}``: the address of a custody fact, hence of its proof."""

    pattern = "parties/{party}/banks/{bank}/receipts/{receipt}"
    grammar = re.compile(rf"{_BANK}/receipts/(?P<receipt>{RECEIPT_ID})", re.ASCII)
    receipt: str

    @property
    def journal_id(self) -> str:
        """The journal, 16 characters."""
        return self.receipt.rpartition("-")[0]

    @property
    def number(self) -> int:
        """The fact's number in the custody lane of that journal, from 1."""
        return int(self.receipt.rpartition("-")[2])


@dataclass(frozen=True, slots=True)
class CommandName(_PartOfBank):
    """``.../commands/...``: something asked of a bank over its link."""

    pattern = "parties/{party}/banks/{bank}/commands/{command}"
    grammar = re.compile(rf"{_BANK}/commands/(?P<command>{RANDOM_ID})", re.ASCII)
    command: str


@dataclass(frozen=True, slots=True)
class EvacuationName(_PartOfBank):
    """``.../evacuations/...``: a wish to open what holds parcels, until a second party agrees."""

    pattern = "parties/{party}/banks/{bank}/evacuations/{evacuation}"
    grammar = re.compile(rf"{_BANK}/evacuations/(?P<evacuation>{RANDOM_ID})", re.ASCII)
    evacuation: str


@dataclass(frozen=True, slots=True)
class ServiceVisitName(_PartOfBank):
    """``.../serviceVisits/...``: a time at which a technician is to come."""

    pattern = "parties/{party}/banks/{bank}/serviceVisits/{visit}"
    grammar = re.compile(rf"{_BANK}/serviceVisits/(?P<visit>{RANDOM_ID})", re.ASCII)
    visit: str


@dataclass(frozen=True, slots=True)
class ReservationName(Name):
    """``parties/acme/reservations/...``: its party is the carrier; the id is unique in the whole network."""

    pattern = "parties/{party}/reservations/{reservation}"
    grammar = re.compile(rf"parties/(?P<party>{PARTY_ID})/reservations/(?P<reservation>{RANDOM_ID})", re.ASCII)
    party: str
    reservation: str

    def __str__(self) -> str:
        """Write the name. Spelled out, as that of a bank is."""
        return f"parties/{self.party}/reservations/{self.reservation}"


NAMES: tuple[type[Name], ...] = (
    PartyName,
    PartyKeyName,
    AccountName,
    WebhookName,
    BankName,
    CompartmentName,
    DiscrepancyName,
    ReceiptName,
    CommandName,
    EvacuationName,
    ServiceVisitName,
    ReservationName,
)


def parse(text: str, *, field: str = "name") -> Name:
    """Read a name of whichever type it is.

    Raises:
        InvalidName: It is no name of this network.
    """
    for kind in NAMES:
        if len(text) <= _LONGEST_NAME and kind.grammar.fullmatch(text):
            return kind.parse(text, field=field)
    raise InvalidName(field=field, pattern="parties/{party}/...")


def owner(text: str, *, field: str = "name") -> str:
    """Give the id of the party that a name belongs to; enough to decide ownership (PTY-3).

    Raises:
        InvalidName: It is no name of this network.
    """
    party: str = getattr(parse(text, field=field), "party")  # noqa: B009 - every name begins with its party
    return party
