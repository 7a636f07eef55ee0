"""Deciding what may have to wait for a bank's word: the request that needs a move is answered after it (CAP-7)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from interlock_gateway.domain.errors import NoCapacity
from interlock_gateway.domain.names import BankName
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.moves import MovesAcknowledged
from interlock_gateway.use_cases.promise import MovesAwaited, Promised
from interlock_gateway.use_cases.proposal import Proposal

DEADLINE_S: Final = 2.0
"""How long a caller waits for banks to agree; then there is no room for it. What was moved stays moved."""


class Asked(Protocol):
    """The links, as far as moves need them."""

    def manifest_changed(self, bank: BankName) -> None:
        """Have a connected bank told of the change that was just committed. Never waits."""
        ...

    async def acknowledges(self, bank: BankName, number: int, timeout_s: float) -> bool:
        """Wait until the bank has acknowledged a manifest's number; whether it did in time."""
        ...


async def submit_with_moves(
    committer: Committer,
    proposal: Callable[[], Proposal[Promised | MovesAwaited]],
    links: Asked,
    *,
    deadline_s: float = DEADLINE_S,
) -> Promised:
    """Submit a proposal; where others have to move first, wait for the bank and submit it again.

    Args:
        committer: The committer.
        proposal: Makes the proposal, with how well the bank can be reached at that moment.
        links: Who asks the bank.
        deadline_s: How long to wait in all.

    Raises:
        Refusal: The proposal was refused.
        NoCapacity: The bank did not agree in time.
    """
    clock = asyncio.get_running_loop()
    until = clock.time() + deadline_s
    while True:
        answer = await committer.submit(proposal())
        if isinstance(answer, Promised):
            return answer
        bank = BankName.parse(answer.bank)
        links.manifest_changed(bank)
        if not await links.acknowledges(bank, answer.manifest_number, max(0.0, until - clock.time())):
            raise NoCapacity(bank=answer.bank)
        # The link submits this too when the acknowledgement comes; whoever is second finds nothing to do.
        await committer.submit(MovesAcknowledged(answer.reservations))
