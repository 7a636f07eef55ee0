"""What a verdict may go by, taken from the state of the bank and the documents that it holds."""

from collections.abc import Mapping

from interlock.key_set import KeySet
from interlock.keys import PublicKey
from interlock.status_list import StatusList
from interlock_edge.access.known import Known, Site
from interlock_edge.bank.state import Bank


def knowledge(
    bank: Bank, *, site: Site, key_set: KeySet, keys: Mapping[str, PublicKey], status: StatusList | None
) -> Known:
    """Put together what is known. Copies nothing.

    Args:
        bank: The state.
        site: Who this bank is.
        key_set: The newest signed key set.
        keys: Its trusted keys for access.
        status: The newest status list, or nothing.
    """
    return Known(
        site=site,
        key_set=key_set,
        keys=keys,
        status=status,
        manifest=bank.manifest,
        ledger=bank.ledger,
        tenancies=bank.tenancies,
        openings=bank.openings,
        limits=bank.policy.limits,
    )
