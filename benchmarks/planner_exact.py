"""The exact answer that the planner is measured against: is there any plan at all? By OR-tools' CP-SAT."""

from ortools.sat.python import cp_model

from interlock_gateway.domain.capacity import Plan, Request
from interlock_gateway.domain.capacity.moves import movable

SECONDS = 10
"""After so long an answer is called undecided."""


def exactly_fits(plan: Plan, asked: Request) -> bool | None:
    """Say whether everything not yet deposited can be planned anew, all at once, so that ``asked`` fits too.

    Each movable commitment goes into one kind that serves it, for its whole window; no kind is planned beyond its
    doors. What is taken grows only where something begins, so those instants are enough.

    Returns:
        ``None`` when the solver did not decide in time.
    """
    layout = plan.layout
    free = [each for each in plan.commitments.values() if movable(each, now=plan.now, linked=True)]
    staying = list(plan.loads)
    for each in free:
        at = layout.index[each.kind]
        staying[at] = staying[at].plus(each.start, each.end, -1)
    stays = [(each.need, each.start, each.end) for each in free] + [(asked.need, asked.start, asked.end)]
    model = cp_model.CpModel()
    planned: dict[tuple[int, int], cp_model.IntVar] = {}
    for number, (need, _, _) in enumerate(stays):
        for at in layout.serving(need).order:
            planned[number, at] = model.new_bool_var(f"{number} in {at}")
        model.add_exactly_one(planned[number, at] for at in layout.serving(need).order)
    for at, load in enumerate(staying):
        here = [(number, start, end) for number, (_, start, end) in enumerate(stays) if (number, at) in planned]
        for instant in {start for _, start, _ in here} | set(load.times[1:]):
            there = [planned[number, at] for number, start, end in here if start <= instant < end]
            model.add(sum(there) <= layout.for_sale[at] - load.peak(instant, instant + 1))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = SECONDS
    solver.parameters.linearization_level = 2  # without it some refusals take minutes
    answers: dict[str, bool | None] = {"OPTIMAL": True, "FEASIBLE": True, "INFEASIBLE": False, "UNKNOWN": None}
    return answers[solver.status_name(solver.solve(model))]
