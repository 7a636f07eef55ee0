"""How long a door stays open to second thoughts (EVD-9).

What must be known before a hand-over counts (EVD-3, EVD-4) is judged at the bank, which says in each fact how well it
is known.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from interlock_gateway.domain.facts import Evidence

_SHORT_GRACE: Final = timedelta(seconds=60)
_LONG_GRACE: Final = timedelta(hours=24)


def grace(evidence: Evidence | None) -> timedelta:
    """Say for how long after a removal the same right opens the same door again.

    A minute for whoever forgot something; a day where nobody saw the compartment empty.
    """
    return _SHORT_GRACE if evidence is Evidence.SENSED else _LONG_GRACE
