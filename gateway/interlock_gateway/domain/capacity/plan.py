"""The plan of one bank: who is planned into which kind, and how full each kind is at each instant.

A ``Plan`` is a value. Each change gives a new plan and leaves the old as it was, so a decision is applied by keeping
the new one and dropped by keeping the old. A change touches one kind and copies a dictionary: a few microseconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from interlock_gateway.domain.capacity.commitments import NO_END, Commitment
from interlock_gateway.domain.capacity.kinds import Need
from interlock_gateway.domain.capacity.layout import Layout
from interlock_gateway.domain.capacity.load import SINCE_EVER, Load


class Plan:
    """Commitments of one bank, counted; treat as immutable.

    Attributes:
        layout: The bank's doors.
        loads: Doors taken over time, of each kind in ``layout.kinds``: commitments, and doors that are out.
        commitments: By id.
        now: Instant as of which it is seen: what should have ended by then has no end.
        stale_from: First instant at which a commitment's end passes; before it ``at`` counts nothing anew.
    """

    __slots__ = ("commitments", "layout", "loads", "now", "stale_from")

    def __init__(
        self,
        layout: Layout,
        loads: tuple[Load, ...],
        commitments: dict[str, Commitment],
        now: int,
        stale_from: int,
    ) -> None:
        """Wrap what is already counted; ``Plan.of`` counts."""
        self.layout = layout
        self.loads = loads
        self.commitments = commitments
        self.now = now
        self.stale_from = stale_from

    @classmethod
    def of(cls, layout: Layout, commitments: Iterable[Commitment], *, now: int) -> "Plan":
        """Count commitments anew, in any order.

        Args:
            layout: The bank's doors.
            commitments: All that stand, each id once: an ended one is left out by whoever committed its end.
            now: Instant of the decision, unix seconds. A commitment whose end has passed has no end (CAP-11).
        """
        by_id = {each.id: each for each in commitments}
        named = {kind for each in by_id.values() for kind in (each.kind, each.moving_to) if kind is not None}
        layout = layout.with_kinds(named)
        intervals: list[list[tuple[int, int]]] = [[] for _ in layout.kinds]
        inside = set()
        stale_from = NO_END
        for each in by_id.values():
            if each.door is not None:
                inside.add(each.door)
            for at, start, end in claims(layout, each, now):
                intervals[at].append((start, end))
            if now < each.end < stale_from:
                stale_from = each.end
        for door in layout.doors.values():
            if door.out_until > now and door.label not in inside:
                intervals[layout.index[door.kind]].append((SINCE_EVER, door.out_until))
        return cls(layout, tuple(map(Load.of, intervals)), by_id, now, stale_from)

    def at(self, now: int) -> "Plan":
        """The same plan seen at a later instant: what should have ended and has not, has no end."""
        if now < self.stale_from:
            return Plan(self.layout, self.loads, self.commitments, now, self.stale_from)
        return Plan.of(self.layout, self.commitments.values(), now=now)

    def on(self, layout: Layout) -> "Plan":
        """The same commitments on other doors: one has jammed, is back, was built in."""
        return Plan.of(layout, self.commitments.values(), now=self.now)

    def plus(self, commitment: Commitment) -> "Plan":
        """The plan with one more commitment, whose id it does not have yet. Not judged: facts come in this way too."""
        if commitment.id in self.commitments:
            message = f"{commitment.id} is in the plan already"
            raise ValueError(message)
        commitments = self.commitments.copy()
        commitments[commitment.id] = commitment
        return self._recounted(commitment, 1, commitments)

    def minus(self, commitment_id: str) -> "Plan":
        """The plan without a commitment. Raises ``KeyError`` when it has none of this id."""
        commitments = self.commitments.copy()
        commitment = commitments.pop(commitment_id)
        return self._recounted(commitment, -1, commitments)

    def changed(self, commitment: Commitment) -> "Plan":
        """The plan with a commitment's new particulars in place of those under its id."""
        return self.minus(commitment.id).plus(commitment)

    def _recounted(self, commitment: Commitment, doors: int, commitments: dict[str, Commitment]) -> "Plan":
        """Count one commitment in or out."""
        layout = self.layout
        if not layout.knows(commitment.kind, commitment.moving_to) or layout.out(commitment.door, self.now):
            # A new kind, or a stay in a door that is out, which changes what the door itself counts for. Rare.
            return Plan.of(layout, commitments.values(), now=self.now)
        loads = list(self.loads)
        for at, start, end in claims(layout, commitment, self.now):
            loads[at] = loads[at].plus(start, end, doors)
        stale_from = self.stale_from
        if self.now < commitment.end < stale_from:
            stale_from = commitment.end
        return Plan(layout, tuple(loads), commitments, self.now, stale_from)

    def direct(self, need: Need, start: int, end: int) -> int | None:
        """Index of the least sufficient kind with a door left for the whole of ``[start, end)``, or ``None``."""
        loads, for_sale = self.loads, self.layout.for_sale
        for at in self.layout.serving(need).order:
            if loads[at].peak(start, end) < for_sale[at]:
                return at
        return None

    def free(self, need: Need, start: int, end: int) -> int:
        """How many commitments with ``need`` fit for ``[start, end)`` as the plan stands, nothing being moved."""
        loads, for_sale = self.loads, self.layout.for_sale
        spare = (for_sale[at] - loads[at].peak(start, end) for at in self.layout.serving(need).order)
        return sum(each for each in spare if each > 0)


def claims(layout: Layout, commitment: Commitment, now: int) -> Iterator[tuple[int, int, int]]:
    """What a commitment counts for: kind index, start, end; one or two of them."""
    end = commitment.end if commitment.end > now else NO_END
    door = layout.doors.get(commitment.door) if commitment.door is not None else None
    if door is not None:
        # The parcel lies there: that door counts, and where the door is out, to the later of the two ends.
        yield layout.index[door.kind], commitment.start, max(end, door.out_until)
        return
    yield layout.index[commitment.kind], commitment.start, end
    if commitment.moving_to is not None and commitment.moving_to != commitment.kind:
        yield layout.index[commitment.moving_to], commitment.start, end


def moved(commitment: Commitment) -> Commitment:
    """A commitment whose move the bank has acknowledged: it counts in its new kind alone (CAP-7)."""
    return replace(commitment, kind=commitment.moving_to or commitment.kind, moving_to=None)


def unmoved(commitment: Commitment) -> Commitment:
    """A commitment whose move the bank has acknowledged to be withdrawn: it counts in its old kind alone (CAP-7)."""
    return replace(commitment, moving_to=None)
