"""Every method of both clients, described once, by what it is about."""

from interlock.client.methods.access import Access
from interlock.client.methods.accounts import Accounts
from interlock.client.methods.banks import Banks
from interlock.client.methods.directory import Directory
from interlock.client.methods.discrepancies import Discrepancies
from interlock.client.methods.doors import Doors
from interlock.client.methods.events import Events
from interlock.client.methods.parties import Parties
from interlock.client.methods.receipts import Receipts
from interlock.client.methods.reservations import Reservations
from interlock.client.methods.verifying import Verifying


class Methods(
    Directory,
    Reservations,
    Access,
    Receipts,
    Events,
    Discrepancies,
    Parties,
    Accounts,
    Banks,
    Doors,
    Verifying,
):
    """All that the contract offers, and what can be verified without trusting it."""
