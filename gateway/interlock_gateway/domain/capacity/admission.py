"""What the planner answers, and what becomes of a plan when an answer is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Protocol

from interlock_gateway.domain.capacity.commitments import Commitment, Request
from interlock_gateway.domain.capacity.kinds import Kind
from interlock_gateway.domain.capacity.plan import Plan


@dataclass(frozen=True, slots=True)
class Budget:
    """How hard to look for moves before giving up (CAP-6).

    Attributes:
        nodes: Moves tried in all.
        depth: Moves in a chain: the request pushes one, that one the next.
    """

    nodes: int = 200
    depth: int = 3


DEFAULT_BUDGET: Final = Budget()
NO_MOVES: Final = Budget(nodes=0, depth=0)
"""Direct fit only."""


@dataclass(frozen=True, slots=True)
class Move:
    """A commitment that makes room by being planned into another kind.

    Attributes:
        id: The commitment.
        source: Kind that it leaves.
        target: Kind that it enters.
        needs_acknowledgement: Its deposit token is out, so it counts in both kinds until the bank has acknowledged
            the new one (CAP-7).
        stage: Moves are made in order of their stages, from 0: those of a stage fit only when every acknowledgement
            of the stage before is in.
    """

    id: str
    source: Kind
    target: Kind
    needs_acknowledgement: bool = False
    stage: int = 0


class WithMoves(Protocol):
    """An answer that comes with moves."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """The moves, in order of their stages."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The request fits: into ``kind``, once all ``moves`` are made.

    Attributes:
        request: What was asked.
        kind: Kind into which it is planned.
        moves: In order of their stages; empty when it fits directly.
    """

    request: Request
    kind: Kind
    moves: tuple[Move, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the request is answered only after the bank has acknowledged moves."""
        return any(move.needs_acknowledgement for move in self.moves)

    @property
    def commitment(self) -> Commitment:
        """The claim that follows when the admission is kept."""
        asked = self.request
        return Commitment(
            asked.id,
            asked.need,
            self.kind,
            asked.start,
            asked.end,
            asked.standing,
            asked.token_out,
            None,
            None,
            asked.since,
            asked.floored,
        )


@dataclass(frozen=True, slots=True)
class NoRoom:
    """The request does not fit; the public reason is ``NO_CAPACITY``.

    Attributes:
        request: What was asked.
        proved: No exact search would have found room either (CAP-5). ``False``: the budget ran out, or what would
            have to move may not.
        because: Id of the request of the same group that found no room; empty when this one did not.
    """

    reason: ClassVar[str] = "NO_CAPACITY"

    request: Request
    proved: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """A commitment's end can be put off, once all ``moves`` are made.

    Attributes:
        id: The commitment.
        end: Its new end.
        moves: In order of their stages.
    """

    id: str
    end: int
    moves: tuple[Move, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the answer is given only after the bank has acknowledged moves."""
        return any(move.needs_acknowledgement for move in self.moves)


@dataclass(frozen=True, slots=True)
class NoExtension:
    """The end cannot be put off so far; the public reason is ``NO_CAPACITY``.

    Attributes:
        id: The commitment.
        extendable_until: Latest end that would be admitted now; ``None`` when there is none after the present one.
    """

    reason: ClassVar[str] = "NO_CAPACITY"

    id: str
    extendable_until: int | None


def kept(plan: Plan, answer: Admission | Extension) -> Plan:
    """The plan with an answer that need not wait: its moves made, its request planned or its end put off.

    Raises:
        ValueError: The answer waits for the bank. Keep ``staged`` instead, and decide again once the bank has
            acknowledged.
    """
    if answer.moves:
        if answer.waits:
            message = "the bank has not acknowledged the moves"
            raise ValueError(message)
        plan = made(plan, answer.moves)
    if isinstance(answer, Admission):
        return plan.plus(answer.commitment)
    return plan.changed(replace(plan.commitments[answer.id], end=answer.end))


def staged(plan: Plan, answer: WithMoves) -> Plan:
    """The plan while the bank is asked: the first stage's moves made or counted in both kinds, nothing else changed.

    When the bank has acknowledged, put ``moved`` commitments in place of these and decide the same request again: it
    fits directly, or the next stage is due, or somebody else was faster.
    """
    return made(plan, [move for move in answer.moves if move.stage == 0])


def made(plan: Plan, moves: Iterable[Move]) -> Plan:
    """The plan with moves made; those that need the bank's word count in both kinds."""
    for move in moves:
        commitment = plan.commitments[move.id]
        if move.needs_acknowledgement:
            plan = plan.changed(replace(commitment, moving_to=move.target))
        else:
            plan = plan.changed(replace(commitment, kind=move.target))
    return plan


def supposed(plan: Plan, admission: Admission) -> Plan:
    """The plan as it would be if the bank acknowledged everything: for questions about what would fit, not to keep."""
    return made(plan, (replace(move, needs_acknowledgement=False) for move in admission.moves)).plus(
        admission.commitment
    )
