"""Finding banks near a point that would take these parcels: rings around it, wider and wider, until a page is full.

So a search costs as much as there are banks near, however many there are elsewhere. Whether a bank could take the
parcels at all is ``domain.eligibility``'s to say, the same that a reservation asks (BNK-4); room is the planner's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from interlock_gateway.domain.bank import Bank, BookableBy, BookableByMode
from interlock_gateway.domain.capacity import Availability, Need, Plan, SizeClass, SizeTable
from interlock_gateway.domain.eligibility import Ask, eligible, need_of
from interlock_gateway.domain.geography import boxes_around
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.terms import Window
from interlock_gateway.domain.windows import collect_for, commitment_end, deposit_window
from interlock_gateway.ports import Viewer
from interlock_gateway.use_cases.class_needed import need_asked
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.room import Span, holds, kinds_for_sale, kinds_of, room_in, room_of, wishes
from interlock_gateway.use_cases.searching import (
    Asked,
    Directory,
    Found,
    Listed,
    Near,
    Place,
    Places,
    Reaches,
    Room,
    SearchResult,
)

FIRST_RING_M: Final = 1_000
"""Radius of the first circle; each next one is twice as wide, so what is looked up twice is a third at most."""
AT_ONCE: Final = 64
"""Banks read together: few more than a page needs where most are refused, and few enough to stop in time."""
MOST_LOOKED_AT: Final = 2_000
"""Banks examined for one page. A search whose filters refuse nearly all gives a short page, and where to go on."""
TIME_LIMIT: Final = timedelta(seconds=1)
"""After so long a page is given as it is."""


@dataclass(frozen=True, slots=True)
class SearchBanks:
    """Searches.

    Attributes:
        directory: Where banks are looked up.
        reaches: How well each can be reached.
        sizes: The network's size classes.
        monotonic: A clock that never steps, in seconds; limits how long a search takes.
        time_limit: How long it may take.
    """

    directory: Directory
    reaches: Reaches
    sizes: SizeTable
    monotonic: Callable[[], float]
    time_limit: timedelta = TIME_LIMIT

    async def __call__(self, asked: Asked, *, now: datetime) -> SearchResult:
        """Give a page.

        Args:
            asked: What is asked.
            now: Instant of the request.

        Raises:
            WindowInvalid: The deposit window is inverted or too long.
            WindowPast: It is over.
            NoClassFits: No class of the network holds the dimensions.
        """
        question = _Question.of(asked, self.sizes, now=now)
        ends = self.monotonic() + self.time_limit.total_seconds()

        def search(places: Places) -> SearchResult:
            return _Walk(question, places, self.reaches, lambda: self.monotonic() < ends).page()

        return await self.directory.look(search)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, made definite: everything that is the same for all banks."""

    asked: Asked
    now: datetime
    window: Window
    need: Need | None
    class_said: bool
    parcels: tuple[Parcel, ...]

    @classmethod
    def of(cls, asked: Asked, sizes: SizeTable, *, now: datetime) -> _Question:
        """Complete and check what is asked."""
        window = deposit_window(asked.start, asked.end, now=now)
        said, class_said = asked.need, True
        if said is not None and said.size_class is None and said.dimensions is None:
            said, class_said = replace(said, size_class=min(SizeClass)), False
        need = None if said is None else need_asked(said, (), sizes, field="need")
        if asked.collector.accessible_reach:
            class_said = class_said and need is not None
            need = need_of(need or Need(min(SizeClass)), asked.collector)
        parcel = Parcel(
            number=1,
            mass_g=asked.mass_g,
            declared_value=asked.declared_value,
            restrictions=asked.restrictions,
        )
        return cls(asked, now, window, need, class_said, (parcel,))


class _Walk:
    """One page being filled."""

    def __init__(self, question: _Question, places: Places, reaches: Reaches, in_time: Callable[[], bool]) -> None:
        self._question = question
        self._asked = question.asked
        self._places = places
        self._reaches = reaches
        self._in_time = in_time
        self._seconds = int(question.now.timestamp())
        self._unreachable: list[str] = []

    def page(self) -> SearchResult:
        """Walk outwards until the page is full, the circle is done, or it has taken too long."""
        found: list[Found] = []
        looked_at = 0
        chunks = self._chunks()

        def result(next_place: Place | None) -> SearchResult:
            return SearchResult(tuple(found), next_place, tuple(self._unreachable), looked_at)

        for chunk in chunks:
            for at, (place, listed) in enumerate(chunk, 1):
                looked_at += 1
                answer = self._examine(listed, place.distance_m)
                if answer is not None:
                    found.append(answer)
                if len(found) == self._asked.page_size:
                    more = at < len(chunk) or next(chunks, None) is not None
                    return result(place if more else None)
            if looked_at >= MOST_LOOKED_AT or not self._in_time():
                return result(chunk[-1][0])
        return result(None)

    # --- Nearest first -----------------------------------------------------------------------------------------

    def _chunks(self) -> Iterator[list[tuple[Place, Listed]]]:
        """Read banks in the order of the answer, some at a time."""
        after = self._asked.after
        for ring in self._rings():
            for near in _together(ring):
                distances = {each.id: distance for distance, each in near}
                listed = self._places.listed(distances)
                chunk = sorted((Place(distances[each.id], str(each.bank.name)), each) for each in listed)
                chunk = [pair for pair in chunk if after is None or pair[0] > after]
                if chunk:
                    yield chunk

    def _rings(self) -> Iterator[list[tuple[int, Near]]]:
        """Name what stands in each ring, with its distance in whole metres, nearest first."""
        centre, radius_m = self._asked.position, self._asked.radius_m
        # At the distance of the last place there may be more, by name.
        inner = -1 if self._asked.after is None else self._asked.after.distance_m - 1
        outer = FIRST_RING_M
        while inner < radius_m:
            while outer <= inner:
                outer *= 2
            outer = min(outer, radius_m)
            ring = []
            for box in boxes_around(centre, outer):
                for near in self._places.within(box):
                    distance = round(centre.distance_m(near.position))
                    if inner < distance <= outer:
                        ring.append((distance, near))
            ring.sort()
            yield ring
            inner = outer
            outer *= 2

    # --- One bank ----------------------------------------------------------------------------------------------

    def _examine(self, listed: Listed, distance_m: int) -> Found | None:
        """Give the bank if it would take the parcels; ``None`` leaves it out."""
        bank, asked, question = listed.bank, self._asked, self._question
        if bank.hand_over is not asked.hand_over:
            return None
        calendar = bank.calendar(_zone(bank.time_zone))
        if asked.open_at is not None and not calendar.open_at(asked.open_at):
            return None
        stay = collect_for(asked.collect_for, default=bank.terms.default_collect_for)
        end = commitment_end(question.window, stay, bank.terms.recall_time, calendar)
        ask = Ask(
            carrier=asked.viewer.party,
            window=question.window,
            commitment_end=end,
            parcels=question.parcels,
            collector=asked.collector,
            collector_fields=asked.collector_fields,
            inputs=asked.inputs,
        )
        reach = self._reaches(bank.name)
        seen = seen_by(bank, asked.viewer)
        refusal = eligible(seen, ask, calendar=calendar, last_heard_time=reach.last_heard_time, now=question.now)
        if refusal is not None:
            return None
        span = Span(int(question.window.start.timestamp()), -int(-end.timestamp() // 1))
        try:
            rooms = tuple(self._rooms(listed, span, reach, counted=knows_numbers(bank, asked.viewer)))
        except _OutOfTime:
            self._unreachable.append(str(bank.name))
            return None
        without_room = all(room.availability is Availability.NONE for room in rooms)
        if not rooms or (without_room and not asked.include_full):
            return None
        return Found(bank, distance_m, rooms)

    def _rooms(self, listed: Listed, span: Span, reach: Reach, *, counted: bool) -> Iterator[Room]:
        """Say what room there is.

        Raises:
            _OutOfTime: It would have to be counted, and there is no time left.
        """
        question = self._question
        held = holds(listed.summary, self._seconds)
        plan = None if held else self._plan(listed)
        kinds = kinds_for_sale(listed.summary) if plan is None else kinds_of(plan)
        for wish in wishes(question.need, kinds, class_said=question.class_said):
            room = room_in(listed.summary, wish, span, counted=counted) if held else None
            if room is None:
                plan = plan or self._plan(listed)
                room = room_of(plan, wish, span, linked=reach.connected, counted=counted)
            yield room

    def _plan(self, listed: Listed) -> Plan:
        if not self._in_time():
            raise _OutOfTime
        return self._places.plan(listed.bank.name, self._seconds)


class _OutOfTime(Exception):
    """There is no time left to count a bank's commitments."""


def _together(ring: list[tuple[int, Near]]) -> Iterator[list[tuple[int, Near]]]:
    """Cut a ring into pieces to be read together, never between two at one distance: names decide their order."""
    piece: list[tuple[int, Near]] = []
    for _, same in groupby(ring, key=lambda each: each[0]):
        piece += same
        if len(piece) >= AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


def knows_numbers(bank: Bank, viewer: Viewer) -> bool:
    """Say whether the caller is told how many are free: the bank's operator and the network owner are (CAP-12)."""
    return viewer.party == bank.operator or viewer.network_owner


def seen_by(bank: Bank, viewer: Viewer) -> Bank:
    """Give the bank as the rule of who may book it counts for the caller.

    What its operator or the network owner asks is whether a carrier that may book it could, so for them all may. Who is
    no carrier may book nothing, so finds nothing (BNK-24).
    """
    if knows_numbers(bank, viewer):
        return replace(bank, bookable_by=_ALL)
    if Role.CARRIER not in viewer.roles:
        return replace(bank, bookable_by=_NONE)
    return bank


_ALL: Final = BookableBy(BookableByMode.ALL)
_NONE: Final = BookableBy(BookableByMode.NONE)


@lru_cache(maxsize=1_024)
def _zone(name: str) -> ZoneInfo:
    """The zone of a name; the zone database has a few hundred."""
    return ZoneInfo(name)
