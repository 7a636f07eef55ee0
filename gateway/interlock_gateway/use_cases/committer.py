"""The committer: every change of shared state goes through it, many at a time (REQ-20 to REQ-26).

While one batch is being made durable, further proposals queue up; then all of them are decided, in the order in which
they came, and written in one transaction. So the cost of durability is shared, and whoever decides sees everything
that was decided before.

The batch belongs to the committer. A caller that gives up neither stops nor breaks it; a proposal that the schema does
not accept is found by halving, and fails alone; an answer leaves only when what it tells is durable. When the database
gives no answer, what became of the batch is looked up before anybody is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from interlock_gateway.domain.errors import Refusal, ShuttingDown, StoreUnavailable
from interlock_gateway.ports import (
    Batch,
    Clock,
    Entropy,
    Event,
    InDoubt,
    NotAccepted,
    RequestKey,
    Shelf,
    ShelfFailure,
    ShelfUnavailable,
    Stale,
    Wanted,
)
from interlock_gateway.use_cases.proposal import Proposal
from interlock_gateway.use_cases.submission import Entry, Submission
from interlock_gateway.use_cases.working_set import Cache, OpenBook, WorkingSet

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_IN_A_BATCH: Final = 512
"""Entries decided together. More would make the first of them wait for the last without saving much."""
MOST_ROUNDS: Final = 8
"""Times that a batch is decided again because something was not at hand, or somebody else had written."""
RETRY_AFTER: Final = timedelta(seconds=1)


class Committer:
    """Decides and commits proposals in batches. One a process; ``run`` is its task.

    Attributes:
        commits: Batches written since the start.
        committed: Entries in them.
    """

    def __init__(
        self,
        shelf: Shelf,
        open_book: OpenBook,
        *,
        clock: Clock,
        entropy: Entropy,
        most_in_a_batch: int = MOST_IN_A_BATCH,
        told: Callable[[Sequence[Event]], None] | None = None,
    ) -> None:
        """Plug it together.

        Args:
            shelf: Where values are kept.
            open_book: Opens a bank's book from its rows.
            clock: The instant of each decision.
            entropy: Random bytes for what decisions draw.
            most_in_a_batch: Entries decided together.
            told: Called after each commit with what it added to the log; must not wait.
        """
        self._shelf = shelf
        self._open_book = open_book
        self._clock = clock
        self._entropy = entropy
        self._most = most_in_a_batch
        self._told = told or (lambda _events: None)
        self._cache = Cache()
        self._queue: deque[Entry] = deque()
        self._wake = asyncio.Event()
        self._stopping = False
        self.commits = 0
        self.committed = 0

    @property
    def waiting(self) -> int:
        """Entries that wait for the next batch."""
        return len(self._queue)

    # --- For callers -------------------------------------------------------------------------------------------

    async def submit(self, proposal: Proposal[T]) -> T:
        """Decide a proposal, make it durable, give its answer.

        Cancelling the wait does not undo anything: the proposal may be committed all the same, and its
        ``request_id`` then gives the answer.

        Raises:
            Refusal: The proposal was refused; ``StoreUnavailable`` when it is not known whether it was committed.
        """
        outcome = (await self.submit_all([proposal]))[0]
        if isinstance(outcome, BaseException):
            raise outcome
        answer: T = outcome
        return answer

    async def submit_all(
        self, proposals: Sequence[Proposal[T]], *, groups: Sequence[str] | None = None
    ) -> list[T | Refusal]:
        """Decide many proposals in their order, each with an outcome of its own (REQ-6).

        Args:
            proposals: In the order in which they are decided.
            groups: For each proposal the name of its all-or-none group, or empty; members of one group stand or fall
                together, and are decided where its first member stands.

        Returns:
            For each proposal, in the same order, its answer or its refusal.
        """
        if self._stopping:
            raise ShuttingDown(retry_after=RETRY_AFTER)
        if not proposals:
            return []
        submission = Submission(proposals, asyncio.get_running_loop().create_future())
        self._queue.extend(submission.entries(groups))
        self._wake.set()
        return await submission.outcomes

    async def consider(self, proposal: Proposal[T]) -> T:
        """Decide a proposal and drop what it decided: would it fit? Nothing is kept, nothing is remembered.

        Raises:
            Refusal: It would be refused.
        """
        submission = Submission([proposal], asyncio.get_running_loop().create_future(), kept=False)
        self._queue.extend(submission.entries(None))
        self._wake.set()
        outcome = (await submission.outcomes)[0]
        if isinstance(outcome, BaseException):
            raise outcome
        answer: T = outcome
        return answer

    # --- The loop ----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until ``stop``; what was submitted before is still committed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._settle(self._next_batch())
            if self._stopping:
                return

    def stop(self) -> None:
        """Take nothing new; ``run`` returns when the queue is empty."""
        self._stopping = True
        self._wake.set()

    def _next_batch(self) -> list[Entry]:
        """Take what waits, in order, up to a number; a twin of a request in the batch waits for the next one."""
        batch: list[Entry] = []
        later: list[Entry] = []
        keys: set[RequestKey] = set()
        while self._queue and len(batch) < self._most:
            entry = self._queue.popleft()
            if entry.given_up:
                continue
            if keys.isdisjoint(entry.keys):
                keys.update(entry.keys)
                batch.append(entry)
            else:
                later.append(entry)
        self._queue.extendleft(reversed(later))
        return batch

    async def _settle(self, batch: list[Entry]) -> None:
        """See a batch through to the end: each of its entries gets an outcome, whatever happens."""
        try:
            await self._commit(batch)
        except ShelfUnavailable:
            for entry in batch:
                entry.fail(lambda: StoreUnavailable(retry_after=RETRY_AFTER))
        except Exception as failure:
            # A row that breaks a rule of the schema, a value that cannot be written: one entry must not spoil the rest.
            # Both halves are decided again and not only written again: what stands after the culprit may rest on it.
            middle = len(batch) // 2
            if middle:
                await self._settle(batch[:middle])
                await self._settle(batch[middle:])
                return
            log.exception("a proposal could not be committed")
            reason = str(failure)
            batch[0].fail(lambda: NotAccepted(reason))

    async def _commit(self, batch: list[Entry]) -> None:
        """Decide a batch, write it, answer."""
        for _ in range(MOST_ROUNDS):
            working = await self._decided(batch)
            rows = working.batch()
            try:
                await self._write(working, rows)
            except Stale:
                continue
            self.commits += bool(rows)
            self.committed += len(batch) if rows else 0
            for entry in batch:
                entry.answer()
            self._announce(rows.events)
            return
        message = f"decided {MOST_ROUNDS} times on what was no longer so"
        raise ShelfFailure(message)

    async def _write(self, working: WorkingSet, rows: Batch) -> None:
        """Write what was decided; where the database does not say whether it did, look it up (REQ-23)."""
        if not rows:
            return
        try:
            try:
                await self._shelf.write(rows)
            except InDoubt as doubt:
                if not await self._shelf.landed(rows):
                    raise ShelfUnavailable(str(doubt)) from doubt
        except ShelfFailure:
            working.distrust()
            raise
        working.settle()

    def _announce(self, events: Sequence[Event]) -> None:
        """Tell whoever follows the log; a failure there is none of the batch, which stands."""
        try:
            if events:
                self._told(events)
        except Exception:
            log.exception("a commit was not announced")

    async def _halve(self, batch: list[Entry], reason: str) -> None:
        """Find the entry that the schema does not accept.

        Both halves are decided again and not only written again: what stands after the culprit may have rested on it.
        """
        middle = len(batch) // 2
        if middle == 0:
            batch[0].fail(lambda: NotAccepted(reason))
            return
        await self._settle(batch[:middle])
        await self._settle(batch[middle:])

    # --- Deciding ----------------------------------------------------------------------------------------------

    async def _decided(self, batch: list[Entry]) -> WorkingSet:
        """Decide every entry in order, loading what is not at hand."""
        working = WorkingSet(self._cache, self._open_book, self._clock.now())
        wanted = Wanted()
        for entry in batch:
            wanted.requests.update(entry.keys)
            for proposal in entry.proposals:
                proposal.needs(wanted)
        for _ in range(MOST_ROUNDS):
            lacking = working.lacks(wanted)
            if lacking:
                working.take_in(lacking, await self._shelf.load(lacking))
            working.start_over()
            for entry in batch:
                entry.decide(working, self._entropy)
            if not working.missing:
                return working
            wanted = working.missing
        message = f"a batch still lacked something after {MOST_ROUNDS} rounds of loading"
        raise ShelfFailure(message)
