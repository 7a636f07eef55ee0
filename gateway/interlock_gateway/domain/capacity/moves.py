"""Looking for moves: which commitments, planned into other kinds, make room (CAP-6).

A depth-first search over chains: a full kind pushes a commitment out into another kind that serves it, which may push
one more. It gives up after a number of moves tried, so its time is bounded; what it misses is measured against exact
search (benchmarks/planner.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from interlock_gateway.domain.capacity.admission import Move
from interlock_gateway.domain.capacity.commitments import Commitment, Standing
from interlock_gateway.domain.capacity.plan import Plan
from interlock_gateway.domain.capacity.stages import in_stages


def movable(commitment: Commitment, *, now: int, linked: bool) -> bool:
    """Say whether a commitment may be planned into another kind (CAP-7).

    Not one whose parcel lies in a door, nor one being moved already, nor one that nothing is promised to any more
    (which kind its right names is not known for certain), nor one whose end has passed, nor, without a link, one
    whose token is out.
    """
    return (
        commitment.standing in (Standing.HELD, Standing.CONFIRMED)
        and commitment.moving_to is None
        and commitment.end > now
        and (linked or not commitment.token_out)
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a kind may hold more than it has doors for, and is to be relieved.

    Attributes:
        at: The kind's index.
        start: Start of the time.
        end: Its end.
        doors: How many may be taken.
        depth: Moves that a chain from here may make.
    """

    at: int
    start: int
    end: int
    doors: int
    depth: int


class Search:
    """Searches from one plan, on one budget of nodes.

    Attributes:
        moves: What the last ``place`` or ``relieve`` found, by stage.
        nodes: Moves that may still be tried.
    """

    def __init__(self, plan: Plan, free: Iterable[Commitment], doors: Sequence[int], *, nodes: int) -> None:
        """Begin at ``plan``.

        Args:
            plan: Not changed.
            free: Commitments that may be moved, see ``movable``.
            doors: How far each kind may be filled.
            nodes: Moves to try before giving up.
        """
        self.nodes = nodes
        self.moves: tuple[Move, ...] = ()
        self._plan = plan
        self._doors = doors
        self._loads = list(plan.loads)
        self._moved: dict[str, tuple[Commitment, int]] = {}
        self._residents: list[list[Commitment]] = [[] for _ in doors]
        for each in free:
            self._residents[plan.layout.index[each.kind]].append(each)

    def place(self, kinds: Iterable[int], start: int, end: int, *, depth: int) -> int | None:
        """Make room for one more in one of ``kinds`` for ``[start, end)``; give the kind, or ``None``."""
        for at in kinds:
            before = self._loads[at]
            self._loads[at] = before.plus(start, end, 1)
            found = self.relieve(at, start, end, depth=depth)
            self._loads[at] = before
            if found:
                return at
        return None

    def relieve(self, at: int, start: int, end: int, *, depth: int, doors: int | None = None) -> bool:
        """Find moves after which ``at`` has no more than ``doors`` (default: its own) taken in ``[start, end)``."""
        self.moves = ()
        loads = self._loads.copy()
        found = self._relieve((Stretch(at, start, end, self._doors[at] if doors is None else doors, depth),))
        self._loads = loads
        self._moved.clear()
        return found

    def _relieve(self, stretches: tuple[Stretch, ...]) -> bool:
        """Move commitments out until no stretch is crowded; undo what led nowhere."""
        while stretches:
            stretch = stretches[-1]
            crowded = self._loads[stretch.at].full_at(stretch.start, stretch.end, stretch.doors + 1)
            if crowded is not None:
                return stretch.depth > 0 and self._push_out(stretches, crowded)
            stretches = stretches[:-1]
        moves = in_stages(self._plan, list(self._moved.values()), self._doors)
        if moves is None:
            return False
        self.moves = moves
        return True

    def _push_out(self, stretches: tuple[Stretch, ...], crowded: int) -> bool:
        """Relieve the last stretch at the instant ``crowded``, and then the rest."""
        stretch = stretches[-1]
        at, loads = stretch.at, self._loads
        for leaving, target, fits in self._options(stretch, crowded):
            if self.nodes <= 0:
                return False
            self.nodes -= 1
            source_before, target_before = loads[at], loads[target]
            loads[at] = source_before.plus(leaving.start, leaving.end, -1)
            loads[target] = target_before.plus(leaving.start, leaving.end, 1)
            self._moved[leaving.id] = (leaving, target)
            room = self._doors[target]
            pushed = () if fits else (Stretch(target, leaving.start, leaving.end, room, stretch.depth - 1),)
            if self._relieve(stretches + pushed):
                return True
            del self._moved[leaving.id]
            loads[at], loads[target] = source_before, target_before
        return False

    def _options(self, stretch: Stretch, crowded: int) -> Iterator[tuple[Commitment, int, bool]]:
        """Who could leave at ``crowded``, whereto, and whether without pushing another: these first, longest first."""
        pushing = []
        leaving = [
            each
            for each in self._residents[stretch.at]
            if each.start <= crowded < each.end and each.id not in self._moved
        ]
        leaving.sort(key=lambda each: -min(each.end, stretch.end))
        for each in leaving:
            for target in self._plan.layout.serving(each.need).order:
                if target == stretch.at:
                    continue
                if self._loads[target].peak(each.start, each.end) < self._doors[target]:
                    yield each, target, True
                elif stretch.depth > 1:
                    pushing.append((each, target, False))
        yield from pushing
