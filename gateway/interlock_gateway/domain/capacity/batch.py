"""Deciding many requests for one bank, in order; some of them together or not at all (CAP-8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interlock_gateway.domain.capacity.admission import (
    DEFAULT_BUDGET,
    Admission,
    Budget,
    Move,
    NoRoom,
    kept,
    staged,
    supposed,
)
from interlock_gateway.domain.capacity.admit import admit
from interlock_gateway.domain.capacity.commitments import Request
from interlock_gateway.domain.capacity.plan import Plan
from interlock_gateway.domain.capacity.stages import in_stages

Answer = Admission | NoRoom


@dataclass(frozen=True, slots=True)
class Batch:
    """What becomes of a batch.

    Attributes:
        answers: In the order of the requests. Members of a group that waits all bear the group's moves, to be made
            once; they are decided again together.
        plan: With every admission that need not wait, and with the first stage of those that must.
    """

    answers: tuple[Answer, ...]
    plan: Plan


def admit_all(plan: Plan, requests: Sequence[Request], *, linked: bool, budget: Budget = DEFAULT_BUDGET) -> Batch:
    """Decide requests of one bank in their order.

    The members of a group are decided where its first member stands. A refused one leaves no trace.

    Args:
        plan: As of now, see ``Plan.at``.
        requests: With ids that the plan does not have, each once.
        linked: The bank is connected.
        budget: How hard to look for moves, for each request.
    """
    answers: dict[str, Answer] = {}
    for request in requests:
        if request.id in answers:
            continue
        if not request.group:
            answer = admit(plan, request, linked=linked, budget=budget)
            answers[request.id] = answer
            plan = _after(plan, answer)
            continue
        members = [each for each in requests if each.group == request.group]
        together = _together(plan, members, linked=linked, budget=budget)
        answers.update((answer.request.id, answer) for answer in together)
        for answer in together[:1] if _wait(together) else together:
            plan = _after(plan, answer)
    return Batch(tuple(answers[request.id] for request in requests), plan)


def _after(plan: Plan, answer: Answer) -> Plan:
    """The plan for whoever comes next."""
    match answer:
        case Admission(waits=True):
            return staged(plan, answer)
        case Admission():
            return kept(plan, answer)
        case NoRoom():
            return plan


def _wait(answers: Sequence[Answer]) -> bool:
    """Whether a group waits for the bank."""
    return any(isinstance(answer, Admission) and answer.waits for answer in answers)


def _together(plan: Plan, members: Sequence[Request], *, linked: bool, budget: Budget) -> list[Answer]:
    """Decide a group: first without asking the bank, and only where that fails and can be helped, with it."""
    answers = _one_after_another(plan, members, linked=False, budget=budget)
    if linked and any(isinstance(answer, NoRoom) for answer in answers):
        answers = _one_after_another(plan, members, linked=True, budget=budget)
    return answers


def _one_after_another(plan: Plan, members: Sequence[Request], *, linked: bool, budget: Budget) -> list[Answer]:
    """Decide each member as if those before it stood; all are admitted or all refused."""
    after = plan
    admissions: list[Admission] = []
    for member in members:
        # No member's token has left yet, so a later member may still move an earlier one without asking.
        answer = admit(after, replace(member, token_out=False), linked=linked, budget=budget)
        if isinstance(answer, NoRoom):
            return [NoRoom(each, proved=answer.proved, because="" if each is member else member.id) for each in members]
        admissions.append(answer)
        after = supposed(after, answer)
    moves = _joined(plan, admissions)
    if moves is None:
        return [NoRoom(each) for each in members]
    waits = any(move.needs_acknowledgement for move in moves)
    return [
        Admission(each, after.commitments[each.id].kind, moves if waits or each is members[0] else ())
        for each in members
    ]


def _joined(plan: Plan, admissions: Sequence[Admission]) -> tuple[Move, ...] | None:
    """All moves of commitments that stand, as one set from where the plan is; ``None`` when they have no order."""
    targets = {move.id: move.target for admission in admissions for move in admission.moves}
    wanted = [
        (plan.commitments[moving], plan.layout.index[target])
        for moving, target in targets.items()
        if moving in plan.commitments and plan.commitments[moving].kind != target
    ]
    return in_stages(plan, wanted, plan.layout.for_sale)
