"""What the plan promises, checked without it: doors, whole stays, and nothing of the planner's code.

Two judges. ``assignable`` tries every way to give whole stays a door each: what it finds impossible may not be
admitted. ``play`` lives through a plan: parcels come in their windows and take any free door of the kind that they were
promised, knowing nothing of what comes later; if one stands before full doors, the plan broke a promise.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Sort = tuple[int, int, int]
"""Class, climate, feature bits: of a door what it is, of a stay what it asks for at the least."""


@dataclass(frozen=True)
class Space:
    """One door; nothing new may lie there before ``out_until``."""

    sort: Sort
    out_until: int = 0


@dataclass(frozen=True)
class Stay:
    """A parcel, or the right to bring one, in ``[start, end)``; ``at`` names the door where it lies already."""

    needs: Sort
    start: int
    end: int
    at: int | None = None


def suits(door: Sort, needs: Sort) -> bool:
    """Whether a door of this sort will do."""
    return door[0] >= needs[0] and door[1] == needs[1] and door[2] | needs[2] == door[2]


def meet(one: Stay, other: Stay) -> bool:
    """Whether two stays are there at one time."""
    return one.start < other.end and other.start < one.end


def assignable(spaces: Sequence[Space], stays: Sequence[Stay]) -> bool:
    """Whether every stay can have one door for all its time, those that lie somewhere staying there.

    A door that is out is so until the later of its own end and that of the stay in it, so whoever comes to it must
    come after both.
    """
    lying = [stay for stay in stays if stay.at is not None]
    taken: list[list[Stay]] = [[stay for stay in lying if stay.at == at] for at in range(len(spaces))]
    coming = sorted((stay for stay in stays if stay.at is None), key=lambda stay: (stay.start, stay.end))

    def give(number: int) -> bool:
        if number == len(coming):
            return True
        stay = coming[number]
        alike = set()  # doors with the same sort and the same past are one choice
        for space, inside in zip(spaces, taken, strict=True):
            look = (space, tuple(inside))
            if look in alike or not suits(space.sort, stay.needs) or stay.start < space.out_until:
                continue
            if any(meet(stay, other) for other in inside):
                continue
            alike.add(look)
            inside.append(stay)
            if give(number + 1):
                return True
            inside.pop()
        return False

    return give(0)


@dataclass(frozen=True)
class Visit:
    """How a promised stay turned out: promised sort, when the parcel came and when it was taken out."""

    name: str
    promised: Sort
    comes: int
    goes: int
    at: int | None = None


class NoDoor(Exception):
    """A parcel with a promise stood before full doors."""


def play(
    spaces: Sequence[Space], visits: Iterable[Visit], choose: Callable[[list[int]], int], *, now: int = 0
) -> dict[str, int]:
    """Live through visits in the order in which they come; give the door of each.

    Args:
        spaces: The doors.
        visits: Those with ``at`` lie there from the beginning.
        choose: Which of the free doors (indices, ascending); an adversary may choose.
        now: The beginning.

    Raises:
        NoDoor: The plan was wrong.
    """
    until = [max(now, space.out_until) for space in spaces]
    doors: dict[str, int] = {}
    for visit in sorted(visits, key=lambda visit: (visit.at is None, visit.comes)):
        if visit.at is not None:
            until[visit.at] = max(until[visit.at], visit.goes)
            doors[visit.name] = visit.at
            continue
        free = [at for at, space in enumerate(spaces) if space.sort == visit.promised and until[at] <= visit.comes]
        if not free:
            raise NoDoor(visit.name)
        door = choose(free)
        until[door] = visit.goes
        doors[visit.name] = door
    return doors
