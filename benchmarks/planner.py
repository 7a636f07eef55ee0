"""How complete the planner is against exact search, how long it thinks, and how full it keeps a bank.

    ./dev run benchmarks/planner.py [--size small|full] [--seed N] [--json]

Banks of 20 and of 60 doors live through simulated days (``planner_world``) at several demands, up to more than they
can take. At each request, CP-SAT (``planner_exact``) says whether any plan at all exists that admits it, everything
that is not yet deposited being planned anew. What the planner admits is admitted by that plan, so only its refusals
are put to the solver; a connected bank's refusal that it claims to have proved is put to it too, and one that is wrong
ends the run.

With ``--json`` one object on stdout:

``size``, ``seed``
    What was run.
``admitted_of_exact``
    At a connected bank, while no instant of its plan, this request included, is planned beyond 90 % of its doors:
    requests that the planner admits, of those that exact search admits. Aim: >= 0.99.
``admitted_of_exact_unlinked``
    The same at a bank without a link, where nothing with a token out may be moved. The exact search moves all the
    same, so this is what having no link costs.
``ms_mean``, ``ms_p99``
    Milliseconds that ``admit`` takes at connected banks, *only for requests that do not fit directly*, at all demands.
``us_direct``
    Microseconds, mean, for those that do, with making the plan that follows.
``parcels_a_day``
    Parcels taken out a day by one bank of each make-up together (80 doors), connected, at the largest demand, on the
    default terms (deposit window 8 h, collection 24 to 72 h, recall 24 h).
``fill``
    Share of door-hours with a parcel inside, there.
``admitted_of_exact_indirect``
    As ``admitted_of_exact``, of the requests that do not fit directly alone.
``direct_of_exact``
    Requests that fit directly, of those that exact search admits: best fit without moves, in the same states.
``admitted_of_exact_crowded``
    As ``admitted_of_exact``, but planned up to 90 % at the instants of the request's own window alone: before and
    after it the bank may be planned to the last door. The misses are two tokens that would have to change places
    (CAP-7).
``requests``, ``indirect``
    How many requests ``admitted_of_exact`` rests on, and how many of those that fitted did so only with moves.
``refusals_proved``
    Of the planner's refusals at connected banks, those that the counting test proved (CAP-5).
``undecided``
    Requests left out because the solver did not decide in time.
``banks``
    The main figures by number of doors.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from time import perf_counter

from planner_exact import exactly_fits
from planner_world import DAY, WARM_UP_DAYS, Days, make_up

from interlock_gateway.domain.capacity import Admission, NoRoom, Plan, Request, admit, kept
from interlock_gateway.domain.capacity.load import Load
from interlock_gateway.domain.capacity.plan import claims

PLANNED_PEAK = 0.9
BANKS = (20, 60)
DEMANDS = (0.35, 0.5, 0.7, 1.0)
"""Requests a day for each door; from about 0.6 on more is asked than fits."""
SIZES = {"small": (20, 2), "full": (40, 8)}
"""Days, and seeds."""


@dataclass
class Tally:
    """What was counted; tallies add up."""

    requests: int = 0
    exact: int = 0
    admitted: int = 0
    direct: int = 0
    crowded_exact: int = 0
    crowded_admitted: int = 0
    refused: int = 0
    proved: int = 0
    undecided: int = 0
    thought_ms: list[float] = field(default_factory=list)
    direct_us: list[float] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        """Add field by field."""
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def planned_peak(plan: Plan, asked: Request, start: int, end: int) -> float:
    """Largest share of the bank's doors planned at an instant of ``[start, end)``, with ``asked``."""
    intervals = [(asked.start, asked.end)]
    for each in plan.commitments.values():
        intervals += ((begins, ends) for _, begins, ends in claims(plan.layout, each, plan.now))
    return Load.of(intervals).peak(start, end) / len(plan.layout.doors)


def judge(plan: Plan, asked: Request, tally: Tally, *, linked: bool) -> None:
    """Put one request to the planner and, where that matters, to the solver."""
    began = perf_counter()
    answer = admit(plan, asked, linked=linked)
    thought = perf_counter()
    admitted = isinstance(answer, Admission)
    direct = plan.direct(asked.need, asked.start, asked.end) is not None
    if not direct:
        tally.thought_ms.append((thought - began) * 1e3)
    elif isinstance(answer, Admission):
        resumed = perf_counter()
        kept(plan, answer)
        tally.direct_us.append((thought - began + perf_counter() - resumed) * 1e6)
    proved = isinstance(answer, NoRoom) and answer.proved
    tally.refused += not admitted
    tally.proved += proved
    if planned_peak(plan, asked, asked.start, asked.end) > PLANNED_PEAK:
        return
    fits = True if admitted else exactly_fits(plan, asked)
    if fits is None:
        tally.undecided += 1
        return
    if proved and fits and linked:
        sys.exit(f"planner: refused with proof what fits: {asked}")
    calm = planned_peak(plan, asked, plan.now, asked.end + 30 * DAY) <= PLANNED_PEAK
    tally.requests += calm
    tally.exact += calm and fits
    tally.admitted += calm and admitted
    tally.direct += calm and direct
    tally.crowded_exact += fits
    tally.crowded_admitted += admitted


def live(doors: int, demand: float, seed: int, days: int, *, linked: bool) -> tuple[Tally, Days]:
    """One bank, one demand, one seed."""
    tally = Tally()
    bank = Days(
        layout=make_up(doors),
        demand=demand * doors,
        linked=linked,
        seed=seed,
        watch=lambda plan, asked: judge(plan, asked, tally, linked=linked),
    )
    bank.live(days)
    return tally, bank


def ratio(part: float, whole: float) -> float:
    """A share, rounded; 1 of nothing."""
    return round(part / whole, 4) if whole else 1.0


def mean(values: list[float]) -> float:
    """Mean; 0 of nothing."""
    return round(sum(values) / len(values), 3) if values else 0.0


def figures(doors: int, seeds: Iterable[int], days: int) -> tuple[Tally, Tally, float, float]:
    """One make-up: connected, unlinked, parcels a day and fill at the largest demand."""
    connected, unlinked = Tally(), Tally()
    parcels = door_days = 0.0
    seeds = list(seeds)
    for seed in seeds:
        for demand in DEMANDS:
            tally, bank = live(doors, demand, seed, days, linked=True)
            connected += tally
            unlinked += live(doors, demand, seed, days, linked=False)[0]
            if demand == max(DEMANDS):
                parcels += bank.parcels
                door_days += bank.door_seconds / DAY
    lived = (days - WARM_UP_DAYS) * len(seeds)
    return connected, unlinked, parcels / lived, door_days / lived


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    days, seeds = SIZES[given.size]
    connected, unlinked = Tally(), Tally()
    parcels = door_days = 0.0
    banks = {}
    for doors in BANKS:
        here, there, a_day, lying = figures(doors, range(given.seed, given.seed + seeds), days)
        banks[str(doors)] = {
            "admitted_of_exact": ratio(here.admitted, here.exact),
            "admitted_of_exact_unlinked": ratio(there.admitted, there.exact),
            "ms_mean": mean(here.thought_ms),
            "parcels_a_day": round(a_day, 1),
            "fill": ratio(lying, doors),
        }
        connected, unlinked = connected + here, unlinked + there
        parcels, door_days = parcels + a_day, door_days + lying
    thought = sorted(connected.thought_ms)
    result = {
        "size": given.size,
        "seed": given.seed,
        "admitted_of_exact": ratio(connected.admitted, connected.exact),
        "admitted_of_exact_unlinked": ratio(unlinked.admitted, unlinked.exact),
        "ms_mean": mean(thought),
        "ms_p99": round(thought[int(len(thought) * 0.99)], 3),
        "us_direct": mean(connected.direct_us),
        "parcels_a_day": round(parcels, 1),
        "fill": ratio(door_days, sum(BANKS)),
        "admitted_of_exact_indirect": ratio(connected.admitted - connected.direct, connected.exact - connected.direct),
        "direct_of_exact": ratio(connected.direct, connected.exact),
        "admitted_of_exact_crowded": ratio(connected.crowded_admitted, connected.crowded_exact),
        "requests": connected.requests,
        "indirect": connected.exact - connected.direct,
        "refusals_proved": ratio(connected.proved, connected.refused),
        "undecided": connected.undecided + unlinked.undecided,
        "banks": banks,
    }
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:28} {value}")


if __name__ == "__main__":
    main()
