"""What waits at the committer: proposals that were handed in together, and what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from interlock_gateway.domain.errors import GroupRefused, Refusal
from interlock_gateway.domain.request_memory import recall
from interlock_gateway.ports import Entropy, Remembered, Request, RequestKey
from interlock_gateway.use_cases.desk import Below, Desk, NotAtHand
from interlock_gateway.use_cases.proposal import Proposal
from interlock_gateway.use_cases.working_set import WorkingSet

Outcome = Any
"""An answer, or the exception that is one."""


class Submission:
    """Proposals handed in by one caller, who is told when all have an outcome.

    Attributes:
        outcomes: Resolved with one outcome a proposal, in their order. Cancelled when the caller gave up.
        kept: Whether what is decided is to be kept.
    """

    def __init__(
        self, proposals: Sequence[Proposal[Any]], outcomes: asyncio.Future[list[Outcome]], *, kept: bool = True
    ) -> None:
        """Wait for ``proposals``."""
        self.kept = kept
        self.outcomes = outcomes
        self._proposals = proposals
        self._found: list[Outcome] = [None] * len(proposals)
        self._open = len(proposals)

    def entries(self, groups: Sequence[str] | None) -> list[Entry]:
        """Cut the submission into what stands or falls alone."""
        if groups is None:
            return [Entry(self, (index,), (proposal,)) for index, proposal in enumerate(self._proposals)]
        members: dict[str, list[int]] = {}
        for index, group in enumerate(groups):
            members.setdefault(group or f" {index}", []).append(index)
        return [
            Entry(self, tuple(indices), tuple(self._proposals[index] for index in indices), group)
            for group, indices in members.items()
        ]

    def resolve(self, index: int, outcome: Outcome) -> None:
        """Note an outcome; the last one tells the caller, if there still is one."""
        self._found[index] = outcome
        self._open -= 1
        if not self._open and not self.outcomes.done():
            self.outcomes.set_result(self._found)


class Entry:
    """What stands or falls together: one proposal, or an all-or-none group of them.

    Attributes:
        proposals: In the order in which they are decided.
        keys: What their outcomes are remembered under; a batch holds each key once.
    """

    __slots__ = ("_found", "_group", "_indices", "_submission", "_wrote", "keys", "proposals")

    def __init__(
        self, submission: Submission, indices: tuple[int, ...], proposals: tuple[Proposal[Any], ...], group: str = ""
    ) -> None:
        """Wait for ``proposals``, which stand at ``indices`` of the submission."""
        self._submission = submission
        self._indices = indices
        self._group = group
        self._found: list[Outcome] = []
        self._wrote = False
        self.proposals = proposals
        self.keys: tuple[RequestKey, ...] = (
            tuple(each.request.key for each in proposals if each.request is not None) if submission.kept else ()
        )

    @property
    def given_up(self) -> bool:
        """Whether nobody waits for it any more, so that it need not be begun."""
        return self._submission.outcomes.cancelled()

    def decide(self, working: WorkingSet, entropy: Entropy) -> None:
        """Decide on what is at hand, in place of what was decided before.

        What is not at hand is noted in ``working.missing``; the whole batch is then decided again.
        """
        found: list[Outcome] = []
        desks: list[tuple[Desk, Remembered | None]] = []
        below: Below = working
        refused: int | None = None
        for at, proposal in enumerate(self.proposals):
            desk = Desk(below, now=working.now, entropy=entropy)
            request = proposal.request if self._submission.kept else None
            try:
                before = _answered_before(request, working)
                if before is None:
                    found.append(proposal.decide(desk))
                    desks.append((desk, _remembered(request, desk)))
                    below = desk
                else:
                    found.append(proposal.replay(desk, before.answer))
            except NotAtHand:
                return
            except Exception as refusal:  # noqa: BLE001 - a refusal is an outcome; so is a bug, for its own caller alone
                found.append(refusal)
                refused = at
                break
        if refused is not None and len(self.proposals) > 1:
            found = self._all_refused(refused, found[refused])
        self._found = found
        self._wrote = refused is None and bool(desks) and self._submission.kept
        if self._wrote:
            for desk, remembered in desks:
                working.merge(desk, remembered)

    def _all_refused(self, culprit: int, refusal: Exception) -> list[Outcome]:
        """Refuse the group: each member because of the one that was refused."""
        because = refusal.reason if isinstance(refusal, Refusal) else "INTERNAL"
        item = self._indices[culprit]
        return [
            refusal if at == culprit else GroupRefused(group=self._group, item=item, because=because)
            for at in range(len(self.proposals))
        ]

    def answer(self) -> None:
        """Tell the caller what was decided: it is durable now."""
        for index, outcome in zip(self._indices, self._found, strict=True):
            self._submission.resolve(index, outcome)

    def fail(self, failure: Callable[[], Exception]) -> None:
        """Tell the caller that it could not be done. A refusal stands: nothing had to be written for it.

        Args:
            failure: Makes the exception: one for each caller, because raising changes it.
        """
        if self._found and not self._wrote:
            self.answer()
            return
        for index in self._indices:
            self._submission.resolve(index, failure())


def _remembered(request: Request | None, desk: Desk) -> Remembered | None:
    """What is to be remembered of an outcome; nothing where the proposal left no answer, as one that only waits."""
    if request is None or desk.answer is None:
        return None
    return Remembered(request, desk.answer, desk.now)


def _answered_before(request: Request | None, working: WorkingSet) -> Remembered | None:
    """Find the committed outcome of a request.

    Raises:
        RequestIdReused: The id stands for a request with other content.
    """
    before = None if request is None else working.requests.get(request.key)
    if before is None or request is None:
        return None
    again = recall(
        request.request_id,
        asked=request.digest,
        remembered=before.request.digest,
        remembered_time=before.time,
        now=working.now,
    )
    return before if again else None
