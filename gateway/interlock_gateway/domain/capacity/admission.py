"""What the planner answers, and what becomes of a plan when an answer is kept."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

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


def kept(plan: Plan, admission: Admission) -> Plan:
    """The plan with an admission that need not wait: its moves made, its request planned.

    Raises:
        ValueError: The admission waits for the bank. Keep ``staged`` instead, and decide again once the bank has
            acknowledged.
    """
    if not admission.moves:
        return plan.plus(admission.commitment)
    if admission.waits:
        message = f"{admission.request.id} waits for the bank"
        raise ValueError(message)
    return _made(plan, admission.moves).plus(admission.commitment)


def staged(plan: Plan, admission: Admission) -> Plan:
    """The plan while the bank is asked: the first stage's moves made or counted in both kinds, the request not in it.

    When the bank has acknowledged, put ``moved`` commitments in place of these and call ``admit`` for the same request
    again: it fits directly, or the next stage is due, or somebody else was faster.
    """
    return _made(plan, tuple(move for move in admission.moves if move.stage == 0))


def _made(plan: Plan, moves: tuple[Move, ...]) -> Plan:
    """Make moves; those that need the bank's word count in both kinds."""
    for move in moves:
        commitment = plan.commitments[move.id]
        if move.needs_acknowledgement:
            plan = plan.changed(replace(commitment, moving_to=move.target))
        else:
            plan = plan.changed(replace(commitment, kind=move.target))
    return plan
