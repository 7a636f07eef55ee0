"""Series: which issue of a right still opens, decided without any connection (ACC-58).

A higher series seen at the bank retires the lower ones for good, as a hotel key card of a later guest does.
"""

from collections.abc import Mapping

from interlock.access_token import Act
from interlock_edge.custody.ledger import LedgerRow
from interlock_edge.custody.manifest import ManifestEntry
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy

MOST_JUMP = 1_000
"""A token further ahead than this was made by somebody who wants to shut the others out: refused and reported."""


def known_series(
    right: Right,
    ledger: Mapping[Right, LedgerRow],
    tenancies: Mapping[str, Tenancy],
    entries: Mapping[str, ManifestEntry],
) -> int:
    """Return the lowest series of ``right`` that still opens, by all that this bank knows; 0 if it knows nothing."""
    row = ledger.get(right)
    known = row.series if row else 0
    entry = entries.get(right.subject)
    if entry is not None:
        known = max(known, entry.series.get(right.act, 0))
    if right.act is Act.COLLECT:
        tenancy = tenancies.get(right.subject)
        if tenancy is not None:
            known = max(known, tenancy.collect_series)
    return known
