"""The doors of a bank as the planner sees them: kinds, how many doors of each, which are out, what is lent.

One ``Layout`` serves all plans of a bank until a door changes. It remembers which kinds serve which need, because
that question is asked for each request.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from interlock_gateway.domain.capacity.kinds import Climate, Kind, Need, serves
from interlock_gateway.domain.capacity.sizes import SizeClass

WORKING: Final = 0
"""``Door.out_until`` of a door that works: it was out until long ago."""


@dataclass(frozen=True, slots=True)
class Door:
    """A compartment as the planner counts it.

    Attributes:
        label: The compartment's label, unique at the bank.
        kind: What it is counted in.
        out_until: It takes no parcel before this instant: the end of a planned outage or of a grace, ``NO_END`` for
            out of service, quarantined or jammed until further notice. It is out from now, never from some later day
            (CAP-9), and from the end of the stay in it when a parcel lies there.
    """

    label: str
    kind: Kind
    out_until: int = WORKING


@dataclass(frozen=True, slots=True)
class Serving:
    """The kinds that serve a need, as indices into ``Layout.kinds``.

    Attributes:
        order: Least sufficient first.
        mask: The same as bits.
    """

    order: tuple[int, ...]
    mask: int


def _spare(kind: Kind) -> tuple[int, int, int]:
    """Sort key, least sufficient first: features are rarer than size, so they are spared first."""
    return (kind.features.bit_count(), kind.size_class, kind.code)


class Layout:
    """Doors of a bank, grouped by kind; treat as immutable.

    Attributes:
        doors: By label.
        kinds: All kinds, least sufficient first; the planner names a kind by its place in this tuple.
        index: Place of each kind.
        counts: Doors of each kind, working or not; what is out is counted as load.
        for_sale: ``counts`` less the headroom lent to the bank: what ``admit`` may fill (CAP-10).
        headroom: Doors lent of each class.
    """

    __slots__ = ("_serving", "counts", "doors", "for_sale", "headroom", "index", "kinds")

    def __init__(
        self,
        doors: Iterable[Door],
        *,
        headroom: Mapping[SizeClass, int] | None = None,
        extra_kinds: Iterable[Kind] = (),
    ) -> None:
        """Group doors.

        Args:
            doors: All compartments of the bank that have a class.
            headroom: Doors of each class that the bank may spend without asking; absent is none.
            extra_kinds: Kinds without a door left in which something is still planned.
        """
        self.doors = {door.label: door for door in doors}
        tally = Counter(door.kind for door in self.doors.values())
        tally.update(dict.fromkeys(extra_kinds, 0))
        self.kinds = tuple(sorted(tally, key=_spare))
        self.index = {kind: at for at, kind in enumerate(self.kinds)}
        self.counts = tuple(tally[kind] for kind in self.kinds)
        self.headroom = dict(headroom or {})
        self.for_sale = self._less(self.headroom)
        self._serving: dict[Need, Serving] = {}

    def _less(self, headroom: Mapping[SizeClass, int]) -> tuple[int, ...]:
        """Take the headroom out: from ambient doors of the class first, and from the plainest."""
        left = list(self.counts)
        for size, lent in headroom.items():
            of_class = [at for at, kind in enumerate(self.kinds) if kind.size_class == size]
            for at in sorted(of_class, key=lambda at: self.kinds[at].climate != Climate.AMBIENT):
                taken = min(lent, left[at])
                left[at] -= taken
                lent -= taken  # noqa: PLW2901 - what is still to be taken
        return tuple(left)

    def serving(self, need: Need) -> Serving:
        """Name the kinds that serve ``need``, least sufficient first; none when the bank has no such door."""
        found = self._serving.get(need)
        if found is None:
            order = tuple(at for at, kind in enumerate(self.kinds) if serves(kind, need))
            found = self._serving[need] = Serving(order, sum(1 << at for at in order))
        return found

    def knows(self, kind: Kind, other: Kind | None = None) -> bool:
        """Say whether both kinds (``None`` is none) are counted here."""
        return kind in self.index and (other is None or other in self.index)

    def out(self, label: str | None, now: int) -> bool:
        """Say whether a door of this label is here and takes no parcel at ``now``."""
        door = self.doors.get(label) if label is not None else None
        return door is not None and door.out_until > now

    def with_door(self, door: Door) -> "Layout":
        """The same doors, with ``door`` in place of the one of its label: it jammed, is back, has a planned outage."""
        return Layout((self.doors | {door.label: door}).values(), headroom=self.headroom, extra_kinds=self.index.keys())

    def with_kinds(self, kinds: Iterable[Kind]) -> "Layout":
        """The same doors, counting in ``kinds`` too."""
        wanted = set(kinds)
        if wanted <= self.index.keys():
            return self
        return Layout(self.doors.values(), headroom=self.headroom, extra_kinds=wanted | self.index.keys())
