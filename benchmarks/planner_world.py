"""Simulated days at one bank, as the planner's benchmark needs them: who asks for what, who comes when, who stays away.

The figures are of the kind that operators publish, not those of one of them: most parcels small, most requests a day or
two ahead, most collections within a day, one in 25 never deposited. Chance comes from the seed alone.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from interlock_gateway.domain.capacity import (
    Admission,
    Climate,
    Door,
    Feature,
    Kind,
    Layout,
    Need,
    NoRoom,
    Plan,
    Request,
    SizeClass,
    Standing,
    admit,
    features,
    kept,
    moved,
    staged,
)

HOUR: Final = 3_600
DAY: Final = 24 * HOUR
WARM_UP_DAYS: Final = 4
"""Left out of every figure: the bank begins empty."""

DEPOSIT_WINDOW: Final = 8 * HOUR
RECALL: Final = 24 * HOUR
HOLD: Final = 10 * 60
"""The network's default terms (RES-12)."""

SHARES: Final = {SizeClass.XS: 0.15, SizeClass.S: 0.35, SizeClass.M: 0.30, SizeClass.L: 0.15, SizeClass.XL: 0.05}
"""Doors of each class."""
ASKED: Final = {SizeClass.XS: 30, SizeClass.S: 35, SizeClass.M: 22, SizeClass.L: 10, SizeClass.XL: 3}
"""Requests for each class, of 100."""
LOW: Final = features([Feature.ACCESSIBLE])


def make_up(doors: int) -> Layout:
    """A bank: of its S and M doors a fifth within accessible reach and an eighth chilled."""
    kinds = []
    for size, share in SHARES.items():
        count = round(doors * share)
        special = size in (SizeClass.S, SizeClass.M)
        for number in range(count):
            low = LOW if special and number < count * 0.2 else 0
            cold = special and number >= count * 0.88
            kinds.append(Kind(size, Climate.CHILLED if cold else Climate.AMBIENT, low))
    return Layout(Door(str(number), kind) for number, kind in enumerate(kinds))


def some_need(chance: random.Random) -> Need:
    """What is asked for: six of 100 accessible, four chilled."""
    size = chance.choices(list(ASKED), list(ASKED.values()))[0]
    special = chance.random()
    if special < 0.06:
        return Need(min(size, SizeClass.M), Climate.AMBIENT, LOW)
    if special < 0.10:
        return Need(min(max(size, SizeClass.S), SizeClass.M), Climate.CHILLED)
    return Need(size)


Watcher = Callable[[Plan, Request], None]
"""Called with the plan before each request, as of its instant, once the warm-up is over."""


@dataclass
class Days:
    """A bank living through its days.

    Attributes:
        layout: Its doors.
        demand: Requests a day.
        linked: It acknowledges every move at once; or it has no link at all.
        seed: Where chance begins.
        watch: See ``Watcher``.
        parcels: Taken out after the warm-up.
        door_seconds: For which a parcel lay in a door after the warm-up.
    """

    layout: Layout
    demand: float
    linked: bool
    seed: int
    watch: Watcher
    parcels: int = 0
    door_seconds: int = 0
    _plan: Plan = field(init=False)
    _chance: random.Random = field(init=False)
    _agenda: list[tuple[int, int, Callable[[int], None]]] = field(init=False, default_factory=list)
    _number: "itertools.count[int]" = field(init=False, default_factory=itertools.count)
    _free: dict[Kind, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with an empty bank."""
        self._plan = Plan.of(self.layout, [], now=0)
        self._chance = random.Random(self.seed)
        for door in self.layout.doors.values():
            self._free.setdefault(door.kind, []).append(door.label)

    def live(self, days: int) -> None:
        """Live through ``days``, warm-up included."""
        self._at(0, self._somebody_asks)
        while self._agenda and self._agenda[0][0] < days * DAY:
            now, _, what = heapq.heappop(self._agenda)
            self._plan = self._plan.at(now)
            what(now)

    def _at(self, instant: int, what: Callable[[int], None]) -> None:
        """Put something on the agenda."""
        heapq.heappush(self._agenda, (instant, next(self._number), what))

    def _somebody_asks(self, now: int) -> None:
        """A request; three in ten for the next hour, the others up to three days ahead; one in five as a hold first."""
        chance = self._chance
        self._at(now + 1 + int(chance.expovariate(self.demand) * DAY), self._somebody_asks)
        start = now + (chance.randrange(HOUR) if chance.random() < 0.3 else chance.randrange(3 * DAY))
        collect_for = chance.choice([24, 48, 48, 72]) * HOUR
        held = chance.random() < 0.2
        asked = Request(
            id=str(next(self._number)),
            need=some_need(chance),
            start=start,
            end=start + DEPOSIT_WINDOW + collect_for + RECALL,
            standing=Standing.HELD if held else Standing.CONFIRMED,
            token_out=not held,
            since=now,
        )
        if now >= WARM_UP_DAYS * DAY:
            self.watch(self._plan, asked)
        if not self._admit(asked):
            return
        if held:
            self._at(now + HOLD, lambda _: self._confirmed(asked.id))
        if chance.random() < 0.04:
            self._at(start + DEPOSIT_WINDOW, lambda _: self._gone(asked.id))
        else:
            comes = max(now + HOLD + 1, start) + chance.randrange(DEPOSIT_WINDOW - HOLD - 1)
            self._at(comes, lambda at: self._comes(asked.id, at, collect_for))

    def _admit(self, asked: Request) -> bool:
        """Keep what the planner answers; a linked bank acknowledges at once, a stage at a time."""
        while True:
            match admit(self._plan, asked, linked=self.linked):
                case NoRoom():
                    return False
                case Admission(waits=True) as answer:
                    self._plan = staged(self._plan, answer)
                    for move in answer.moves:
                        if move.stage == 0 and move.needs_acknowledgement:
                            self._plan = self._plan.changed(moved(self._plan.commitments[move.id]))
                case Admission() as answer:
                    self._plan = kept(self._plan, answer)
                    return True

    def _confirmed(self, name: str) -> None:
        """A hold becomes a promise, and its token leaves."""
        held = self._plan.commitments[name]
        self._plan = self._plan.changed(replace(held, standing=Standing.CONFIRMED, token_out=True))

    def _comes(self, name: str, now: int, collect_for: int) -> None:
        """A parcel comes and gets any free door of its kind; it is taken within a day or so, else recalled."""
        coming = self._plan.commitments[name]
        doors = self._free[coming.kind]
        door = doors.pop(self._chance.randrange(len(doors)))  # an empty list would mean that the plan was wrong
        lying = replace(coming, standing=Standing.DEPOSITED, door=door, end=now + collect_for + RECALL)
        self._plan = self._plan.changed(lying)
        latest = collect_for + int(self._chance.random() * RECALL)
        stays = min(1 + int(self._chance.expovariate(1 / (18 * HOUR))), latest)
        self._at(now + stays, lambda at: self._taken(name, at - now, at))

    def _taken(self, name: str, stayed: int, now: int) -> None:
        """The parcel is out."""
        taken = self._plan.commitments[name]
        if taken.door is not None:
            self._free[taken.kind].append(taken.door)
        if now >= WARM_UP_DAYS * DAY:
            self.parcels += 1
            self.door_seconds += stayed
        self._gone(name)

    def _gone(self, name: str) -> None:
        """Its end is committed."""
        self._plan = self._plan.minus(name)
